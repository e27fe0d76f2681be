import {
  type ConnectionRecord,
  type ConnectionSnapshot,
  createConnectionReader,
  createConnectionRecord,
  type PropertyReader,
  type ReadOptions,
} from './connection-record.ts';
import { acquireLease, type Lease, type LeaseHolder, type LeaseOptions } from './lease.ts';
import type { Shard } from './record.ts';

export interface OpenOptions extends LeaseOptions, Pick<ReadOptions, 'secretHash' | 'runnerVersion'> {}

export type OpenOutcome =
  | {
      readonly kind: 'opened';
      readonly snapshot: ConnectionSnapshot;
      readonly lease: Lease;
      /** For the run's own writes. */
      readonly record: ConnectionRecord;
    }
  | { readonly kind: 'held'; readonly holder: LeaseHolder };

/**
 * Opens a connection for a run that writes: lease first, and the listing that the lease needs serves the record, too. Of
 * the 8 control requests of an idle cycle (I4) it costs five: put lease, list, get initiator, accept and run; one more
 * where the time is not known yet. Putting `.run` and releasing the lease make seven, or eight.
 *
 * The caller releases the lease; if this throws, nothing is held.
 *
 * @throws SallyportError as `acquireLease` and `ConnectionReader.read` do.
 */
export async function openConnection(options: OpenOptions): Promise<OpenOutcome> {
  const outcome = await acquireLease(options);
  if (outcome.kind === 'held') return outcome;
  const { lease, keys } = outcome;
  const record = createConnectionRecord(options.store, options.connectionId, options.shard);
  try {
    const { secretHash, runnerVersion } = options;
    return { kind: 'opened', snapshot: await record.read({ keys, secretHash, runnerVersion }), lease, record };
  } catch (error) {
    // What the record said is the news; a lease that cannot be given back ends by itself.
    await lease.release({ isDone: false }).catch(() => undefined);
    throw error;
  }
}

/**
 * Reads a connection without lease or write, for `status`, `doctor` and dry runs: four requests at rest.
 *
 * @throws SallyportError as `ConnectionReader.read` does.
 */
export async function readConnection(
  store: PropertyReader,
  connectionId: string,
  options: Pick<ReadOptions, 'secretHash' | 'runnerVersion'> & { readonly shard?: Shard | undefined } = {},
): Promise<ConnectionSnapshot> {
  return createConnectionReader(store, connectionId, options.shard).read(options);
}
