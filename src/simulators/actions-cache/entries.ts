import type { VirtualClock } from '../simulator.ts';

/** A cache entry; `bytes` is undefined until its upload is finalised, and nobody finds it before. */
export interface CacheEntry {
  readonly number: number;
  readonly key: string;
  readonly version: string;
  readonly scope: string;
  readonly createdAt: number;
  bytes: Uint8Array | undefined;
  usedAt: number;
}

/** What a run may see: its own branch and the default branch; it writes to its own alone. */
export interface CacheScopes {
  readonly write: string;
  readonly read: readonly string[];
}

export interface EntryStore {
  /** A new entry to upload, or undefined where key, version and scope are taken, finished or not. */
  reserve(key: string, version: string): CacheEntry | undefined;
  /** The reservation of this run's scope that is still to be finished. */
  reserved(key: string, version: string): CacheEntry | undefined;
  numbered(number: number): CacheEntry | undefined;
  /** The entry that the keys find, in their order: an exact match before a prefix, and the newest of those. */
  find(keys: readonly string[], version: string): CacheEntry | undefined;
  all(): readonly CacheEntry[];
  /** Removes all entries of this key, or every entry. */
  evict(key?: string): void;
  setScopes(scopes: CacheScopes): void;
}

/** Entries that nobody used for so long are removed (GitHub's documentation, "Usage limits and eviction policy"). */
const unusedMsMax = 7 * 24 * 60 * 60 * 1000;

export function createEntryStore(clock: VirtualClock): EntryStore {
  let entries: CacheEntry[] = [];
  let lastNumber = 0;
  let scopes: CacheScopes = { write: 'refs/heads/main', read: ['refs/heads/main'] };

  const live = (): readonly CacheEntry[] => {
    entries = entries.filter((entry) => clock.now() - entry.usedAt < unusedMsMax);
    return entries;
  };
  const own = (key: string, version: string): CacheEntry | undefined =>
    live().find((entry) => entry.key === key && entry.version === version && entry.scope === scopes.write);

  return {
    reserve: (key, version) => {
      if (own(key, version) !== undefined) return undefined;
      lastNumber += 1;
      const now = clock.now();
      const entry = { number: lastNumber, key, version, scope: scopes.write, createdAt: now, bytes: undefined, usedAt: now };
      entries.push(entry);
      return entry;
    },
    reserved: (key, version) => {
      const entry = own(key, version);
      return entry?.bytes === undefined ? entry : undefined;
    },
    numbered: (number) => live().find((entry) => entry.number === number),
    find: (keys, version) => {
      const entry = findEntry(live(), { keys, version, scopes: scopes.read });
      if (entry !== undefined) entry.usedAt = clock.now();
      return entry;
    },
    all: live,
    evict: (key) => {
      entries = key === undefined ? [] : entries.filter((entry) => entry.key !== key);
    },
    setScopes: (changed) => {
      scopes = changed;
    },
  };
}

interface Wanted {
  readonly keys: readonly string[];
  readonly version: string;
  readonly scopes: readonly string[];
}

/** Scopes come before keys: the own branch's partial match wins over the default branch's exact one. */
function findEntry(entries: readonly CacheEntry[], { keys, version, scopes }: Wanted): CacheEntry | undefined {
  for (const scope of scopes) {
    const candidates = entries.filter((entry) => entry.bytes !== undefined && entry.version === version && entry.scope === scope);
    const newestFirst = candidates.toSorted((left, right) => right.createdAt - left.createdAt || right.number - left.number);
    for (const key of keys) {
      const found = newestFirst.find((entry) => entry.key === key) ?? newestFirst.find((entry) => entry.key.startsWith(key));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
