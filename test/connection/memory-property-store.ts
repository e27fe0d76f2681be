import type { PropertyStore } from '../../src/connection/property-store.ts';

export interface MemoryPropertyStore extends PropertyStore {
  readonly values: Map<string, unknown>;
  /** Every request in order: `put sallyport.…`. */
  readonly requests: string[];
}

/** User properties in memory; values pass through JSON as over the wire. */
export function createMemoryPropertyStore(initial: Readonly<Record<string, unknown>> = {}): MemoryPropertyStore {
  const values = new Map<string, unknown>(Object.entries(initial));
  const requests: string[] = [];
  return {
    values,
    requests,
    keys: async (prefix) => {
      requests.push('keys');
      return [...values.keys()].filter((key) => key.startsWith(prefix));
    },
    get: async (key) => {
      requests.push(`get ${key}`);
      return structuredClone(values.get(key));
    },
    put: async (key, value) => {
      requests.push(`put ${key}`);
      values.set(key, JSON.parse(JSON.stringify(value)));
    },
    delete: async (key) => {
      requests.push(`delete ${key}`);
      values.delete(key);
    },
  };
}

/** The same store with some requests answered otherwise. */
export function withFaults(
  store: PropertyStore,
  fault: (operation: keyof PropertyStore, key: string) => Promise<void> | void,
): PropertyStore {
  return {
    keys: async (prefix) => {
      await fault('keys', prefix);
      return store.keys(prefix);
    },
    get: async (key) => {
      await fault('get', key);
      return store.get(key);
    },
    put: async (key, value) => {
      await fault('put', key);
      await store.put(key, value);
    },
    delete: async (key) => {
      await fault('delete', key);
      await store.delete(key);
    },
  };
}
