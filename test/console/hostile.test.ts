import { expect, test } from 'vitest';
import { safeUrl, shownMessage, shownTitle } from '../../src/console/shown-text.ts';
import { workPage } from '../../src/console/pages/work-pages.tsx';
import { change, eventful, synced } from '../report/sample-outcome.ts';
import { connectDesk, createDesk } from './desk.ts';

const script = '<script>alert(1)</script>';
const hostile = [
  script,
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '{{constructor.constructor("alert(1)")()}}${alert(1)}<%= 1 %>',
  '</title></textarea></pre><svg onload=alert(1)>',
  'javascript:alert(1)',
  '&lt;script&gt;',
];

const tags =
  'html head meta title link script body a header nav ol li span main section h1 h2 h3 p table caption thead tbody tr th td ul dl div dt dd br form input button label fieldset legend details summary textarea pre code strong aside figure figcaption svg path g text line rect output';

/** Text never holds a `<`, so whatever looks like a tag is one: each is of the console's own kinds, without handlers. */
function expectHarmless(page: string): void {
  const known = new Set(tags.split(' '));
  const found = [...page.matchAll(/<\/?([a-z][\w-]*)((?:[^>"]|"[^"]*")*)>/gi)];
  expect(found.length).toBeGreaterThan(20);
  expect(found.map((tag) => tag[1]?.toLowerCase() ?? '').filter((name) => !known.has(name))).toEqual([]);
  const attributes = found.flatMap((tag) => [...(tag[2] ?? '').matchAll(/([^\s="]+)="([^"]*)"/g)]);
  expect(attributes.filter(([, name]) => /^on|^style$|^srcdoc$/i.test(name ?? ''))).toEqual([]);
  const addresses = attributes.filter(([, name]) => ['href', 'src', 'action'].includes(name ?? '')).map(([, , value]) => value);
  expect(addresses.filter((value) => !/^(?:https?:\/\/|\/(?!\/)|#)/.test(value ?? ''))).toEqual([]);
  expect([...page.matchAll(/<script\b[^>]*>/g)].map(String)).toEqual(['<script src="/assets/console.js" defer="">']);
}

test('titles of issues do nothing in a plan and in a report', async () => {
  const desk = await createDesk();
  const path = await connectDesk(desk);
  for (const title of hostile) {
    desk.jira.people.createIssue({ project: 'ACME', as: desk.people.ann, summary: title, labels: ['sync'] });
    desk.github.createIssue({ repository: 'acme/app', as: 'dana', title, labels: ['sync'], body: title });
  }
  for (const action of ['dry-run', 'sync']) {
    const page = await (await desk.work(`${path}/actions/${action}`)).text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('{{constructor');
    expectHarmless(page);
  }
});

test('titles of 100 KB and links of any scheme take one short line of a report', () => {
  const long = `${'x'.repeat(100_000)}END`;
  const issues = { public: { key: long, url: 'javascript:alert(1)' }, private: { key: script, url: `https://h/${script}` } };
  const [failure] = eventful.failures ?? [];
  for (const dryRun of [true, false]) {
    const outcome = synced([
      {
        dryRun,
        changes: [
          change({ issues, what: `attachment ${long}`, title: long }),
          change({ issues, values: [{ field: 'summary', before: [long, script], after: [script] }] }),
        ],
        failures: [{ ...failure!, issues, message: long }],
        warnings: [long],
      },
    ]);
    const page = workPage(
      { id: 'a', title: long, back: '/', lines: [long], end: { outcome }, problem: undefined },
      (text) => text,
    );
    expectHarmless(page);
    expect(page).toContain('xxx…');
    expect(page).not.toContain('END');
    expect(page).not.toContain('javascript:');
    expect(page.length).toBeLessThan(20_000);
  }
});

test('names of connections and projects do nothing', async () => {
  const desk = await createDesk();
  desk.jira.people.addProject({ key: 'EVIL', name: script });
  const path = await connectDesk(desk, { name: '<b>"bold"</b>' });
  for (const place of ['/', '/initiate?step=project', path]) {
    const page = await (await desk.get(place)).text();
    expect(page).not.toContain('<b>');
    expectHarmless(page);
  }
  expect(await (await desk.get('/initiate?step=project&q=EVIL')).text()).toContain('&lt;script&gt;');
});

test('what the address and the fields hold does nothing', async () => {
  const desk = await createDesk();
  for (const text of hostile) {
    const query = new URLSearchParams({ step: 'mode', url: text, q: text });
    for (const place of [`/initiate?${query}`, `/connections/${encodeURIComponent(text)}`, `/task/${encodeURIComponent(text)}`])
      expectHarmless(await (await desk.get(place)).text());
    expectHarmless(await (await desk.post('/accept', { code: text })).text());
    await desk.post('/account', { site: text, email: text, token: text });
    expectHarmless(await (await desk.get('/')).text());
  }
});

test('an error that quotes a server does nothing', async () => {
  const desk = await createDesk();
  const path = await connectDesk(desk);
  desk.github.archive('acme/app');
  desk.jira.people.createIssue({ project: 'ACME', as: desk.people.ann, summary: script, labels: ['sync'] });
  const page = await (await desk.work(`${path}/actions/sync`)).text();
  expectHarmless(page);
});

test('links lead to http and https alone', () => {
  for (const url of [
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    ' javascript:alert(1)',
    '//evil',
    'https://',
    '',
  ])
    expect([url, safeUrl(url)]).toEqual([url, undefined]);
  expect(safeUrl('https://acme.example/a"b')).toBe('https://acme.example/a%22b');
});

test('times in messages are shown as on the rest of the page, and what only looks like one stays', () => {
  expect(shownMessage('done at 2026-11-25T20:34:18.032Z (0 min ago)')).toBe('done at 2026-11-25 20:34 UTC (0 min ago)');
  expect(shownMessage('2026-19-39T29:59:59Z')).toBe('2026-19-39T29:59:59Z');
});

test('directions and invisible characters are gone from what is shown', () => {
  expect(shownTitle('a\u202Ecod\u200B\u0000.exe')).toBe('acod.exe');
});
