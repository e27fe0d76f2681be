import { describe, expect, it } from 'vitest';
import { annotations } from '../../src/report/annotations.ts';
import { exitCodeOf } from '../../src/report/exit-code.ts';
import type { FailOn } from '../../src/report/exit-code.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { reportJson } from '../../src/report/report-json.ts';
import { card, change, eventful, issues, statusOutcome, synced } from './sample-outcome.ts';

const failure = {
  issues,
  what: 'comment.create private 12',
  error: 'passing' as const,
  message: 'it broke.',
  next: 'It is tried again by itself.',
  parked: false,
};
const lost = {
  issues,
  field: 'summary',
  outcome: 'public' as const,
  links: { public: issues.public.url, private: issues.private.url },
};
const held = { what: 'comment', reason: 'restricted, and restricted-comments is hold', link: issues.public.url };

describe('outputs', () => {
  it('are strings, added up over the cycles of a run', () => {
    const outcome = synced([eventful, { ...eventful, cycleId: 'c2', deferred: 4, oldestPendingSeconds: 90 }]);
    expect(outputsOf(outcome)).toEqual({
      status: 'Active',
      'cycle-id': 'c2',
      created: '2',
      updated: '2',
      removed: '2',
      conflicts: '2',
      held: '1',
      failed: '1',
      deferred: '4',
      'oldest-pending-seconds': '90',
      'requests-public': '10',
      'requests-private': '4',
    });
  });

  it('hold the status alone for operations that sync nothing', () => {
    expect(outputsOf({ ...statusOutcome(), card: { ...card, status: 'Pending' } } as Outcome)).toEqual({ status: 'Pending' });
    expect(outputsOf({ kind: 'rules', text: 'x' })).toEqual({});
  });
});

describe('exit code', () => {
  const merged = { ...lost, outcome: 'merged' as const };
  const table: readonly [string, Parameters<typeof synced>[0], Readonly<Record<FailOn, number>>][] = [
    ['nothing', [{}], { error: 0, conflict: 0, held: 0, never: 0 }],
    ['a failure', [{ failures: [failure] }], { error: 1, conflict: 1, held: 1, never: 0 }],
    ['a conflict', [{ conflicts: [lost] }], { error: 0, conflict: 1, held: 1, never: 0 }],
    ['a merged conflict', [{ conflicts: [merged] }], { error: 0, conflict: 0, held: 0, never: 0 }],
    ['something held', [{ held: [held] }], { error: 0, conflict: 0, held: 1, never: 0 }],
    ['the guard', [{ guard: 'stopped' }], { error: 3, conflict: 3, held: 3, never: 3 }],
    ['the guard and a failure', [{ guard: 'stopped', failures: [failure] }], { error: 3, conflict: 3, held: 3, never: 3 }],
    ['a failure in an earlier cycle', [{ failures: [failure] }, {}], { error: 1, conflict: 1, held: 1, never: 0 }],
  ];
  for (const [name, results, expected] of table) {
    it(`for ${name} follows fail-on`, () => {
      const failOns: readonly FailOn[] = ['error', 'conflict', 'held', 'never'];
      expect(Object.fromEntries(failOns.map((failOn) => [failOn, exitCodeOf(synced(results), failOn)]))).toEqual(expected);
    });
  }

  it('is 0 for every other outcome', () => {
    expect(exitCodeOf({ kind: 'rules', text: 'x' }, 'held')).toBe(0);
  });
});

describe('annotations', () => {
  it('say what failed, what conflicted and what ended', () => {
    const found = annotations(synced([{ failures: [failure], conflicts: [lost], ended: [{ issues, reason: 'removed' }] }]));
    expect(found).toEqual([
      {
        level: 'error',
        title: 'Not synced: ACME-1 and #7',
        message: 'new comment (to the private side): it broke. It is tried again by itself.',
      },
      {
        level: 'warning',
        title: 'Conflict: ACME-1 and #7',
        message: "summary was changed on both sides; the public side's value stands. The summary links to both.",
      },
      { level: 'notice', title: 'No longer in step: ACME-1 and #7', message: 'removed' },
    ]);
  });

  it('are ten of a level at most, the tenth counting the rest', () => {
    const failures = Array.from({ length: 25 }, (_, index) => ({ ...failure, what: `comment ${index}` }));
    const conflicts = Array.from({ length: 10 }, () => lost);
    const found = annotations(synced([{ failures, conflicts }]));
    expect(found.filter((entry) => entry.level === 'error')).toHaveLength(10);
    expect(found.filter((entry) => entry.level === 'error').at(-1)?.message).toBe(
      '16 more of this kind; the summary lists them.',
    );
    expect(found.filter((entry) => entry.level === 'warning').at(-1)?.title).toContain('Conflict');
  });

  it('end what a check says with one full stop, whether it is a whole sentence or not', () => {
    const checks = [
      { name: 'credentials', outcome: 'failed' as const, detail: 'It is wrong. Make a new one.', next: undefined },
      { name: 'permissions', outcome: 'warning' as const, detail: 'lacks Edit all comments', next: 'Grant it.' },
    ];
    const found = annotations({ kind: 'examined', card: undefined, groups: [{ title: 'Private side', checks }] });
    expect(found.map(({ message }) => message)).toEqual(['It is wrong. Make a new one.', 'lacks Edit all comments. Grant it.']);
  });

  it('are quiet about a quiet cycle', () => {
    expect(annotations(synced([{}]))).toEqual([]);
  });

  it('quote no content where the detail is ids', () => {
    expect(JSON.stringify(annotations(synced([eventful], 'ids')))).not.toContain('secret');
  });
});

describe('JSON report', () => {
  it('holds every cycle whole, with null for what is not known', () => {
    const document = reportJson(synced([{ changes: [change({ issues: { public: issues.public, private: undefined } })] }]));
    expect(document).toMatchObject({
      format: 1,
      operation: 'synced',
      connection: { name: 'Acme support', status: 'Active' },
      outputs: { created: '1' },
      requests: { public: 5, writes: { public: 1, private: 2 } },
      cycles: [{ result: { guard: null, changes: [{ issues: { private: null }, title: 'Login fails' }] } }],
    });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('quotes no content where the detail is ids', () => {
    expect(JSON.stringify(reportJson(synced([eventful], 'ids')))).not.toMatch(/secret|Login|Acme support\)/);
  });

  it('keeps the lines of the rules', () => {
    expect(reportJson({ kind: 'rules', text: 'a\nb\n' })).toMatchObject({ text: 'a\nb\n' });
  });
});
