import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { expectAccessible } from './accessible.ts';

/** Set by `npm run screenshots`: the folder that the pictures of docs/ are written into. */
const folder = process.env['SALLYPORT_PICTURES'];

/** A stop on the way through the pages: accessible in light and dark, and a picture where pictures are made. */
export async function visit(page: Page, name: string, options: { readonly whole?: false } = {}): Promise<void> {
  await expectAccessible(page, name);
  if (folder === undefined) return;
  const path = join(resolve(import.meta.dirname, '../..', folder), `${name}.png`);
  await mkdir(resolve(import.meta.dirname, '../..', folder), { recursive: true });
  await page.screenshot({ path, fullPage: options.whole !== false, animations: 'disabled' });
}
