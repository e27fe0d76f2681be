import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SaveOutcome, StateStore } from '../../src/store/store.ts';
import type { RunnerCall } from './cache-runner.ts';

interface Answer {
  readonly result: unknown;
  readonly workingDirectory: string;
  readonly workspace: string | undefined;
}

export interface CacheRunner {
  readonly store: StateStore;
  /** The checkout's place, which the store leaves empty. */
  readonly workspace: string;
  /** The last answer's view of the process. */
  lastAnswer(): Answer | undefined;
  /** All that the cache client has printed. */
  output(): string;
  stop(): Promise<void>;
}

export interface CacheRunnerOptions {
  /** The cache service, without a slash at the end. */
  readonly origin: string;
  readonly connectionId?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a process that is a runner to the cache client: version 2 of the service, if the environment says no other. */
export async function startCacheRunner(options: CacheRunnerOptions): Promise<CacheRunner> {
  const root = await mkdtemp(join(tmpdir(), 'runner-'));
  const [workspace, temporary, elsewhere] = [join(root, 'workspace'), join(root, 'temporary'), join(root, 'elsewhere')];
  for (const folder of [workspace, temporary, elsewhere]) await mkdir(folder);
  const child = fork(join(import.meta.dirname, 'cache-runner.ts'), [options.connectionId ?? 'c1', join(temporary, 'sallyport')], {
    cwd: elsewhere,
    execArgv: [],
    silent: true,
    env: {
      PATH: process.env['PATH'],
      ACTIONS_RESULTS_URL: `${options.origin}/`,
      ACTIONS_CACHE_URL: `${options.origin}/`,
      ACTIONS_RUNTIME_TOKEN: 'a-token',
      ACTIONS_CACHE_SERVICE_V2: 'true',
      RUNNER_TEMP: temporary,
      GITHUB_WORKSPACE: workspace,
      ...options.environment,
    },
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let last: Answer | undefined;
  const call = async (request: RunnerCall): Promise<unknown> => {
    const answered = once(child, 'message');
    const died = once(child, 'exit').then(() => {
      throw new Error(`the runner died: ${output}`);
    });
    child.send(request);
    [last] = (await Promise.race([answered, died])) as [Answer];
    died.catch(() => undefined);
    return last.result;
  };
  return {
    store: {
      load: async (id) => {
        const blob = await call({ operation: 'load', id });
        return typeof blob === 'string' ? new Uint8Array(Buffer.from(blob, 'base64')) : undefined;
      },
      save: async (id, blob) =>
        (await call({ operation: 'save', id, blob: Buffer.from(blob).toString('base64') })) as SaveOutcome,
    },
    workspace,
    lastAnswer: () => last,
    output: () => output,
    stop: async () => {
      if (child.exitCode === null) {
        const ended = once(child, 'exit');
        child.disconnect();
        await ended;
      }
      await rm(root, { recursive: true });
    },
  };
}
