import { expect, test } from 'vitest';
import { nextProblems, withNewest } from '../../src/connection/problems.ts';
import { prepareRecord } from '../../src/connection/record-checks.ts';
import type { Problem } from '../../src/connection/record.ts';
import { runRecordSchema } from '../../src/connection/record.ts';
import { run, startMs } from './sample-record.ts';

const hourMs = 3_600_000;
const failed = (key: string, at = startMs): Problem => ({ public: key, name: 'refused', at });

test('a problem that comes again moves to the end with its new time, and the newest twenty stay', () => {
  const first = withNewest([failed('A-1'), failed('A-2')], [failed('A-1', startMs + 5)]);
  expect(first).toEqual([failed('A-2'), failed('A-1', startMs + 5)]);
  const many = withNewest(
    first,
    Array.from({ length: 30 }, (_, index) => failed(`B-${index}`)),
  );
  expect(many).toHaveLength(20);
  expect(many.at(-1)).toEqual(failed('B-29'));
});

test('failures stand open while their issue waits, conflicts for a day, and what stopped a cycle until one commits', () => {
  const before: Problem[] = [
    failed('A-1'),
    failed('A-2'),
    { public: 'A-3', name: 'conflict', at: startMs },
    { name: 'stopped: host', at: startMs },
    { name: 'guard', at: startMs },
  ];
  const after = (hours: number): readonly string[] =>
    nextProblems(before, { now: startMs + hours * hourMs, met: [], isWaiting: (problem) => problem.public === 'A-2' }).map(
      ({ public: key = '', name }) => `${key} ${name}`,
    );
  expect(after(23)).toEqual(['A-2 refused', 'A-3 conflict']);
  expect(after(24)).toEqual(['A-2 refused']);
});

test('conflicts of several fields of one issue are several', () => {
  const conflict = (field: string): Problem => ({ public: 'A-3', name: 'conflict', at: startMs, field, stands: 'public' });
  expect(withNewest([conflict('summary')], [conflict('type'), conflict('summary')])).toHaveLength(2);
});

test('the fullest health, cycles and removals fit one property of Jira', () => {
  const count = Number.MAX_SAFE_INTEGER;
  const budget = { limit: count, remaining: count, at: startMs };
  const full = {
    ...run,
    removals: Array.from({ length: 145 }, () => ({ at: startMs, count: 1_000_000 })),
    cycles: Array.from({ length: 20 }, () => ({ ...run.cycles[0]!, created: count, updated: count, requests: count })),
    health: {
      twins: count,
      retry: count,
      parked: count,
      problems: Array.from({ length: 20 }, () => ({
        public: 'X'.repeat(80),
        private: 'Y'.repeat(80),
        name: 'z'.repeat(40),
        at: startMs,
        field: 'f'.repeat(20),
        stands: 'private' as const,
      })),
      budgets: { public: budget, private: budget },
    },
    notice: { number: count, digest: 'd'.repeat(64), isOpen: true },
    tokensExpireAt: { public: startMs, private: startMs },
  };
  expect(JSON.stringify(prepareRecord(runRecordSchema, 'run', full)).length).toBeLessThan(20_000);
});

test('a record that an earlier version wrote is read as it is', () => {
  expect(prepareRecord(runRecordSchema, 'run', run)).toEqual(run);
});
