import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { expiryFacts, expiryNotices } from '../report/expiry-text.ts';
import type { Outcome } from '../report/outcome.ts';
import type { StateView } from '../report/status-report.ts';
import { cardOf } from './card.ts';
import { timeOf } from './connect.ts';
import { openPublicDoor } from './public-door.ts';
import type { PublicDoor } from './public-door.ts';
import type { Runtime } from './runtime.ts';
import { keeperOf } from './state-keeper.ts';
import { tokenTimes } from './token-expiry.ts';
import { problemRows, stateView } from './state-view.ts';

type StatusOutcome = Extract<Outcome, { kind: 'status' }>;

/**
 * What the record tells of a connection, and, where the runner's state can be read, its single twins. Reads only, and needs
 * no private tracker: the public side sees the health of a runner that it cannot reach.
 *
 * @throws SallyportError as `openPublicDoor` and the record do.
 */
export async function status(config: Config, runtime: Runtime): Promise<StatusOutcome> {
  const door = await openPublicDoor(config, runtime);
  const snapshot = await door.record.read({ secretHash: door.secretHash, runnerVersion: runtime.version, evenRevoked: true });
  const now = timeOf(door);
  const { view, isPublic } = await stateOf(config, runtime, { door, snapshot, now });
  const { run } = snapshot;
  const budgets = run?.health?.budgets;
  return {
    kind: 'status',
    card: cardOf(door.connectionId, snapshot),
    detail: isPublic ? 'ids' : config.detail,
    facts: [...factsOf(snapshot, now), ...expiryFacts(run?.tokensExpireAt ?? {})],
    counts: run?.health && { twins: run.health.twins, retry: run.health.retry, parked: run.health.parked },
    problems: problemRows(run?.health?.problems ?? [], { siteUrl: snapshot.initiator.siteUrl, view }).toReversed(),
    cycles: (run?.cycles ?? []).toReversed(),
    budgets: (['public', 'private'] as const).flatMap((side) => {
      const budget = budgets?.[side];
      return budget === undefined ? [] : [{ side, ...budget }];
    }),
    state: view,
    notices: expiryNotices(
      run?.tokensExpireAt ?? tokenTimes(config, { connected: door.connected, initiator: snapshot.initiator }),
      now,
    ),
    stale: staleness(snapshot, { now, maxAgeMs: config.health.maxAgeMs }),
  };
}

const minuteMs = 60_000;

function ageText(durationMs: number): string {
  const minutes = Math.floor(durationMs / minuteMs);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / (24 * 60))} days`;
}

/** Why the newest committed cycle is too old; a paused connection and one that never ran count alike. */
function staleness(
  snapshot: ConnectionSnapshot,
  wanted: { readonly now: number; readonly maxAgeMs: number | undefined },
): string | undefined {
  const { now, maxAgeMs } = wanted;
  if (maxAgeMs === undefined) return undefined;
  const { accept, initiator, run } = snapshot;
  const at = run?.committedAt;
  if (at !== undefined && now - at <= maxAgeMs) return undefined;
  const found = at === undefined ? 'No cycle has committed yet' : `No cycle has committed for ${ageText(now - at)}`;
  const isPaused = initiator.paused || accept?.paused === true;
  const next =
    accept === undefined
      ? 'the invitation waits to be accepted.'
      : isPaused
        ? 'the connection is paused; run activate to go on.'
        : "look at the runner's last runs, or run doctor there.";
  return `${found} (max-age ${ageText(maxAgeMs)}): ${next}`;
}

async function stateOf(
  config: Config,
  runtime: Runtime,
  parts: { readonly door: PublicDoor; readonly snapshot: ConnectionSnapshot; readonly now: number },
): Promise<{ readonly view: StateView; readonly isPublic: boolean }> {
  const unread = (reason: string) => ({ view: { kind: 'unread' as const, reason }, isPublic: false });
  const { connected } = parts.door;
  if (connected === undefined) return unread('that takes the invitation code, on the runner that has the state.');
  if (config.sync.state === 'cache' && !runtime.inWorkflow) {
    return unread('the state lies in the Actions cache. Run status in the workflow, or give the directory of the state (state).');
  }
  const kept = await keeperOf(config, runtime, { connected, initiator: parts.snapshot.initiator }).load(
    parts.snapshot,
    parts.now,
  );
  if (kept.start.kind === 'resumed')
    return { view: stateView(kept.start.state), isPublic: kept.facts !== undefined && !kept.facts.isPrivate };
  const reason = kept.start.kind === 'rebuilt' ? kept.start.reason : 'no cycle has run yet';
  return unread(`${reason}. Run status where sync runs, with the same state.`);
}

function factsOf(snapshot: ConnectionSnapshot, now: number): readonly { name: string; value: string }[] {
  const { initiator, accept, run } = snapshot;
  const at = run?.committedAt;
  const committed = at === undefined ? 'never' : `${new Date(at).toISOString()} (${ageText(Math.max(0, now - at))} ago)`;
  return [
    { name: 'mode, type', value: `${initiator.mode}, ${initiator.type}` },
    { name: 'public side', value: initiator.paused ? 'paused' : 'running' },
    { name: 'private side', value: accept === undefined ? 'not accepted' : accept.paused ? 'paused' : 'running' },
    ...(accept === undefined ? [] : [{ name: 'tracker', value: accept.tracker }]),
    { name: 'trigger', value: initiator.trigger },
    { name: 'default type', value: initiator.defaultTypeName ?? 'Task, else the first type' },
    { name: 'account', value: initiator.accountName },
    { name: 'last committed cycle', value: committed },
  ];
}
