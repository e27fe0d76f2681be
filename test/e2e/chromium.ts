import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

const root = resolve(import.meta.dirname, '../..');

/** Where Debian's package puts it. */
const executablePath = '/usr/bin/chromium';

export interface BrowserOptions {
  readonly colorScheme?: 'light' | 'dark';
  /** Default: a laptop's 1366 by 768 at 125 %. */
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly scale?: number;
}

/** A browser with a new empty profile. It asks nobody for anything but the page it is sent to. */
export async function openChromium(
  options: BrowserOptions = {},
): Promise<{ page: Page; context: BrowserContext; close(): Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), 'sallyport-chromium-'));
  const scale = options.scale ?? 1.25;
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    colorScheme: options.colorScheme ?? 'light',
    viewport: options.viewport ?? { width: Math.floor(1366 / 1.25), height: Math.floor(768 / 1.25) },
    deviceScaleFactor: scale,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const [page = await context.newPage()] = context.pages();
  return {
    page,
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

export interface Served {
  readonly address: string;
  readonly origin: string;
  /** Resolves with exit code and output once the process has ended. */
  readonly ended: Promise<{ exitCode: number | null; stderr: string }>;
  stop(): Promise<void>;
}

/** Spawns a command of dist/cli.js that serves a page, and waits for the address that it prints. */
export async function serveCli(
  words: readonly string[],
  options: { readonly directory: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<Served> {
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...words], {
    cwd: options.directory,
    env: { PATH: process.env['PATH'], HOME: options.directory, TMPDIR: options.directory, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stderr = text(child.stderr);
  const ended = once(child, 'exit').then(async ([exitCode]: unknown[]) => ({
    exitCode: typeof exitCode === 'number' ? exitCode : null,
    stderr: await stderr,
  }));
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/127\.0\.0\.1:\d+\/enter\?token=[\w-]+/.exec(line)?.[0];
    if (address === undefined) continue;
    child.stdout.resume();
    return {
      address,
      origin: new URL(address).origin,
      ended,
      stop: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`no address was printed: ${await stderr}`);
}
