import type { z } from 'zod';
import {
  checkNotRevoked,
  checkRunnerVersion,
  checkSecret,
  connectionRemoved,
  parseRecord,
  prepareRecord,
  propertyLengthMax,
} from './record-checks.ts';
import type { PropertyStore } from './property-store.ts';
import { type RecordKeys, recordKeysOf } from './record-keys.ts';
import {
  type AcceptRecord,
  acceptRecordSchema,
  type ConnectedEntry,
  connectedRecordSchema,
  type EndedEntry,
  endedRecordSchema,
  type InitiatorRecord,
  initiatorRecordSchema,
  type IntentRecord,
  intentRecordSchema,
  recordFormat,
  type RunRecord,
  runRecordSchema,
  type Shard,
} from './record.ts';

/** A store that cannot write: all that status and dry runs hold. */
export type PropertyReader = Pick<PropertyStore, 'keys' | 'get'>;

/** The record as it was read, and the keys that it has (leases and ended lists among them). */
export interface ConnectionSnapshot {
  readonly initiator: InitiatorRecord;
  readonly accept: AcceptRecord | undefined;
  readonly run: RunRecord | undefined;
  readonly intent: IntentRecord | undefined;
  readonly keys: readonly string[];
}

export interface ReadOptions {
  /** Keys listed already by the caller: saves that request. They may be any of the account's. */
  readonly keys?: readonly string[] | undefined;
  /** To look at a connection that was revoked, too. */
  readonly evenRevoked?: boolean;
  /** Hash of the secret in the invitation: a record with another one is refused. */
  readonly secretHash?: string | undefined;
  /** Version of this Sallyport: a record that needs a newer one is refused. */
  readonly runnerVersion?: string | undefined;
}

export interface ConnectionReader {
  readonly connectionId: string;
  /**
   * Reads initiator, accept, run and, where there is one, the intent: one request for the keys and one for each that
   * exists, so four for a connection at rest.
   *
   * @throws SallyportError `configuration`: the connection was removed, a value is damaged or of a newer format, the code
   * was replaced by a newer one, this Sallyport is too old.
   */
  read(options?: ReadOptions): Promise<ConnectionSnapshot>;
  /**
   * Reads the initiator's key alone: whether this code is still good, asked in the middle of a run. One request.
   *
   * @throws SallyportError as `read` does
   */
  recheck(options: Pick<ReadOptions, 'secretHash'>): Promise<void>;
  /** All ended twins, by the keys of a snapshot: one request a list, none where there is none. */
  readEnded(keys: readonly string[]): Promise<readonly EndedEntry[]>;
  /** All connected pairs, likewise. */
  readConnected(keys: readonly string[]): Promise<readonly ConnectedEntry[]>;
}

/** The public side's admin operations. */
export interface InitiatorWriter {
  write(record: InitiatorRecord): Promise<void>;
}

/** The private side's admin operations, and the `sync` that accepts. */
export interface AcceptorWriter {
  write(record: AcceptRecord): Promise<void>;
}

/** The run that holds the lease. */
export interface RunnerWriter {
  writeRun(record: RunRecord): Promise<void>;
  writeIntent(record: IntentRecord): Promise<void>;
  clearIntent(): Promise<void>;
  /** Replaces one ended list; `page` counts from 1 as `recordPages` gives them. */
  writeEnded(page: number, entries: readonly EndedEntry[]): Promise<void>;
  writeConnected(page: number, entries: readonly ConnectedEntry[]): Promise<void>;
}

/** There is no compare-and-set, so each key has one writer: an operation takes only the writer that is its own. */
export interface ConnectionRecord extends ConnectionReader {
  readonly initiator: InitiatorWriter;
  readonly acceptor: AcceptorWriter;
  readonly runner: RunnerWriter;
}

