import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';

/** Where Debian's package puts it, and where others do. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;

export interface BrowserOptions {
  readonly colorScheme?: 'light' | 'dark';
  /** Default: a laptop's 1366 by 768 at 125 %. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Default 1: pictures of a laptop's page that stay small. */
  readonly scale?: number;
  readonly javaScriptEnabled?: false;
}

/** A browser with a new empty profile. It asks nobody for anything but the page it is sent to. */
export async function openChromium(
  options: BrowserOptions = {},
): Promise<{ page: Page; context: BrowserContext; close(): Promise<void> }> {
  const profile = await mkdtemp(join(tmpdir(), 'sallyport-chromium-'));
  const scale = options.scale ?? 1;
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: places.find((place) => existsSync(place)) ?? places[0],
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
    javaScriptEnabled: options.javaScriptEnabled ?? true,
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
