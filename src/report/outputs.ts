import type { Outcome } from './outcome.ts';
import { totalsOf } from './totals.ts';

/**
 * Outputs of the action (interface.md), as strings. `plan-path` and `report-path` are the entry's, which writes the files.
 * A run of several cycles adds their counts up; `cycle-id`, `deferred` and `oldest-pending-seconds` are the last one's.
 * A merged description is no conflict here: nothing was lost.
 */
export function outputsOf(outcome: Outcome): Readonly<Record<string, string>> {
  if (outcome.kind === 'rules' || outcome.kind === 'hosts' || outcome.card === undefined) return {};
  const { status } = outcome.card;
  if (outcome.kind === 'cleaned') {
    const { failures, remaining, mapPath } = outcome;
    return {
      status,
      failed: String(failures.length),
      deferred: String(remaining),
      ...(mapPath === undefined ? {} : { 'twin-map-path': mapPath }),
    };
  }
  if (outcome.kind !== 'synced') return { status };
  const totals = totalsOf(outcome.cycles);
  return {
    status,
    'cycle-id': totals.cycleId,
    created: String(totals.created),
    updated: String(totals.updated),
    removed: String(totals.removed),
    conflicts: String(totals.lost),
    held: String(totals.held.length),
    failed: String(totals.failures.length),
    deferred: String(totals.deferred),
    'oldest-pending-seconds': String(totals.oldestPendingSeconds),
    'requests-public': String(totals.requests.public),
    'requests-private': String(totals.requests.private),
  };
}
