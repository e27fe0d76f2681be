import { SallyportError } from '../errors.ts';
import type { PropertyStore } from './property-store.ts';
import { newerFormatOf, parseRecord, recordIfWhole } from './record-checks.ts';
import { leaseKeyOf, parseLeaseKey, recordKeysOf } from './record-keys.ts';
import { type LeaseRecord, leaseRecordSchema, recordFormat, type Shard } from './record.ts';

/**
 * A lease counts as dead only this long after its end: `Date` headers have whole seconds, and a site is served by several
 * machines whose clocks differ a little.
 */
export const leaseGraceMs = 5000;

/** No run takes a lease for so long: one that claims to end later is damaged, and would stop the connection for good. */
const leaseDurationMsMax = 24 * 60 * 60 * 1000;

export interface LeaseOptions {
  readonly store: PropertyStore;
  readonly connectionId: string;
  /** New for every run: letters and digits, no dots. */
  readonly nonce: string;
  /**
   * Connection time in epoch milliseconds: the public server's `Date`, carried on by the gateway (`Gateway.serverTime`). It
   * is undefined until the first answer; then one extra listing of the keys comes first, to learn the time.
   */
  readonly now: () => number | undefined;
  /** How long the lease lives without renewal. */
  readonly durationMs: number;
  readonly shard?: Shard | undefined;
}

/**
 * The right to run a connection (or one shard). It is advisory: a holder that hangs between `isLive` and its write may
 * overlap with the next one for that one request; markers and intents keep I2 then (sync-model.md).
 */
export interface Lease {
  readonly nonce: string;
  /** When it ends unless renewed, connection time. */
  readonly deadline: number;
  /**
   * Another run's lease was found that had ended without being released: that run died in the middle of something, or an error
   * ended it after it had begun to write.
   */
  readonly foundDead: boolean;
  /** Still held for at least so many milliseconds: asked before every batch of writes with the longest request's time. */
  isLive(marginMs: number): boolean;
  /**
   * Renews when less than half of the duration remains, else costs nothing. Calls at the same time share one renewal.
   *
   * @throws SallyportError `inactive` if it had ended before the renewal arrived: somebody else may hold it by now.
   */
  renew(): Promise<void>;
  /**
   * Gives it back; a second call does nothing. Where the run is done, what dead runs may have left was looked up, so their
   * leases go, too. Where it is not, they stay for the next run; and if this one began to write (`renew`), its own stands in
   * their place, as ended: the next run is to look up what this one may have left.
   */
  release(run: { readonly isDone: boolean }): Promise<void>;
}

/** Who holds the connection instead. */
export interface LeaseHolder {
  readonly nonce: string;
  readonly shard: Shard | undefined;
  readonly acquiredAt: number;
  readonly expiresAt: number;
}

export type LeaseOutcome =
  /** `keys`: all of the connection's keys, as listed after the lease was written. */
  | { readonly kind: 'acquired'; readonly lease: Lease; readonly keys: readonly string[] }
  | { readonly kind: 'held'; readonly holder: LeaseHolder };

/**
 * Takes the lease: writes its own key, **then** lists the keys. Of two runs at least one sees the other, so never both
 * hold it; it may happen that both withdraw, so a retry waits a random time. Two requests, and one more for each lease
 * of a dead run.
 *
 * @throws SallyportError `passing` if the listing does not show the lease just written, or took longer than the lease
 * lives; `answer` if the server tells no time; `configuration` if a newer Sallyport holds a lease.
 */
export async function acquireLease(options: LeaseOptions): Promise<LeaseOutcome> {
  const { store, connectionId, nonce, shard } = options;
  const key = leaseKeyOf(connectionId, nonce, shard);
  if (parseLeaseKey(connectionId, key)?.nonce !== nonce) throw new RangeError('a nonce is not empty and has no dots');
  if (options.now() === undefined) await store.keys(recordKeysOf(connectionId).initiator);
  const acquiredAt = timeOf(options);
  const expiresAt = acquiredAt + options.durationMs;
  try {
    await store.put(key, { format: recordFormat, acquiredAt, expiresAt } satisfies LeaseRecord);
    const keys = await store.keys(recordKeysOf(connectionId).initiator);
    const rivals = await readRivals(options, keys, key);
    if (rivals.holder !== undefined) {
      await store.delete(key);
      return { kind: 'held', holder: rivals.holder };
    }
    if (timeOf(options) >= expiresAt) throw unusable('taking it lasted longer than it lives');
    const lease = createLease(options, { key, acquiredAt, expiresAt, dead: rivals.dead });
    return { kind: 'acquired', lease, keys: keys.filter((listed) => !rivals.dead.includes(listed)) };
  } catch (error) {
    // Without this the next run would have to wait until the lease ends. It is a courtesy: the first error is the one to show.
    await store.delete(key).catch(() => undefined);
    throw error;
  }
}

