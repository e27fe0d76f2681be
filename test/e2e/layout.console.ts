import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { connectionPage } from '../../src/console/pages/connection-page.tsx';
import type { ConnectionModel } from '../../src/console/pages/connection-page.tsx';
import { playgroundPage } from '../../src/console/pages/playground-page.tsx';
import { twinPage } from '../../src/console/twin-page.ts';
import { createPlayground } from '../../src/operations/playground.ts';
import { openChromium } from './chromium.ts';

const at = Date.UTC(2026, 8, 21, 14, 13);

const twin = (number: number, title: string) => ({
  public: { key: `ACME-${number}`, url: `https://acme.atlassian.net/browse/ACME-${number}` },
  private: { key: `#${number}`, url: `https://github.example.com/acme/app/issues/${number}` },
  origin: 'public' as const,
  title,
});

/** A connection in trouble, with a title without a blank and reasons as long as proxies word them. */
function troubled(): ConnectionModel {
  const twins = [twin(1, 'Short'), twin(2, `Averylongtitle${'x'.repeat(300)}`), twin(3, 'Words and words '.repeat(20))];
  const reason = 'The proxy in front of the site answered 502 Bad Gateway with a page of its own. '.repeat(3);
  return {
    connectionId: 'abcdefghij',
    listed: { connectionId: 'abcdefghij', card: undefined, committedAt: at, cycles: [] },
    held: {
      connectionId: 'abcdefghij',
      raw: {},
      invitation: { name: 'Acme', siteUrl: 'https://acme.atlassian.net', project: 'ACME (Acme)' },
    },
    hasTracker: true,
    isIssued: true,
    isCodeGiven: false,
    isCodeKept: false,
    typed: new Map(),
    rules: '',
    problem: undefined,
    twins: twinPage(twins, { query: '', number: 1 }),
    status: {
      kind: 'status',
      card: {
        connectionId: 'abcdefghij',
        name: 'Acme',
        status: 'Active',
        site: 'https://acme.atlassian.net',
        project: 'ACME (Acme support)',
        destination: 'acme/app',
      },
      detail: 'full',
      facts: [],
      counts: { twins: 10_000, retry: 1, parked: 1 },
      problems: ['conflict', 'refused', 'stopped: passing'].map((name) => ({
        name,
        at,
        public: 'ACME-1',
        private: '#1',
        links: twin(1, ''),
        ...(name === 'conflict' ? { field: 'description', stands: 'private' as const } : {}),
      })),
      cycles: [],
      budgets: [{ side: 'private', limit: 5000, remaining: 40, at }],
      notices: [],
      stale: undefined,
      state: {
        kind: 'read',
        twins,
        retry: [{ ...twin(1, ''), side: 'public', issue: 'ACME-1', reason, attempts: 2, since: at, next: at }],
        parked: [{ ...twin(2, ''), what: 'description', reason, at }],
      },
    },
  };
}

/** A page with its style, as it is served. */
async function styled(html: string): Promise<string> {
  const style = await readFile(new URL('../../src/console/assets/console.css', import.meta.url), 'utf8');
  return html.replace('</head>', `<style>${style}</style></head>`);
}

/** What of a page runs out of it, by its own words: nothing, where the page does not scroll sideways. */
const runsOut = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    document.documentElement.scrollWidth <= innerWidth
      ? []
      : [...document.querySelectorAll('body *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth && element.closest('.scroll') === null)
          .map((element) => `${element.tagName}.${element.className}: ${(element.textContent ?? '').slice(0, 40)}`),
  );

test('at 400 px the playground and a connection in trouble take the width of the window, every form of theirs open', async () => {
  const playground = await createPlayground();
  onTestFinished(() => playground.close());
  await playground.run(['lost-answers', 'too-many-requests', 'killed-runner', 'lost-cache']);
  await playground.run([]);
  const pages = [playgroundPage({ csrf: 'x' }, playground, undefined), connectionPage({ csrf: 'x' }, troubled())];
  const { page, close } = await openChromium({ viewport: { width: 400, height: 800 } });
  onTestFinished(close);
  for (const html of pages) {
    await page.setContent(await styled(html.replaceAll('<details class="', '<details open class="')));
    expect(await runsOut(page)).toEqual([]);
  }
});

test('at 125 % on a laptop nothing runs out of the page, and no key, button, hour or heading of a column is broken', async () => {
  const { page, close } = await openChromium();
  onTestFinished(close);
  await page.setContent(await styled(connectionPage({ csrf: 'x' }, troubled())));
  const { width, seen } = await page.evaluate(() => ({
    width: [document.documentElement.scrollWidth, innerWidth],
    seen: [...document.querySelectorAll('main button, main .button, td a, .short, thead th:not(:has(.hidden))')].map(
      (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const tops = [...range.getClientRects()].map(({ top }) => Math.round(top));
        return { text: element.textContent, lines: element.querySelector('br') === null ? new Set(tops).size : 1 };
      },
    ),
  }));
  expect(width[0]).toBe(width[1]);
  expect(seen.length).toBeGreaterThan(40);
  expect(seen.filter(({ lines }) => lines > 1)).toEqual([]);
});
