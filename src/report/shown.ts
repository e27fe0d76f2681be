import type { ConflictLine, CycleResult, FailureLine } from '../core/result.ts';
import { reasonWithoutContent } from './advice.ts';
import type { ConnectionCard, Outcome } from './outcome.ts';
import { statusWithIds } from './status-report.ts';

/** What stands in place of a text that `report-detail: ids` leaves out. */
export const leftOut = 'left out (report-detail: ids)';

/**
 * An outcome as it may be shown. With `detail: 'ids'` titles, names of files and every text that may quote content are
 * gone before anything renders it; keys, links and counts stay (connection.md, "Accept": a public repository's logs and
 * summaries show ids only).
 */
export function shown(outcome: Outcome): Outcome {
  if (outcome.kind === 'cleaned' && outcome.detail === 'ids') {
    const failures = outcome.failures.map((failure): FailureLine => ({ ...failure, message: leftOut }));
    return { ...outcome, card: withoutName(outcome.card), failures };
  }
  if (outcome.kind === 'status' && outcome.detail === 'ids') return { ...outcome, ...statusWithIds(outcome) };
  if (outcome.kind !== 'synced' || outcome.detail === 'full') return outcome;
  const cycles = outcome.cycles.map((cycle) => ({ ...cycle, result: resultWithIds(cycle.result) }));
  return { ...outcome, card: withoutName(outcome.card), cycles };
}

function withoutName(card: ConnectionCard): ConnectionCard {
  return { ...card, project: card.project.replace(/ \(.*$/s, '') };
}

function resultWithIds(result: CycleResult): CycleResult {
  return {
    ...result,
    changes: result.changes.map((change) => ({ ...change, what: kindOnly(change.what), title: '', values: undefined })),
    conflicts: result.conflicts.map((conflict): ConflictLine => ({ ...conflict, field: kindOnly(conflict.field) })),
    held: result.held.map((held) => ({ ...held, what: kindOnly(held.what), reason: reasonWithoutContent(held.reason) })),
    failures: result.failures.map((failure): FailureLine => ({ ...failure, what: kindOnly(failure.what), message: leftOut })),
    differences: result.differences.map((line) => ({ ...line, what: kindOnly(line.what) })),
    // Warnings are told by their number alone: some quote what a server said.
    warnings: result.warnings.map((_, index) => `warning ${index + 1}: ${leftOut}`),
  };
}

/** `attachment plan.pdf` → `attachment`; `comment.create private 12` → `comment.create private`; issue keys stay. */
function kindOnly(what: string): string {
  const effect = /^([a-z]+\.[a-z]+ (?:public|private))\b/.exec(what)?.[1];
  if (effect !== undefined) return effect;
  if (/^(?:(?:issue|summary|description|type|files|comment|ledger)(?:, |$))+$/.test(what)) return what;
  if (/^(?:twin of )?issue (?:[A-Z][A-Z0-9_]*-|#)\d+$/.test(what)) return what;
  return /^[a-z]+/.exec(what)?.[0] ?? 'item';
}
