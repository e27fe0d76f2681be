import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../gateway/system-clock.ts';
import { createTransport } from '../gateway/transport.ts';
import { openAppendLog } from './append-log.ts';
import { processMachine } from './machine.ts';
import type { Log, Runtime } from '../operations/runtime.ts';
import { createActionsCacheStore } from '../store/actions-cache-store.ts';
import { createDirectoryStore } from '../store/directory-store.ts';
import type { StateStore } from '../store/store.ts';

/** Kept in step with package.json by a test. */
export const version = '0.1.0';

export interface ProcessParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly mask: (secret: string) => void;
  readonly inWorkflow: boolean;
}

/** The runtime of a real process: network, clock, randomness, files. */
export function processRuntime(parts: ProcessParts): Runtime {
  const { environment } = parts;
  return {
    transport: (caPem) => createTransport({ environment, ...(caPem === undefined ? {} : { caPem }) }),
    clock: systemClock(),
    randomBytes: (count) => randomBytes(count),
    log: parts.log,
    mask: parts.mask,
    readFile: (path) => readFile(path, 'utf8'),
    writeFile: (path, text) => writeFile(path, text, { mode: 0o600 }),
    pathOf: (name) => join(parts.inWorkflow ? (environment['RUNNER_TEMP'] ?? '.') : '.', name),
    store: (state, connectionId) => (state === 'cache' ? cacheStore(parts, connectionId) : createDirectoryStore(resolve(state))),
    version,
    inWorkflow: parts.inWorkflow,
    machine: processMachine(environment),
    openLog: openAppendLog,
  };
}

/** The cache client is loaded when it is first needed: it is the largest part of the bundle. */
function cacheStore(parts: ProcessParts, connectionId: string): StateStore {
  const directory = join(parts.environment['RUNNER_TEMP'] ?? tmpdir(), 'sallyport');
  let opened: Promise<StateStore> | undefined;
  const open = async (): Promise<StateStore> => {
    const { createActionsCacheClient, isActionsCacheAvailable } = await import('../store/actions-cache-client.ts');
    if (await isActionsCacheAvailable())
      return createActionsCacheStore({ connectionId, directory, cache: createActionsCacheClient({ directory }) });
    parts.log.warn(
      'There is no Actions cache here, so every run rebuilds its state from stamps and ledgers. Give a directory as state to save those requests.',
    );
    return {
      load: () => Promise.resolve(undefined),
      save: () => Promise.resolve({ kind: 'failed', reason: 'there is no Actions cache here' }),
    };
  };
  const store = (): Promise<StateStore> => (opened ??= open());
  return {
    load: async (id) => (await store()).load(id),
    save: async (id, blob) => (await store()).save(id, blob),
  };
}
