import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { withNewest } from '../connection/problems.ts';
import { statusOf } from '../connection/status.ts';
import { checkNotRemoving } from '../connection/record-checks.ts';
import type { AcceptRecord } from '../connection/record.ts';
import type { Journal } from '../cycle/journal.ts';
import { runCycle } from '../cycle/run-cycle.ts';
import { SallyportError, kindOf } from '../errors.ts';
import { expiryNotices } from '../report/expiry-text.ts';
import type { ConnectionCard, CycleReport } from '../report/outcome.ts';
import { acceptDestination, requireReady } from './accept.ts';
import { cardOf } from './card.ts';
import { commit, noteStopped, stopProblem } from './commit.ts';
import { timeOf } from './connect.ts';
import type { Connected } from './connect.ts';
import { cycleOptions, cyclePorts, triggerFingerprint } from './cycle-parts.ts';
import { healthOf } from './health.ts';
import { directiveOf } from './issue-names.ts';
import { createMeter } from './meter.ts';
import { keepNotice, tellOfRevocation } from './notify.ts';
import type { Runtime } from './runtime.ts';
import { openRecord } from './open-record.ts';
import type { OpenedRecord } from './open-record.ts';
import { keeperOf } from './state-keeper.ts';
import type { Kept } from './state-keeper.ts';
import { tokenTimes } from './token-expiry.ts';
import type { TrackerFacts, TrackerToken } from './tracker.ts';
import { inspectTracker, trackerSubject, trackerToken } from './tracker.ts';
import { checkBeforeAccept } from './before-accept.ts';

/** What is known of the private tracker is asked anew after this long. */
const factsAgeMsMax = 24 * 3_600_000;

export interface SyncedOnce {
  readonly card: ConnectionCard;
  readonly report: CycleReport;
  readonly notices: readonly string[];
  readonly isPublicDestination: boolean;
}

/** What the cycles of one run share. */
export interface SyncParts {
  readonly connected: Connected;
  /** The audit log, where one is kept. */
  readonly journal: Journal | undefined;
}

/** One cycle from open to commit. */
export async function syncOnce(config: Config, runtime: Runtime, parts: SyncParts): Promise<SyncedOnce> {
  const { connected } = parts;
  const startedMs = runtime.clock.monotonicMs();
  const stopMeter = createMeter(connected.gateway, connected.hosts);
  const opened = await openRecord(config, runtime, connected).catch(async (error: unknown) => {
    if (kindOf(error) === 'configuration') await tellIfRevoked(config, runtime, connected);
    throw error;
  });
  let isDone = false;
  try {
    const cycle = await planAndApply(config, runtime, { ...parts, opened }).catch(async (error: unknown) => {
      // An issue that cannot be pushed is no news for the public side: nothing was begun.
      const isRefused = directiveOf(config, connected.invitation) !== undefined && kindOf(error) === 'configuration';
      if (opened.lease !== undefined && !isRefused)
        await tellOfStop(config, runtime, { connected, snapshot: opened.snapshot, error });
      throw error;
    });
    const { end, facts, snapshot } = cycle;
    const requests = stopMeter();
    const tokens = tokenTimes(config, { connected, initiator: snapshot.initiator });
    const notices = expiryNotices(tokens, timeOf(connected));
    if (opened.lease !== undefined) {
      const { gateway, hosts } = connected;
      const health = healthOf(snapshot.run?.health, end, { now: timeOf(connected), gateway, hosts });
      const notice = await keepNotice(config, runtime, { connected, snapshot, problems: health.problems, tokens });
      await commit(runtime, {
        lease: opened.lease,
        connected,
        ...cycle,
        requests: requests.public + requests.private,
        durationMs: runtime.clock.monotonicMs() - startedMs,
        triggerFingerprint: triggerFingerprint(config, snapshot),
        health,
        notice,
        tokens,
      });
    }
    isDone = true;
    return {
      card: cardOf(connected.invitation.connectionId, snapshot),
      isPublicDestination: !facts.isPrivate,
      notices,
      report: {
        result: end.result,
        requests: { ...requests, control: stopMeter().control + (opened.lease === undefined ? 0 : 1) },
        durationMs: runtime.clock.monotonicMs() - startedMs,
        budgets: budgetsOf(connected),
      },
    };
  } finally {
    // A lease that cannot be given back ends by itself; the cycle's own outcome is the news.
    await opened.lease?.release({ isDone }).catch(() => undefined);
  }
}

/** Everything between opening a connection and committing its cycle. */
async function planAndApply(config: Config, runtime: Runtime, parts: SyncParts & { readonly opened: OpenedRecord }) {
  const { connected, opened, journal } = parts;
  const now = timeOf(connected);
  const keeper = keeperOf(config, runtime, { connected, initiator: opened.snapshot.initiator });
  const kept = await keeper.load(opened.snapshot, now);
  const access = trackerToken(config, { gateway: connected.gateway, mask: runtime.mask });
  const found = await factsOf(config, connected, { kept, access, now });
  const snapshot = await accepted(config, connected, { opened, access, facts: found, now });
  const facts = asAccepted(found, snapshot.accept, kept.facts);
  const ports = cyclePorts(config, runtime, { connected, snapshot, lease: opened.lease, access, facts, journal });
  const options = cycleOptions(config, runtime, { connected, snapshot, facts, now });
  return { keeper, kept, facts, snapshot, options, end: await runCycle(ports, options, kept.start) };
}

