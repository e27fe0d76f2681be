import { exitCodes } from '../errors.ts';
import type { Outcome } from './outcome.ts';
import { totalsOf } from './totals.ts';

/** From the input `fail-on`. */
export type FailOn = 'error' | 'conflict' | 'held' | 'never';

/**
 * The exit code of a run that no error ended (interface.md): 1 for a status that does not keep `max-age`, or
 * a doctor whose check failed; 3 where the guard stopped removals, whatever `fail-on` says;
 * 1 for what `fail-on` names; else 0. Merged conflicts do not count, and what failed in any cycle of a run does, even
 * though a later one may have made it good.
 */
export function exitCodeOf(outcome: Outcome, failOn: FailOn): number {
  // Not done is not failed: the next run goes on where the time budget ended this one.
  if (outcome.kind === 'cleaned' || outcome.kind === 'reissued') return outcome.failures.length > 0 ? 1 : 0;
  if (outcome.kind === 'status') return outcome.stale === undefined ? 0 : 1;
  if (outcome.kind === 'examined')
    return outcome.groups.some(({ checks }) => checks.some((check) => check.outcome === 'failed')) ? 1 : 0;
  if (outcome.kind !== 'synced') return 0;
  const totals = totalsOf(outcome.cycles);
  if (totals.guards.length > 0) return exitCodes.guard;
  const failed = totals.failures.length;
  const counted: Readonly<Record<FailOn, number>> = {
    error: failed,
    conflict: failed + totals.lost,
    held: failed + totals.lost + totals.held.length,
    never: 0,
  };
  return counted[failOn] > 0 ? 1 : 0;
}
