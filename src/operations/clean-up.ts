import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import { clearLeftRecord, finishRemoval } from '../connection/remove-record.ts';
import { checkDestination } from '../connection/record-checks.ts';
import { recordFormat } from '../connection/record.ts';
import type { CycleOptions, CyclePorts } from '../cycle/ports.ts';
import type { Erased, Holdings } from '../cycle/holdings.ts';
import type { Journal } from '../cycle/journal.ts';
import { eraseHoldings, holdingsOf, nothingErased } from '../cycle/holdings.ts';
import type { Outcome } from '../report/outcome.ts';
import { twinMapCsv } from '../report/twin-map.ts';
import { fingerprintOf, requireReady } from './accept.ts';
import { openAuditLog } from './audit-log.ts';
import { cardOf } from './card.ts';
import type { Connected } from './connect.ts';
import { checkAccount, connect, timeOf } from './connect.ts';
import { cycleOptions, cyclePorts } from './cycle-parts.ts';
import { isByAccount } from '../config/needs.ts';
import { closeNotice } from './notify.ts';
import { openRecord } from './open-record.ts';
import type { OpenedRecord } from './open-record.ts';
import { removeRecord } from './remove-record.ts';
import type { Runtime } from './runtime.ts';
import { keeperOf } from './state-keeper.ts';
import type { Kept } from './state-keeper.ts';
import type { TrackerFacts } from './tracker.ts';
import { inspectTracker, trackerToken } from './tracker.ts';

type Cleaned = Extract<Outcome, { kind: 'cleaned' }>;

/**
 * Ends a connection for good and leaves no trace of it: status Removing, the twin map as CSV, all stamps off both sides, the
 * record last. Issues, comments and files stay. Interrupted anywhere, it is run again to the same end; what the time budget
 * leaves, too. Under `dry-run` it only tells what it would do. Without a code, by the account of the public side, it removes
 * the record alone.
 *
 * @throws SallyportError as its parts do; `inactive` while another run holds the connection
 */
export async function cleanUp(config: Config, runtime: Runtime): Promise<Outcome> {
  if (isByAccount(config)) return removeRecord(config, runtime);
  const connected = await connect(config, runtime);
  await checkAccount(config, connected);
  const left = await clearLeftRecord(connected.properties, connected.invitation.connectionId, { dryRun: config.sync.dryRun });
  if (left !== undefined) return removedBefore(config, connected);
  const log = await openAuditLog(config, runtime);
  try {
    const opened = await openRecord(config, runtime, connected);
    try {
      return await cleanOpened(config, runtime, { connected, opened, journal: log?.journal });
    } finally {
      // Its key may be gone with the record already; one that stays ends by itself.
      await opened.lease?.release({ isDone: true }).catch(() => undefined);
    }
  } finally {
    await log?.close();
  }
}

interface Work {
  readonly connected: Connected;
  readonly opened: OpenedRecord;
  /** The audit log, where one is kept. */
  readonly journal: Journal | undefined;
}

async function cleanOpened(config: Config, runtime: Runtime, work: Work): Promise<Cleaned> {
  const { connected, opened, journal } = work;
  const { snapshot } = opened;
  const card = cardOf(connected.invitation.connectionId, snapshot);
  if (snapshot.accept === undefined) {
    // Nobody ever accepted, so nothing was synced: there is only the record.
    if (!config.sync.dryRun) await endRecord(config, runtime, { connected, snapshot });
    const status = config.sync.dryRun ? card.status : 'Removed';
    return outcomeOf(config, { card: { ...card, status }, twins: 0, erased: nothingErased, mapPath: undefined, isPublic: false });
  }
  const access = trackerToken(config, { gateway: connected.gateway, mask: runtime.mask });
  const now = timeOf(connected);
  const facts = requireReady(config, await inspectTracker(config, { gateway: connected.gateway, access, now }));
  checkDestination(snapshot.accept, fingerprintOf(facts));
  const ports = cyclePorts(config, runtime, { connected, snapshot, lease: opened.lease, access, facts, journal });
  const options = cycleOptions(config, runtime, { connected, snapshot, facts, now });
  const kept = await keeperOf(config, runtime, { connected, initiator: snapshot.initiator }).load(snapshot, now);
  const holdings = await holdingsOf(ports, options, kept.start);
  const twins = holdings.map.length;
  if (opened.lease === undefined) {
    const planned = { ...nothingErased, remaining: holdings.units.length };
    return outcomeOf(config, { card, twins, erased: planned, mapPath: undefined, isPublic: !facts.isPrivate });
  }
  const marked = await beginRemoval(config, runtime, { ...work, snapshot, facts, kept, holdings, now });
  const mapPath = await writeMap(config, runtime, { connected, holdings, isPublic: !facts.isPrivate });
  const erased = await erase(connected, marked, { ports, options, holdings });
  const isDone = erased.remaining === 0 && erased.failures.length === 0;
  if (isDone) await endRecord(config, runtime, { connected, snapshot });
  const status = isDone ? 'Removed' : 'Removing';
  return outcomeOf(config, { card: { ...card, status }, twins, erased, mapPath, isPublic: !facts.isPrivate });
}

