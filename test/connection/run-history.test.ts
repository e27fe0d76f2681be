import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCycle, addRemovals, countRemovals } from '../../src/connection/run-history.ts';
import { type RemovalEntry, runRecordSchema } from '../../src/connection/record.ts';
import { run, startMs } from './sample-record.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('removals', () => {
  it('are never forgotten within 24 hours, always soon after, and always fit the record', () => {
    const steps = fc.array(fc.record({ afterMs: fc.integer({ min: 20_000, max: 3_600_000 }), count: fc.nat(5) }), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(steps, (drawn) => {
        let now = startMs;
        let removals: RemovalEntry[] = [];
        const exact: RemovalEntry[] = [];
        for (const { afterMs, count } of drawn) {
          now += afterMs;
          removals = addRemovals(removals, { now, count });
          exact.push({ at: now, count });
        }
        const since = (ms: number) => exact.filter((entry) => entry.at > ms).reduce((sum, entry) => sum + entry.count, 0);
        const counted = countRemovals(removals, now);
        expect(counted).toBeGreaterThanOrEqual(since(now - dayMs));
        expect(counted).toBeLessThanOrEqual(since(now - dayMs - 600_000));
        expect(runRecordSchema.safeParse({ ...run, removals }).success).toBe(true);
      }),
      { seed: 11 },
    );
  });

  it('fit the record even when every poll of a day removes something', () => {
    let removals: RemovalEntry[] = [];
    for (let now = startMs; now < startMs + 2 * dayMs; now += 20_000) removals = addRemovals(removals, { now, count: 1 });
    expect(runRecordSchema.safeParse({ ...run, removals }).success).toBe(true);
  });
});

it('keeps the last twenty cycles, the newest at the end', () => {
  const cycle = run.cycles[0]!;
  let cycles = run.cycles;
  for (let index = 1; index <= 30; index += 1) cycles = addCycle(cycles, { ...cycle, at: index });
  expect(cycles).toHaveLength(20);
  expect(cycles.at(-1)!.at).toBe(30);
  expect(cycles[0]!.at).toBe(11);
});
