import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import type { AskedEntry, CycleEntry, Health, Notice, Problem, RunRecord, UnreadEntry } from '../connection/record.ts';
import { askedMax, recordFormat, unreadMax } from '../connection/record.ts';
import { withNewest } from '../connection/problems.ts';
import { addCycle, addRemovals } from '../connection/run-history.ts';
import type { CycleOptions } from '../cycle/ports.ts';
import { isOpen } from '../cycle/dead-run.ts';
import type { CycleEnd } from '../cycle/run-cycle.ts';
import type { State } from '../cycle/state.ts';
import { kindOf } from '../errors.ts';
import { commitLists } from './commit-lists.ts';
import { intentRecordOf } from './intents.ts';
import { timeOf } from './connect.ts';
import type { Connected } from './connect.ts';
import type { Runtime } from './runtime.ts';
import { tokensForRecord } from './token-expiry.ts';
import type { Lease } from '../connection/lease.ts';
import type { TokenTimes } from './token-expiry.ts';
import type { createStateKeeper, Kept } from './state-keeper.ts';
import type { TrackerFacts } from './tracker.ts';

/** A state that differs in cursors alone is saved again after this long, so that listings do not reach back ever further. */
const cursorAgeMsMax = 3_600_000;

interface Commit {
  readonly lease: Lease;
  readonly connected: Connected;
  readonly snapshot: ConnectionSnapshot;
  readonly keeper: ReturnType<typeof createStateKeeper>;
  readonly kept: Kept;
  readonly facts: TrackerFacts;
  readonly end: CycleEnd;
  readonly options: CycleOptions;
  readonly requests: number;
  readonly durationMs: number;
  readonly triggerFingerprint: string;
  readonly health: Health;
  readonly notice: Notice | undefined;
  readonly tokens: TokenTimes;
}

/**
 * Ended twins, state, then its id in the record: in this order, so that whatever a crash leaves is either whole or rebuilt.
 *
 * @throws SallyportError `inactive` where the lease is over: another run may have committed meanwhile, and an older state in
 * place of its own would not know the copies that it made (I2). The stamps tell the next run what this one did.
 */
export async function commit(runtime: Runtime, parts: Commit): Promise<void> {
  const { connected, snapshot, end } = parts;
  const { runner } = connected.record;
  const now = timeOf(connected);
  await parts.lease.renew();
  await commitLists(connected.record, { keys: snapshot.keys, end, now });
  const run = snapshot.run;
  const isSaved = isWorthSaving(parts, now);
  const saved = isSaved ? await parts.keeper.save({ state: end.state, facts: parts.facts }, run?.stateId) : undefined;
  if (saved?.failure !== undefined) {
    runtime.log.warn(
      `The state could not be saved (${saved.failure}); nothing is lost, the next run rebuilds it with some more requests.`,
    );
  }
  const unsure = intentRecordOf(end.unsure, parts.options.cycleId);
  if (unsure !== undefined) await runner.writeIntent(unsure);
  const next = nextRun(parts, { now, stateId: saved?.id });
  await parts.lease.renew();
  await runner.writeRun(next);
  // Last: the copies that the intent names stand in the state that was just committed. Not where a lease was found that
  // nobody gave back: a run that hung may be about to put its older record in place of this one, and the next run has to
  // look for these copies then (I2). That one clears it. Nor where this run is the one that hung: the intent that stands there
  // by now is the other's.
  const wasWritten = end.intentWritten || snapshot.intent !== undefined;
  const isOwn = !parts.lease.foundDead && parts.lease.isLive(0);
  if (unsure === undefined && wasWritten && isOwn) await runner.clearIntent();
}

/** The twins whose histories are still to be read, the oldest first, each since the last commit before its write. */
function nextUnread(state: State, before: RunRecord | undefined, { triggersSetAt }: CycleOptions): UnreadEntry[] {
  const known = new Map(before?.unread?.map(({ issue, since }) => [issue, since]));
  return state.twins
    .filter(isOpen)
    .map(({ base }) => ({ issue: base.ids.public, since: known.get(base.ids.public) ?? before?.committedAt ?? triggersSetAt }))
    .toSorted((a, b) => a.since - b.since)
    .slice(0, unreadMax);
}

/** The issues that somebody asked for and that wait for their copies, the oldest first: a lost state would forget them. */
function nextAsked({ retry, twins }: State): AskedEntry[] {
  return retry
    .filter(({ asked, side, id }) => asked === true && !twins.some(({ base }) => base.ids[side] === id))
    .map(({ side, id, since }) => ({ side, issue: id, since }))
    .toSorted((a, b) => a.since - b.since)
    .slice(0, askedMax);
}

/** Everything but cursors and what listings show again by themselves. */
function essence(state: State): string {
  return JSON.stringify({ ...state, cursors: undefined, seen: undefined });
}

