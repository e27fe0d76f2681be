import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors.ts';
import { isStateId } from './state-id.ts';
import type { SaveOutcome, StateStore } from './store.ts';

/**
 * What the store needs of GitHub's cache client, whose promises are kept as they are: restoring returns undefined for a
 * miss and for a failure alike, saving returns -1 for most failures and throws for some.
 */
export interface CachePort {
  /**
   * Fetches the newest entry whose key is, or begins with, one of these and unpacks it below the working directory.
   * `lookupOnly` tells the key without fetching.
   */
  restore(paths: readonly string[], primaryKey: string, options?: { readonly lookupOnly?: boolean }): Promise<string | undefined>;
  /** Packs these paths below the working directory and saves them under the key; the entry's number, or -1. */
  save(paths: readonly string[], key: string): Promise<number>;
}

export interface ActionsCacheStoreOptions {
  readonly connectionId: string;
  /** The directory that the port works in; the file that carries a state is written below it and removed again. */
  readonly directory: string;
  readonly cache: CachePort;
}

/**
 * The path as the cache client is told it. The client hashes this string into the version of an entry, so it is relative,
 * and the same on every runner and in every version of Sallyport (`st` and `./st` would not find each other's entries).
 */
const statePath = 'sallyport-state/state.bin';
/** I9: larger than any blob that `openState` would read. */
const fileBytesMax = 260 * 1024 * 1024;

/**
 * A store in the cache service of GitHub Actions. Entries cannot be written twice and vanish after a week without use;
 * those of another branch are not seen. Keys hold ids only, for anyone who reads the repository can list them.
 */
export function createActionsCacheStore(options: ActionsCacheStoreOptions): StateStore {
  return {
    load: (id) => load(options, id),
    save: (id, blob) => save(options, id, blob),
  };
}

function keyOf(connectionId: string, id: string): string {
  return `sallyport-${connectionId}-${id}`;
}

async function load(options: ActionsCacheStoreOptions, id: string): Promise<Uint8Array | undefined> {
  if (!isStateId(id)) return undefined;
  const file = join(options.directory, statePath);
  const key = keyOf(options.connectionId, id);
  try {
    // What an earlier load left behind must not be taken for what this one fetched.
    await rm(file, { force: true });
    await mkdir(options.directory, { recursive: true });
    // The service matches by prefix: an entry of a longer id is not the one that the record names.
    if ((await options.cache.restore([statePath], key)) !== key) return undefined;
    if ((await stat(file)).size > fileBytesMax) return undefined;
    return new Uint8Array(await readFile(file));
  } catch {
    // The contract of stores: not there and not to be had both mean "rebuild", and openState tells what is damaged.
    return undefined;
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

async function save(options: ActionsCacheStoreOptions, id: string, blob: Uint8Array): Promise<SaveOutcome> {
  if (!isStateId(id)) return { kind: 'failed', reason: `"${id}" is not a state id (1 to 64 of a-z, 0-9 and -)` };
  const file = join(options.directory, statePath);
  const key = keyOf(options.connectionId, id);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, blob, { mode: 0o600 });
    const entry = await options.cache.save([statePath], key);
    if (entry < 0 || Number.isNaN(entry)) {
      return {
        kind: 'failed',
        reason: `the Actions cache did not take the entry ${key} (read-only, taken already, or not reachable)`,
      };
    }
    // One request without a download: the service has been seen to accept an entry that no look-up finds afterwards.
    if ((await options.cache.restore([statePath], key, { lookupOnly: true })) !== key) {
      return { kind: 'failed', reason: `the Actions cache took the entry ${key} but does not find it` };
    }
    return { kind: 'saved' };
  } catch (error) {
    return { kind: 'failed', reason: `the Actions cache did not take the entry ${key}: ${messageOf(error)}` };
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}
