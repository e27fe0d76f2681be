import type { CycleEntry, RemovalEntry } from './record.ts';

const removalWindowMs = 24 * 60 * 60 * 1000;
/** Removals closer together than this are counted in one entry, so that a day fits the record at any polling rate. */
const removalBucketMs = 10 * 60 * 1000;
const cyclesMax = 20;

/**
 * The removals of the 24 hours before `now` with `count` new ones. An entry keeps its latest time: the guard may count a
 * removal some minutes too long, never too short.
 */
export function addRemovals(
  removals: readonly RemovalEntry[],
  added: { readonly now: number; readonly count: number },
): RemovalEntry[] {
  const kept = removalsWithin(removals, added.now);
  if (added.count === 0) return kept;
  const last = kept.at(-1);
  if (last === undefined || Math.floor(last.at / removalBucketMs) !== Math.floor(added.now / removalBucketMs)) {
    return [...kept, { at: added.now, count: added.count }];
  }
  return [...kept.slice(0, -1), { at: Math.max(last.at, added.now), count: last.count + added.count }];
}

/** Number of removals in the 24 hours before `now` (the guard of sync-model.md, step 6). */
export function countRemovals(removals: readonly RemovalEntry[], now: number): number {
  return removalsWithin(removals, now).reduce((sum, entry) => sum + entry.count, 0);
}

function removalsWithin(removals: readonly RemovalEntry[], now: number): RemovalEntry[] {
  return removals.filter((entry) => entry.at > now - removalWindowMs);
}

/** The last 20 cycles with a new one at the end. */
export function addCycle(cycles: readonly CycleEntry[], cycle: CycleEntry): CycleEntry[] {
  return [...cycles, cycle].slice(-cyclesMax);
}
