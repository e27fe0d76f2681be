import { expect, test } from 'vitest';
import { annotations } from '../../src/report/annotations.ts';
import { exitCodeOf } from '../../src/report/exit-code.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { reportJson } from '../../src/report/report-json.ts';
import { summaryMarkdown } from '../../src/report/summary-markdown.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import { twinMapCsv } from '../../src/report/twin-map.ts';
import type { TwinMapRow } from '../../src/report/twin-map.ts';
import { card, issues } from './sample-outcome.ts';

const cleaned: Extract<Outcome, { kind: 'cleaned' }> = {
  kind: 'cleaned',
  recordOnly: false,
  card: { ...card, status: 'Removed' },
  dryRun: false,
  detail: 'full',
  twins: 3,
  issues: 6,
  writes: 17,
  remaining: 0,
  unseen: 0,
  failures: [],
  mapPath: 'map.csv',
};

const failed: Outcome = {
  ...cleaned,
  card: { ...card, status: 'Removing' },
  detail: 'ids',
  remaining: 2,
  unseen: 1,
  failures: [
    { issues, what: 'issue', message: 'Secret plan is refused.', error: 'refused', next: 'Run clean-up again.', parked: false },
  ],
};

test('a clean-up that is done says where the map is and exits 0', () => {
  expect(summaryText(cleaned)).toContain('stamps were taken off 6 issues (17 writes), 3 twins are in the map');
  expect(summaryMarkdown(cleaned)).toContain('The twin map');
  expect(outputsOf(cleaned)).toEqual({ status: 'Removed', failed: '0', deferred: '0', 'twin-map-path': 'map.csv' });
  expect(exitCodeOf(cleaned, 'error')).toBe(0);
  expect(reportJson(cleaned)).toMatchObject({
    operation: 'cleaned',
    connection: { status: 'Removed' },
    remaining: 0,
    writes: 17,
  });
});

test('one that is not done says so; what failed exits 1 and shows no content under ids', () => {
  expect(summaryText(failed)).toContain('The clean-up is not done yet');
  expect(summaryText(failed)).toContain('1 issues are shown to the accounts no more');
  expect(exitCodeOf(failed, 'error')).toBe(1);
  expect(annotations(failed)).toHaveLength(1);
  for (const text of [summaryText(failed), summaryMarkdown(failed), JSON.stringify(reportJson(failed))])
    expect(text).not.toContain('Secret plan');
});

test('a dry run tells what would be done', () => {
  const plan: Outcome = { ...cleaned, card, dryRun: true, remaining: 3, mapPath: undefined };
  expect(summaryText(plan)).toContain('Dry run, nothing was written. The stamps of 3 twins');
});

const row: TwinMapRow = {
  ids: { public: '10001', private: '7' },
  links: issues,
  origin: 'public',
  state: 'in sync',
  comments: 2,
  attachments: 0,
  title: '=HYPERLINK("x"),\nsecond line',
};

test('the twin map is CSV that no table program runs, without titles where they are left out', () => {
  const csv = twinMapCsv([row], { titles: true, before: '' });
  expect(csv.split('\r\n')).toEqual([
    'public_id,private_id,public_key,private_key,public_url,private_url,origin,state,comments,attachments,title',
    `10001,7,${issues.public.key},${issues.private.key},${issues.public.url},${issues.private.url},public,in sync,2,0,"'=HYPERLINK(""x""), second line"`,
    '',
  ]);
  expect(twinMapCsv([row], { titles: false, before: '' })).toContain(',2,0,\r\n');
});

test('rows of an earlier map are kept, each pair once, and another file is not taken for one', () => {
  const other = { ...row, ids: { public: '10002', private: '8' }, title: 'Other' };
  const before = twinMapCsv([row, other], { titles: true, before: '' });
  const csv = twinMapCsv([{ ...row, title: 'Newer' }], { titles: true, before });
  expect(csv.split('\r\n').map((line) => line.split(',')[0])).toEqual(['public_id', '10001', '10002', '']);
  expect(csv).toContain(',Newer\r\n');
  expect(twinMapCsv([row], { titles: true, before: 'name,value\r\na,b\r\n' }).split('\r\n')).toHaveLength(3);
});
