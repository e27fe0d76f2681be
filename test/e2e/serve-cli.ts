import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const entry = /http:\/\/127\.0\.0\.1:\d+\/enter\?token=[\w-]{43}/;
const root = resolve(import.meta.dirname, '../..');

export interface Served {
  readonly address: string;
  readonly origin: string;
  /** Resolves with exit code and output once the process has ended. */
  readonly ended: Promise<{ exitCode: number | null; stderr: string }>;
  /** Everything that it printed to standard output up to now. */
  said(): string;
  stop(): Promise<void>;
}

/** Spawns a command of dist/cli.js that serves a page, and waits for the address that it prints. */
export async function serveCli(
  words: readonly string[],
  options: { readonly directory: string; readonly environment?: Readonly<Record<string, string>>; readonly node?: string },
): Promise<Served> {
  const child = spawn(options.node ?? process.execPath, [join(root, 'dist', 'cli.js'), ...words], {
    cwd: options.directory,
    env: { PATH: process.env['PATH'], HOME: options.directory, TMPDIR: options.directory, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr = text(child.stderr);
  const ended = once(child, 'close').then(async ([exitCode]: unknown[]) => ({
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    stderr: await stderr,
  }));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  while (!entry.test(said) && child.exitCode === null) await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  const address = entry.exec(said)?.[0];
  if (address === undefined) throw new Error(`no address was printed: ${await stderr}`);
  return {
    address,
    origin: new URL(address).origin,
    ended,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