/** Access to a connection's record. `shard` names the run and intent keys of one of several runners. */
export function createConnectionRecord(store: PropertyStore, connectionId: string, shard?: Shard): ConnectionRecord {
  const keys = recordKeysOf(connectionId, shard);
  const put = async <T>(schema: z.ZodType<T>, key: string, value: T): Promise<void> =>
    store.put(key, prepareRecord(schema, key, value));
  return {
    ...createConnectionReader(store, connectionId, shard),
    initiator: { write: (record) => put(initiatorRecordSchema, keys.initiator, record) },
    acceptor: { write: (record) => put(acceptRecordSchema, keys.accept, record) },
    runner: {
      writeRun: (record) => put(runRecordSchema, keys.run, record),
      writeIntent: (record) => put(intentRecordSchema, keys.intent, record),
      clearIntent: () => store.delete(keys.intent),
      writeEnded: (page, entries) =>
        put(endedRecordSchema, `${keys.endedPrefix}${page}`, { format: recordFormat, entries: [...entries] }),
      writeConnected: (page, entries) =>
        put(connectedRecordSchema, `${keys.connectedPrefix}${page}`, { format: recordFormat, entries: [...entries] }),
    },
  };
}

/** The same without writers, for status and dry runs. */
export function createConnectionReader(store: PropertyReader, connectionId: string, shard?: Shard): ConnectionReader {
  const keys = recordKeysOf(connectionId, shard);
  return {
    connectionId,
    read: (options = {}) => readSnapshot(store, keys, { connectionId, ...options }),
    recheck: async ({ secretHash }) => {
      const value = await store.get(keys.initiator);
      if (value === undefined) throw connectionRemoved(connectionId);
      const initiator = parseRecord(initiatorRecordSchema, keys.initiator, value);
      checkNotRevoked(initiator);
      if (secretHash !== undefined) checkSecret(initiator, secretHash);
    },
    readEnded: (listed) => readPages(store, { schema: endedRecordSchema, prefix: keys.endedPrefix, listed }),
    readConnected: (listed) => readPages(store, { schema: connectedRecordSchema, prefix: keys.connectedPrefix, listed }),
  };
}

async function readSnapshot(
  store: PropertyReader,
  keys: RecordKeys,
  options: ReadOptions & { readonly connectionId: string },
): Promise<ConnectionSnapshot> {
  const listed = options.keys ?? (await store.keys(keys.initiator));
  const own = listed.filter((key) => key === keys.initiator || key.startsWith(`${keys.initiator}.`));
  const get = async <T>(schema: z.ZodType<T>, key: string): Promise<T | undefined> => {
    if (!own.includes(key)) return undefined;
    const value = await store.get(key);
    return value === undefined ? undefined : parseRecord(schema, key, value);
  };
  const initiator = await get(initiatorRecordSchema, keys.initiator);
  if (initiator === undefined) throw connectionRemoved(options.connectionId);
  if (options.evenRevoked !== true) checkNotRevoked(initiator);
  if (options.secretHash !== undefined) checkSecret(initiator, options.secretHash);
  if (options.runnerVersion !== undefined) checkRunnerVersion(initiator, options.runnerVersion);
  const accept = await get(acceptRecordSchema, keys.accept);
  const run = await get(runRecordSchema, keys.run);
  if (options.secretHash !== undefined) checkSecret(initiator, options.secretHash, run?.secretHash);
  return {
    initiator,
    accept,
    run,
    intent: await get(intentRecordSchema, keys.intent),
    keys: own,
  };
}

async function readPages<T>(
  store: PropertyReader,
  list: {
    readonly schema: z.ZodType<{ readonly entries: readonly T[] }>;
    readonly prefix: string;
    readonly listed: readonly string[];
  },
): Promise<readonly T[]> {
  const { schema, prefix, listed } = list;
  const numberOf = (key: string): number => Number(key.slice(prefix.length));
  const entries: T[] = [];
  for (const key of listed
    .filter((one) => one.startsWith(prefix))
    .toSorted((first, second) => numberOf(first) - numberOf(second))) {
    const value = await store.get(key);
    if (value !== undefined) entries.push(...parseRecord(schema, key, value).entries);
  }
  return entries;
}

const endedEntriesMax = 1000;

/** Divides entries into lists that fit a property each, in their order: adding at the end changes only the last list. */
export function recordPages<T>(entries: readonly T[]): readonly (readonly T[])[] {
  const emptyLength = JSON.stringify({ format: recordFormat, entries: [] }).length;
  const pages: T[][] = [];
  let length = Infinity;
  for (const entry of entries) {
    const added = JSON.stringify(entry).length + 1;
    const page = pages.at(-1);
    if (page === undefined || length + added > propertyLengthMax || page.length === endedEntriesMax) {
      pages.push([entry]);
      length = emptyLength + added;
    } else {
      page.push(entry);
      length += added;
    }
  }
  return pages;
}
