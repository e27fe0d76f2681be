import type { Shard } from './record.ts';

/** What every key of every connection's record begins with; ids have a fixed length, so none begins like another. */
export const recordKeyPrefix = 'sallyport.';

/** The keys of one connection's record (connection.md, "Record"). */
export interface RecordKeys {
  /** The initiator's own key; all others begin with it and a dot. */
  readonly initiator: string;
  readonly accept: string;
  readonly run: string;
  readonly intent: string;
  /** All leases begin with it, whatever their shard. */
  readonly leasePrefix: string;
  /** All ended lists begin with it; a number from 1 follows. */
  readonly endedPrefix: string;
  /** All lists of connected pairs begin with it, likewise. */
  readonly connectedPrefix: string;
}

export function recordKeysOf(connectionId: string, shard?: Shard): RecordKeys {
  const initiator = `${recordKeyPrefix}${connectionId}`;
  const suffix = shard === undefined ? '' : `.${shard.index}-${shard.total}`;
  return {
    initiator,
    accept: `${initiator}.accept`,
    run: `${initiator}.run${suffix}`,
    intent: `${initiator}.intent${suffix}`,
    leasePrefix: `${initiator}.lease.`,
    endedPrefix: `${initiator}.ended.`,
    connectedPrefix: `${initiator}.connected.`,
  };
}

/** The key of a run's lease: the shard is in it, so that leases of other shards need not be read. */
export function leaseKeyOf(connectionId: string, nonce: string, shard?: Shard): string {
  const part = shard === undefined ? '' : `${shard.index}-${shard.total}.`;
  return `${recordKeysOf(connectionId).leasePrefix}${part}${nonce}`;
}

/** The nonce and shard that a lease's key tells, or undefined for any other key. */
export function parseLeaseKey(
  connectionId: string,
  key: string,
): { readonly nonce: string; readonly shard: Shard | undefined } | undefined {
  const prefix = recordKeysOf(connectionId).leasePrefix;
  if (!key.startsWith(prefix)) return undefined;
  const match = /^(?:(\d+)-(\d+)\.)?([^.]+)$/.exec(key.slice(prefix.length));
  const nonce = match?.[3];
  if (nonce === undefined) return undefined;
  const shard = match?.[1] === undefined ? undefined : { index: Number(match[1]), total: Number(match[2]) };
  return { nonce, shard };
}

/** Connection ids among user property keys, sorted: each key `sallyport.<id>` without anything behind is one connection. */
export function connectionIdsAmong(keys: readonly string[]): readonly string[] {
  return keys
    .filter((key) => /^sallyport\.[a-z0-9]{10}$/.test(key))
    .map((key) => key.slice(recordKeyPrefix.length))
    .toSorted();
}
