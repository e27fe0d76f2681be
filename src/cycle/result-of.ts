import type { AskedLine, CycleResult } from '../core/result.ts';
import type { Asked, Memory } from './memory.ts';
import { linksOf, twinOf } from './memory.ts';

function askedLine(memory: Memory, asked: Asked): AskedLine {
  const twin = twinOf(memory, asked.side, asked.id);
  const outcome = asked.outcome === 'taken up' && twin === undefined && !memory.options.dryRun ? 'waiting' : asked.outcome;
  return { outcome, issues: twin === undefined ? asked.issues : linksOf(memory, twin) };
}

/** What a cycle tells of itself at its end. */
export function resultOf(memory: Memory, start: { kind: CycleResult['start']; reason: string | undefined }): CycleResult {
  const now = memory.ports.now();
  const oldest = Math.min(now, ...memory.state.retry.map((entry) => entry.since));
  return {
    cycleId: memory.options.cycleId,
    dryRun: memory.options.dryRun,
    start: start.kind,
    startReason: start.reason,
    twins: memory.twins.size,
    asked: memory.asked.map((asked) => askedLine(memory, asked)),
    ...(memory.resigned === undefined ? {} : { resigned: memory.resigned }),
    changes: memory.changes,
    conflicts: memory.conflicts,
    held: memory.held,
    failures: memory.failures,
    differences: memory.findings.map(({ twin, what, repaired }) => ({ issues: linksOf(memory, twin), what, repaired })),
    ended: memory.ended,
    deferred: memory.deferred,
    parked: memory.state.parked.length,
    guard: memory.guard,
    warnings: memory.warnings,
    ignoredStamps: memory.ignoredStamps,
    oldestPendingSeconds: Math.max(0, Math.round((now - oldest) / 1000)),
  };
}