/** What the record and the notice say of a cycle that an error ended, or that found the connection paused. */
async function tellOfStop(
  config: Config,
  runtime: Runtime,
  stop: { readonly connected: Connected; readonly snapshot: ConnectionSnapshot; readonly error: unknown },
): Promise<void> {
  const { connected, snapshot, error } = stop;
  const { run, initiator } = snapshot;
  const now = timeOf(connected);
  const open = run?.health?.problems ?? [];
  const tokens = tokenTimes(config, { connected, initiator });
  if (statusOf(snapshot) === 'Deactivated') {
    const paused = initiator.paused ? 'public' : 'private';
    const notice = await keepNotice(config, runtime, { connected, snapshot, problems: open, paused, tokens });
    // A note that fails is tried again by the next run.
    if (run !== undefined && notice !== undefined && notice !== run.notice)
      await connected.record.runner.writeRun({ ...run, notice }).catch(() => undefined);
    return;
  }
  // A lost lease: somebody else runs, and writes the record.
  if (kindOf(error) === 'inactive') return;
  const problem = stopProblem(error, now);
  const problems = withNewest(open, [problem]);
  const notice = await keepNotice(config, runtime, { connected, snapshot, problems, tokens });
  await noteStopped(connected, snapshot, { now, problem, notice });
}

/** A record that was refused is read once more, for its notice, where there can be one. */
async function tellIfRevoked(config: Config, runtime: Runtime, connected: Connected): Promise<void> {
  if (config.health.notify === undefined || config.sync.dryRun) return;
  // Whatever else is wrong with the record was said by the refusal itself.
  const snapshot = await connected.record.read({ secretHash: connected.secretHash, evenRevoked: true }).catch(() => undefined);
  if (snapshot?.initiator.revokedAt !== undefined) await tellOfRevocation(config, runtime, { connected, snapshot });
}

/** Facts kept with the state, if they are about this tracker and not old; else it is looked at again. */
async function factsOf(
  config: Config,
  connected: Connected,
  parts: { readonly kept: Kept; readonly access: TrackerToken; readonly now: number },
): Promise<TrackerFacts> {
  const { kept, access, now } = parts;
  const known = kept.facts;
  if (known !== undefined && known.subject === trackerSubject(config) && now - known.at < factsAgeMsMax) {
    return requireReady(config, { checks: [], facts: known });
  }
  return requireReady(config, await inspectTracker(config, { gateway: connected.gateway, access, now }));
}

/**
 * What stands for types on GitHub is what stood for them when the destination was accepted, or in the last cycle: where an
 * organisation gets issue types, or its list cannot be read for a day, every type would read as edited (I3).
 */
function asAccepted(facts: TrackerFacts, accept: AcceptRecord | undefined, known: TrackerFacts | undefined): TrackerFacts {
  if (facts.kind !== 'github') return facts;
  const isKnown = known?.kind === 'github' && known.repositoryId === facts.repositoryId;
  return { ...facts, types: accept?.types ?? (isKnown ? known.types : facts.types) };
}

/**
 * A Pending connection is accepted, so that a scheduled workflow with the code in a secret is all it takes; a dry run plans
 * it as if accepted.
 */
async function accepted(
  config: Config,
  connected: Connected,
  parts: { readonly opened: OpenedRecord; readonly access: TrackerToken; readonly facts: TrackerFacts; readonly now: number },
): Promise<ConnectionSnapshot> {
  const { snapshot } = parts.opened;
  checkNotRemoving(snapshot.initiator.name, snapshot.accept);
  if (statusOf(snapshot) === 'Deactivated') {
    throw new SallyportError(
      `The connection ${snapshot.initiator.name} is paused; nothing was done. Changes made meanwhile are synced after activate (side: ${snapshot.initiator.paused ? 'public' : 'private'}).`,
      { kind: 'inactive' },
    );
  }
  if (config.sync.dryRun && snapshot.accept === undefined) return snapshot;
  if (snapshot.accept === undefined) await checkBeforeAccept(config, { ...parts, connected, snapshot });
  const accept: AcceptRecord = await acceptDestination(connected, { snapshot, facts: parts.facts, now: parts.now });
  return { ...snapshot, accept };
}

function budgetsOf(connected: Connected): CycleReport['budgets'] {
  return [...connected.hosts.public, ...connected.hosts.private].flatMap((host) => {
    const budget = connected.gateway.rateBudget(host);
    return budget === undefined ? [] : [{ host, limit: budget.limit, remaining: budget.remaining }];
  });
}
