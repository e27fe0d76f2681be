import type { Config } from '../config/config.ts';
import type { ConnectionSnapshot } from '../connection/connection-record.ts';
import type { Lease } from '../connection/lease.ts';
import { heldError } from '../connection/lease.ts';
import { openConnection } from '../connection/open-connection.ts';
import { recordFormat } from '../connection/record.ts';
import type { Connected } from './connect.ts';
import type { Runtime } from './runtime.ts';

/** How long a lease lives without renewal: a killed run blocks the next one no longer than this. */
export const leaseMs = 3 * 60_000;

/** A connection opened for one run: with a lease, or for reading alone. */
export interface OpenedRecord {
  readonly snapshot: ConnectionSnapshot;
  /** Undefined in a dry run, which writes nothing at all. */
  readonly lease: Lease | undefined;
}

/** Lease and record of a run that writes; the record alone of one that does not. The caller releases the lease. */
export async function openRecord(config: Config, runtime: Runtime, connected: Connected): Promise<OpenedRecord> {
  const options = { secretHash: connected.secretHash, runnerVersion: runtime.version };
  if (config.sync.dryRun) return { snapshot: await connected.record.read(options), lease: undefined };
  const outcome = await openConnection({
    ...options,
    store: connected.properties,
    connectionId: connected.invitation.connectionId,
    nonce: Buffer.from(runtime.randomBytes(9)).toString('hex'),
    now: connected.serverTime,
    durationMs: leaseMs,
  });
  if (outcome.kind === 'held') throw heldError(connected.invitation.connectionId, outcome.holder);
  try {
    return { lease: outcome.lease, snapshot: await withCodeNoted(connected, outcome.snapshot) };
  } catch (error) {
    await outcome.lease.release({ isDone: false }).catch(() => undefined);
    throw error;
  }
}

/** Before its first write a run with a reissued code says so in the record: from then on the code before is refused. */
async function withCodeNoted(connected: Connected, snapshot: ConnectionSnapshot): Promise<ConnectionSnapshot> {
  const { initiator, run } = snapshot;
  const isNewest = initiator.secretHash === connected.secretHash;
  if (initiator.previousSecretHash === undefined || !isNewest || run?.secretHash === connected.secretHash) return snapshot;
  const before = run ?? { format: recordFormat, resumeFrom: initiator.triggerSetAt, removals: [], cycles: [] };
  const noted = { ...before, secretHash: connected.secretHash };
  await connected.record.runner.writeRun(noted);
  return { ...snapshot, run: noted };
}
