import { describe, expect, it } from 'vitest';
import { plainLine } from '../../src/report/plain-line.ts';
import { reportJson } from '../../src/report/report-json.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import { change, eventful, synced } from './sample-outcome.ts';

const commands = [
  '::error::x',
  ' ::set-env name=PATH::/evil',
  '\n::add-mask::a',
  'x\r::stop-commands::t',
  '##[set-output name=a]b',
  '\u200B::debug::x',
];

/** What a runner would obey: the newer form at the start of a line, the older one anywhere. */
function obeyed(text: string): readonly string[] {
  return text.split(/[\r\n\u0085\u2028\u2029]/).filter((line) => line.trimStart().startsWith('::') || line.includes('##['));
}

describe('workflow commands', () => {
  for (const title of commands) {
    it(`do not arise from ${JSON.stringify(title)}, wherever it stands`, () => {
      const result = {
        changes: [
          change({ title, what: `attachment ${title}` }),
          change({ values: [{ field: title, before: [title], after: [title, ''] }] }),
        ],
        warnings: [title],
        held: [{ what: title, reason: title, link: title }],
        guard: title,
      };
      expect(obeyed(summaryText(synced([result])))).toEqual([]);
      expect(obeyed(JSON.stringify(reportJson(synced([result])), undefined, 2))).toEqual([]);
      expect(obeyed(plainLine(title))).toEqual([]);
    });
  }
});

it('sends no control or direction characters to a terminal', () => {
  const text = summaryText(synced([{ changes: [change({ title: 'a\u001B[31mred\u009Bx\u202Eb' })] }]));
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
});

it('shows what is invisible in no title, and emoji as they are', () => {
  const text = summaryText(synced([{ changes: [change({ title: 'pay\u00ADpal\u180E\u3164\u2060\u{E0041} 👩‍💻 ❤️' })] }]));
  expect(text).toContain('paypal 👩‍💻 ❤️');
});

it('counts the rows that it leaves out', () => {
  const text = summaryText(synced([{ changes: Array.from({ length: 250 }, () => change()) }]));
  expect(text).toContain('… and 50 more; --json has them all.');
});

it('names no titles, files or messages where the detail is ids', () => {
  const text = summaryText(synced([eventful], 'ids'));
  expect(text).not.toMatch(/secret|Login|Export|Plans|larger than the 10/);
  expect(text).toContain('ACME-1');
});

const edited = change({
  action: 'updated',
  what: 'summary',
  values: [{ field: 'summary', before: ['Login fails'], after: ['Login fails at noon'] }],
});

it('shows what a plan would make of the values', () => {
  const plan = synced([{ dryRun: true, changes: [edited] }]);
  expect(summaryText(plan)).toContain(
    'Values, before (-) and after (+)\n  ACME-1 · #7 → private: summary\n    - Login fails\n    + Login fails at noon\n',
  );
  expect(reportJson(plan)).toMatchObject({
    cycles: [
      { result: { changes: [{ values: [{ field: 'summary', before: ['Login fails'], after: ['Login fails at noon'] }] }] } },
    ],
  });
  const limited = synced([{ dryRun: true, changes: [edited] }], 'ids');
  expect(summaryText(limited) + JSON.stringify(reportJson(limited))).not.toContain('Login fails');
});

it('lists what the audit found, and whether it was repaired', () => {
  const text = summaryText(synced([eventful]));
  expect(text).toMatch(/Found by the audit\n.*ledger\s+repaired\n.*secret-plan\.pdf \(altered\)\s+not repaired yet/);
  expect(JSON.stringify(reportJson(synced([eventful])))).toContain('"what":"ledger","repaired":true');
  expect(summaryText(synced([{ ...eventful, dryRun: true }]))).toMatch(/altered\)\s+nothing was written/);
});