/** The live lease that stands in the way, if any, and the keys of those that ended unreleased. */
async function readRivals(
  options: LeaseOptions,
  keys: readonly string[],
  ownKey: string,
): Promise<{ readonly holder: LeaseHolder | undefined; readonly dead: readonly string[] }> {
  // A listing that lags behind the write would also hide a rival's.
  if (!keys.includes(ownKey)) throw unusable('Jira does not list it after it was written');
  const dead: string[] = [];
  for (const key of keys) {
    const parsed = parseLeaseKey(options.connectionId, key);
    if (key === ownKey || parsed === undefined || !sharesWork(options.shard, parsed.shard)) continue;
    const value = await options.store.get(key);
    // Released since it was listed.
    if (value === undefined) continue;
    const record = readLease(key, value);
    const remainingMs = record === undefined ? 0 : record.expiresAt + leaseGraceMs - timeOf(options);
    if (record !== undefined && remainingMs > 0 && remainingMs <= leaseDurationMsMax) {
      return { holder: { ...parsed, acquiredAt: record.acquiredAt, expiresAt: record.expiresAt }, dead };
    }
    dead.push(key);
  }
  return { holder: undefined, dead };
}

/** Two shards of the same division never touch the same twin; any other two runs may. */
function sharesWork(own: Shard | undefined, other: Shard | undefined): boolean {
  if (own === undefined || other === undefined || own.total !== other.total) return true;
  return own.index === other.index;
}

/** A damaged lease (only a newer format is an error) is nobody's: only runs write these keys, and always whole. */
function readLease(key: string, value: unknown): LeaseRecord | undefined {
  return newerFormatOf(value) === undefined
    ? recordIfWhole(leaseRecordSchema, value)
    : parseRecord(leaseRecordSchema, key, value);
}

interface Held {
  readonly key: string;
  readonly acquiredAt: number;
  readonly expiresAt: number;
  /** The keys of dead runs' leases. */
  readonly dead: readonly string[];
}

function createLease(options: LeaseOptions, held: Held): Lease {
  const { store, durationMs } = options;
  let deadline = held.expiresAt;
  let state: 'held' | 'lost' | 'released' = 'held';
  let renewal: Promise<void> | undefined;
  let isUsed = false;

  const extend = async (): Promise<void> => {
    const before = timeOf(options);
    if (state !== 'held' || before >= deadline) throw lost();
    if (deadline - before >= durationMs / 2) return;
    const expiresAt = before + durationMs;
    await store.put(held.key, { format: recordFormat, acquiredAt: held.acquiredAt, expiresAt } satisfies LeaseRecord);
    if (timeOf(options) < deadline) {
      deadline = expiresAt;
      return;
    }
    // The write may have arrived after somebody found the old lease dead and took over: it must not revive ours.
    state = 'lost';
    await store.delete(held.key);
    throw lost();
  };

  return {
    nonce: options.nonce,
    foundDead: held.dead.length > 0,
    get deadline() {
      return deadline;
    },
    isLive: (marginMs) => state === 'held' && timeOf(options) + marginMs < deadline,
    renew: () => {
      isUsed = true;
      renewal ??= extend().finally(() => {
        renewal = undefined;
      });
      return renewal;
    },
    release: async ({ isDone }) => {
      if (state === 'released') return;
      // A renewal on its way would write the key again after it was deleted.
      await renewal?.catch(() => undefined);
      const isUnfinished = !isDone && isUsed && state === 'held';
      state = 'released';
      // Over for everybody, whatever a second or two of another clock say.
      const ended = held.acquiredAt - 2 * leaseGraceMs;
      if (isUnfinished)
        await store.put(held.key, { format: recordFormat, acquiredAt: held.acquiredAt, expiresAt: ended } satisfies LeaseRecord);
      // Housekeeping: what cannot be deleted now is found dead again by the next run, so nothing is lost by going on.
      if (isDone || isUnfinished) for (const dead of held.dead) await store.delete(dead).catch(() => undefined);
      if (!isUnfinished) await store.delete(held.key);
    },
  };
}

function timeOf(options: LeaseOptions): number {
  const time = options.now();
  if (time !== undefined) return time;
  throw new SallyportError(
    `lease of connection ${options.connectionId}: Jira's answers carry no Date header, so there is no common time; look for a ` +
      'proxy that removes it',
    { kind: 'answer' },
  );
}

function unusable(reason: string): SallyportError {
  return new SallyportError(`lease: ${reason}; nothing was done, the next run tries again`, { kind: 'passing' });
}

function lost(): SallyportError {
  return new SallyportError('lease: it ended before it could be renewed, another run may hold it by now; this run stops here', {
    kind: 'inactive',
  });
}

/** The notice for a run that finds the connection held (exit code 4). Times are shown in UTC. */
export function heldError(connectionId: string, holder: LeaseHolder): SallyportError {
  const part = holder.shard === undefined ? '' : ` (shard ${holder.shard.index}/${holder.shard.total})`;
  return new SallyportError(
    `connection ${connectionId}: another run holds it${part} since ${new Date(holder.acquiredAt).toISOString()}, at most until ` +
      `${new Date(holder.expiresAt).toISOString()}; nothing was done, the next run goes on`,
    { kind: 'inactive' },
  );
}
