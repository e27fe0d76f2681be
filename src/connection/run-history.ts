import type { CycleEntry, RemovalEntry } from './record.ts';

const removalWindowMs = 24 * 60 * 60 * 1000;
/** Removals closer together than this are counted in one entry, so that a day fits the record at any polling rate. */
const removalBucketMs = 10 * 60 * 1000;
/** As many as the record takes. A day has 144 of ten minutes; only a damaged record holds more. */
const removalEntriesMax = 300;
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
  const isNewBucket = last === undefined || Math.floor(last.at / removalBucketMs) !== Math.floor(added.now / removalBucketMs);
  if (last === undefined || (isNewBucket && kept.length < removalEntriesMax)) {
    return [...kept, { at: added.now, count: added.count }];
  }
  const count = Math.min(last.count + added.count, Number.MAX_SAFE_INTEGER);
  return [...kept.slice(0, -1), { at: Math.max(last.at, added.now), count }];
}

/** Number of removals in the 24 hours before `now` (the guard of sync-model.md, step 6). */
export function countRemovals(removals: readonly RemovalEntry[], now: number): number {
  return removalsWithin(removals, now).reduce((sum, entry) => sum + entry.count, 0);
}

/** An entry from the future counts as one of now: otherwise it would hold the guard for good. */
function removalsWithin(removals: readonly RemovalEntry[], now: number): RemovalEntry[] {
  return removals
    .filter((entry) => entry.at > now - removalWindowMs)
    .map((entry) => ({ at: Math.min(entry.at, now), count: entry.count }));
}

/** The last 20 cycles with a new one at the end. */
export function addCycle(cycles: readonly CycleEntry[], cycle: CycleEntry): CycleEntry[] {
  return [...cycles, cycle].slice(-cyclesMax);
}