/** The notice first: the record alone knows of it. */
async function endRecord(
  config: Config,
  runtime: Runtime,
  parts: { readonly connected: Connected; readonly snapshot: ConnectionSnapshot },
): Promise<void> {
  const { connected, snapshot } = parts;
  const { connectionId } = connected.invitation;
  await closeNotice(config, runtime, { connectionId, snapshot, gateway: connected.noticeGateway });
  await finishRemoval(connected.properties, connectionId);
}

/** Status Removing. The state is saved first where it was rebuilt: stamps that are gone tell nothing to a second rebuild. */
async function beginRemoval(
  config: Config,
  runtime: Runtime,
  begun: Work & {
    readonly snapshot: ConnectionSnapshot;
    readonly facts: TrackerFacts;
    readonly kept: Kept;
    readonly holdings: Holdings;
    readonly now: number;
  },
): Promise<ConnectionSnapshot> {
  const { connected, snapshot, kept, holdings, facts, now } = begun;
  const { accept } = snapshot;
  if (accept !== undefined && accept.removing !== true)
    await connected.record.acceptor.write({ ...accept, paused: true, removing: true });
  if (kept.start.kind === 'resumed') return snapshot;
  const keeper = keeperOf(config, runtime, { connected, initiator: snapshot.initiator });
  const saved = await keeper.save({ state: holdings.state, facts }, snapshot.run?.stateId);
  if (saved.failure !== undefined) return snapshot;
  const before = snapshot.run ?? { format: recordFormat, resumeFrom: now, removals: [], cycles: [] };
  const run = { ...before, stateId: saved.id };
  await connected.record.runner.writeRun(run);
  return { ...snapshot, run };
}

async function erase(
  connected: Connected,
  snapshot: ConnectionSnapshot,
  work: { readonly ports: CyclePorts; readonly options: CycleOptions; readonly holdings: Holdings },
): Promise<Erased> {
  const { ports, options, holdings } = work;
  const done = snapshot.run?.erasedTo ?? -1;
  const units = holdings.units.filter((unit) => unit.position === undefined || unit.position > done);
  return eraseHoldings(ports, options, {
    units,
    note: async (position) => {
      if (snapshot.run === undefined || !Number.isSafeInteger(position)) return;
      await connected.record.runner.writeRun({ ...snapshot.run, erasedTo: position });
    },
  });
}

/** Written before anything is taken away; titles stay out where the report leaves them out. */
async function writeMap(
  config: Config,
  runtime: Runtime,
  map: { readonly connected: Connected; readonly holdings: Holdings; readonly isPublic: boolean },
): Promise<string> {
  const { connected, holdings, isPublic } = map;
  const given = config.twinMap;
  const path = given === '' ? runtime.pathOf(`sallyport-twins-${connected.invitation.connectionId}.csv`) : given;
  const before = await runtime.readFile(path).catch(() => '');
  const titles = config.detail === 'full' && !isPublic;
  await runtime.writeFile(path, twinMapCsv(holdings.map, { titles, before }));
  return path;
}

function outcomeOf(
  config: Config,
  parts: Pick<Cleaned, 'card' | 'twins' | 'mapPath'> & { readonly erased: Erased; readonly isPublic: boolean },
): Cleaned {
  const { card, twins, mapPath, erased, isPublic } = parts;
  return {
    kind: 'cleaned',
    card,
    dryRun: config.sync.dryRun,
    detail: isPublic ? 'ids' : config.detail,
    recordOnly: false,
    twins,
    ...erased,
    mapPath,
  };
}

/** A run that was interrupted after the initiator's key was deleted had nothing left to do but the rest of the record. */
function removedBefore(config: Config, connected: Connected): Cleaned {
  const { invitation } = connected;
  const { connectionId, name, siteUrl, project } = invitation;
  const card = {
    connectionId,
    name,
    status: 'Removed' as const,
    site: siteUrl,
    project: `${project.key} (${project.name})`,
    destination: 'unknown',
  };
  return outcomeOf(config, { card, twins: 0, erased: nothingErased, mapPath: undefined, isPublic: false });
}