function isWorthSaving(parts: Commit, now: number): boolean {
  const { kept, end, snapshot } = parts;
  if (kept.start.kind !== 'resumed' || snapshot.run?.stateId === undefined) return true;
  if (kept.facts?.at !== parts.facts.at) return true;
  // It may still be sealed under the key before.
  if (parts.options.directive?.kind === 'resign') return true;
  if (essence(kept.start.state) !== essence(end.state)) return true;
  return now - (snapshot.run.resumeFrom ?? 0) > cursorAgeMsMax;
}

function nextRun(parts: Commit, commit: { now: number; stateId: string | undefined }): RunRecord {
  const { snapshot, end, options } = parts;
  const { now, stateId } = commit;
  const before = snapshot.run;
  const removals =
    end.removals === 0 ? (before?.removals ?? []) : addRemovals(before?.removals ?? [], { now, count: end.removals });
  const oldestPending = Math.min(...end.state.retry.map((entry) => entry.since), parts.end.observedAt);
  return {
    ...before,
    format: recordFormat,
    ...(stateId === undefined ? {} : { stateId, ...(before?.stateId === undefined ? {} : { parentStateId: before.stateId }) }),
    committedAt: now,
    unread: nextUnread(end.state, before, options),
    asked: nextAsked(end.state),
    // The cursors that count are those of the saved state; without it observing resumes here.
    resumeFrom: stateId === undefined && before !== undefined ? before.resumeFrom : oldestPending,
    removals: [...removals],
    ...permissionsOf(before?.permissionsSeen, end.permissionsSeen),
    cycles: addCycle(before?.cycles ?? [], entryOf(end, { now, requests: parts.requests, durationMs: parts.durationMs })),
    health: parts.health,
    tokensExpireAt: tokensForRecord(parts.tokens),
    ...(parts.notice === undefined ? {} : { notice: parts.notice }),
    ...(options.backfill && isBackfilled(end.state) ? { backfilledTrigger: parts.triggerFingerprint } : {}),
  };
}

/**
 * Issues that were left for the next cycle stand in the state alone, which may be lost: as long as one waits for its first try,
 * the next run lists them again. What failed is tried less and less often, and is not worth a listing each time.
 */
function isBackfilled({ retry, twins }: State): boolean {
  return retry.every(({ side, id, attempts }) => attempts > 0 || twins.some(({ base }) => base.ids[side] === id));
}

/** Permissions read in this cycle in place of those that the record holds. */
function permissionsOf(
  before: RunRecord['permissionsSeen'],
  read: CycleEnd['permissionsSeen'],
): Pick<RunRecord, 'permissionsSeen'> {
  const all = { public: read.public ?? before?.public, private: read.private ?? before?.private };
  if (all.public === undefined || all.private === undefined) return {};
  return { permissionsSeen: { public: [...all.public], private: [...all.private] } };
}

function entryOf(end: CycleEnd, cycle: { now: number; requests: number; durationMs: number }): CycleEntry {
  const { result } = end;
  const count = (action: 'created' | 'updated' | 'removed'): number =>
    result.changes.filter((change) => change.action === action).length;
  return {
    at: cycle.now,
    outcome: result.guard !== undefined ? 'guard' : result.failures.length > 0 ? 'failed' : 'done',
    created: count('created'),
    updated: count('updated'),
    removed: count('removed'),
    conflicts: result.conflicts.filter((conflict) => conflict.outcome !== 'merged').length,
    failed: result.failures.length,
    requests: cycle.requests,
    durationMs: Math.max(0, Math.round(cycle.durationMs)),
  };
}

/** The problem that an error is which ended a cycle. */
export function stopProblem(error: unknown, now: number): Problem {
  return { name: `stopped: ${kindOf(error)}`, at: now };
}

/** A cycle that an error ended: the public side sees it in the record, whose state and cursors stay as they were. */
export async function noteStopped(
  connected: Connected,
  snapshot: ConnectionSnapshot,
  stop: { readonly now: number; readonly problem: Problem; readonly notice: Notice | undefined },
): Promise<void> {
  const before = snapshot.run;
  if (before === undefined) return;
  const { health } = before;
  const entry: CycleEntry = {
    at: stop.now,
    outcome: 'stopped',
    created: 0,
    updated: 0,
    removed: 0,
    conflicts: 0,
    failed: 1,
    requests: 0,
  };
  // The cycle's own error is the news; this note may fail with it.
  await connected.record.runner
    .writeRun({
      ...before,
      cycles: addCycle(before.cycles, entry),
      ...(health === undefined ? {} : { health: { ...health, problems: withNewest(health.problems, [stop.problem]) } }),
      ...(stop.notice === undefined ? {} : { notice: stop.notice }),
    })
    .catch(() => undefined);
}
