import type { PropertyStore } from './property-store.ts';
import { recordKeysOf } from './record-keys.ts';

/**
 * Deletes the whole record. The initiator's key goes before the acceptor's: a connection without acceptance would be Pending,
 * and the next scheduled run would accept it anew. What is left when this stops half way, `clearLeftRecord` deletes.
 */
export async function finishRemoval(store: PropertyStore, connectionId: string): Promise<void> {
  const { initiator, accept } = recordKeysOf(connectionId);
  const listed = await store.keys(`${initiator}.`);
  for (const key of listed.filter((candidate) => candidate !== accept)) await store.delete(key);
  await store.delete(initiator);
  await store.delete(accept);
}

/**
 * The rest of a record whose initiator's key is gone. Returns the number of keys deleted (under a dry run: to be deleted);
 * undefined for a connection that is still there.
 */
export async function clearLeftRecord(
  store: PropertyStore,
  connectionId: string,
  options: { readonly dryRun: boolean },
): Promise<number | undefined> {
  const { initiator } = recordKeysOf(connectionId);
  const keys = await store.keys(initiator);
  if (keys.includes(initiator)) return undefined;
  const left = keys.filter((key) => key.startsWith(`${initiator}.`));
  if (!options.dryRun) for (const key of left) await store.delete(key);
  return left.length;
}
