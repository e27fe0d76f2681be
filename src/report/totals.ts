import type { SideName } from '../core/model.ts';
import type { ChangeLine, ConflictLine, CycleResult, DifferenceLine, FailureLine, HeldLine } from '../core/result.ts';
import type { CycleReport, RequestTotals } from './outcome.ts';

/** All cycles of one run as one: what happened in any of them, and how things stand after the last. */
export interface Totals {
  readonly dryRun: boolean;
  readonly cycleId: string;
  readonly twins: number;
  readonly asked: CycleResult['asked'];
  readonly changes: readonly ChangeLine[];
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
  readonly conflicts: readonly ConflictLine[];
  /** Those where one side's value gave way: what outputs and exit code count. */
  readonly lost: number;
  /** Each once, however many cycles met it. */
  readonly held: readonly HeldLine[];
  readonly failures: readonly FailureLine[];
  readonly differences: readonly DifferenceLine[];
  readonly ended: CycleResult['ended'];
  readonly guards: readonly string[];
  readonly warnings: readonly string[];
  readonly ignoredStamps: number;
  readonly deferred: number;
  readonly parked: number;
  readonly oldestPendingSeconds: number;
  readonly requests: RequestTotals;
  readonly budgets: CycleReport['budgets'];
}

export function totalsOf(cycles: readonly CycleReport[]): Totals {
  const results = cycles.map((cycle) => cycle.result);
  const last = results.at(-1);
  const changes = results.flatMap((result) => result.changes);
  const conflicts = results.flatMap((result) => result.conflicts);
  return {
    dryRun: last?.dryRun ?? false,
    cycleId: last?.cycleId ?? '',
    twins: last?.twins ?? 0,
    asked: results.flatMap((result) => result.asked),
    changes,
    created: countOf(changes, 'created'),
    updated: countOf(changes, 'updated'),
    removed: countOf(changes, 'removed'),
    conflicts,
    lost: conflicts.filter((conflict) => conflict.outcome !== 'merged').length,
    held: once(
      results.flatMap((result) => result.held),
      (held) => [held.what, held.link],
    ),
    failures: once(
      results.flatMap((result) => result.failures),
      (failure) => [failure.issues.public?.url, failure.issues.private?.url, failure.what, failure.message],
    ),
    differences: once(
      results.flatMap((result) => result.differences),
      (line) => [line.issues.public?.url, line.issues.private?.url, line.what, String(line.repaired)],
    ),
    ended: results.flatMap((result) => result.ended),
    guards: once(
      results.flatMap((result) => result.guard ?? []),
      (guard) => [guard],
    ),
    warnings: once(
      results.flatMap((result) => result.warnings),
      (warning) => [warning],
    ),
    ignoredStamps: Math.max(0, ...results.map((result) => result.ignoredStamps)),
    deferred: last?.deferred ?? 0,
    parked: last?.parked ?? 0,
    oldestPendingSeconds: last?.oldestPendingSeconds ?? 0,
    requests: requestsOf(cycles),
    budgets: cycles.at(-1)?.budgets ?? [],
  };
}

export function countOf(changes: readonly ChangeLine[], action: ChangeLine['action']): number {
  return changes.filter((change) => change.action === action).length;
}

function once<T>(items: readonly T[], keyOf: (item: T) => readonly (string | undefined)[]): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(keyOf(item));
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function requestsOf(cycles: readonly CycleReport[]): RequestTotals {
  const sum = (read: (requests: RequestTotals) => number): number =>
    cycles.reduce((total, cycle) => total + read(cycle.requests), 0);
  const writes = (side: SideName): number => sum((requests) => requests.writes[side]);
  return {
    public: sum((requests) => requests.public),
    private: sum((requests) => requests.private),
    control: sum((requests) => requests.control),
    audit: sum((requests) => requests.audit),
    writes: { public: writes('public'), private: writes('private') },
  };
}
