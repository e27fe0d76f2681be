import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { openChromium } from './chromium.ts';
import { serveCli } from './serve-cli.ts';
import { visit } from './visit.ts';

async function openPlayground(): Promise<Page> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-play-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const served = await serveCli(['demo', '--serve', '--no-open'], { directory });
  onTestFinished(() => served.stop());
  const browser = await openChromium();
  onTestFinished(() => browser.close());
  const { page } = browser;
  page.setDefaultTimeout(30_000);
  await page.goto(served.address);
  return page;
}

async function runCycle(page: Page, faults: readonly string[] = []): Promise<void> {
  const before = await page.locator('.run-number').count();
  for (const fault of faults) await page.getByLabel(fault, { exact: true }).check();
  await page.getByRole('button', { name: 'Run a cycle' }).click();
  await page.locator('.run-number').nth(before).waitFor();
}

const counts = async (page: Page): Promise<readonly (string | null)[]> =>
  Promise.all(['pairs', 'waiting', 'doubles'].map((id) => page.locator(`#${id}`).textContent()));

test('a runner that is killed in the middle leaves no duplicate, and the next one finishes', async () => {
  const page = await openPlayground();
  expect(await counts(page)).toEqual(['0', '6', '0']);
  await expectAccessible(page, 'playground at its start');
  await runCycle(page, ['Killed runner']);
  await page.getByText('killed right after POST').waitFor();
  await page.getByText('unfinished').first().waitFor();
  await visit(page, 'playground-killed');
  await runCycle(page);
  expect(await counts(page)).toEqual(['6', '0', '0']);
  await page.getByText('created,').waitFor();
  await visit(page, 'playground', { whole: false });
});

test('what people write on either side crosses, under lost answers, 429 and a lost cache', async () => {
  const page = await openPlayground();
  await runCycle(page, ['Lost answers', '429']);
  const issue = page.getByRole('article').filter({ hasText: 'ACME-1' });
  await issue.getByText('Write here').click();
  await issue.getByLabel('New comment').fill('Written in the page');
  await issue.getByRole('button', { name: 'Comment' }).click();
  await page.getByText('changed', { exact: true }).waitFor();
  const side = page.getByRole('region', { name: 'Private side' });
  await side.getByText('Write an issue').click();
  await side.getByLabel('Title').fill('<b>New</b> from GitHub');
  await side.getByLabel('Text').fill('Some **text**.');
  await side.getByRole('button', { name: 'Create' }).click();
  const fresh = page.getByRole('article').filter({ hasText: '<b>New</b> from GitHub' });
  await fresh.getByText('Write here').click();
  await fresh
    .locator('input[type=file]')
    .setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') });
  await fresh.getByRole('button', { name: 'Attach' }).click();
  await fresh.getByText('notes.txt').waitFor();
  await runCycle(page, ['Lost cache', 'Lost answers']);
  await runCycle(page);
  expect(await counts(page)).toEqual(['7', '0', '0']);
  expect(await page.getByText('Written in the page').count()).toBe(2);
  expect(await fresh.count()).toBe(2);
  await runCycle(page);
  // The cycle before may have had nothing left to do either: not every answer is lost.
  await page.getByText('nothing to do').first().waitFor();
});
