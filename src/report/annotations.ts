import type { Check, ConflictLine, DifferenceLine, FailureLine, IssueLink } from '../core/result.ts';
import type { Pair } from '../core/model.ts';
import { whatText } from './blocks.ts';
import type { Outcome } from './outcome.ts';
import { messageLengthMax, plainLine } from './plain-line.ts';
import { shown } from './shown.ts';
import { totalsOf } from './totals.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/** GitHub shows ten of each level a step and drops the rest without a word. */
const annotationsMax = 10;

/**
 * What is worth a note beside the run: errors for the guard and for what failed, warnings for conflicts that one side lost
 * and for checks, notices for twins that ended. At most ten of a level; the tenth says how many more there are.
 */
export function annotations(outcome: Outcome): readonly Annotation[] {
  const all = annotationsOf(shown(outcome)).map((entry) => ({
    level: entry.level,
    title: plainLine(entry.title),
    message: plainLine(entry.message, messageLengthMax),
  }));
  const of = (level: Annotation['level']): readonly Annotation[] => atMost(all.filter((entry) => entry.level === level));
  return [...of('error'), ...of('warning'), ...of('notice')];
}

function annotationsOf(outcome: Outcome): readonly Annotation[] {
  switch (outcome.kind) {
    case 'initiated':
    case 'accepted':
    case 'configured':
      return outcome.checks.filter((check) => check.outcome !== 'passed').map(ofCheck);
    case 'status':
      return [
        ...(outcome.stale === undefined
          ? []
          : [{ level: 'error' as const, title: 'No cycle has committed', message: outcome.stale }]),
        ...outcome.notices.map(ofNotice),
      ];
    case 'examined':
      return outcome.groups.flatMap(({ checks }) => checks.filter((check) => check.outcome !== 'passed').map(ofCheck));
    case 'hosts':
    case 'switched':
    case 'revoked':
    case 'rules':
      return [];
    case 'reissued':
    case 'cleaned':
      return outcome.failures.map(ofFailure);
    case 'synced':
      break;
  }
  const totals = totalsOf(outcome.cycles);
  return [
    ...totals.guards.map((guard): Annotation => ({ level: 'error', title: 'Removals were stopped', message: guard })),
    ...totals.failures.map(ofFailure),
    ...totals.conflicts.filter((conflict) => conflict.outcome !== 'merged').map(ofConflict),
    ...totals.differences.filter((line) => !line.repaired).map(ofDifference),
    ...outcome.notices.map(ofNotice),
    ...totals.warnings.map((warning): Annotation => ({ level: 'warning', title: 'Warning', message: warning })),
    ...totals.ended.map(
      (end): Annotation => ({ level: 'notice', title: `No longer in step: ${keysOf(end.issues)}`, message: end.reason }),
    ),
  ];
}

function ofNotice(message: string): Annotation {
  return { level: 'warning', title: 'Attention', message };
}

function ofCheck(check: Check): Annotation {
  const next = check.next === undefined ? '' : ` ${check.next}`;
  return {
    level: check.outcome === 'failed' ? 'error' : 'warning',
    title: `Check: ${check.name}`,
    message: `${asSentence(check.detail)}${next}`,
  };
}

/** Messages of errors are whole sentences, what a check says of itself is none. */
function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function ofFailure(failure: FailureLine): Annotation {
  return {
    level: 'error',
    title: `Not synced: ${keysOf(failure.issues)}`,
    message: `${whatText(failure.what)}: ${failure.message} ${failure.next}`,
  };
}

function ofConflict(conflict: ConflictLine): Annotation {
  return {
    level: 'warning',
    title: `Conflict: ${keysOf(conflict.issues)}`,
    message: `${whatText(conflict.field)} was changed on both sides; the ${conflict.outcome} side's value stands. The summary links to both.`,
  };
}

function ofDifference(line: DifferenceLine): Annotation {
  return {
    level: 'warning',
    title: `Differs: ${keysOf(line.issues)}`,
    message: `The audit found that ${whatText(line.what)} differs between the two sides, and it is not repaired.`,
  };
}

function keysOf(issues: Pair<IssueLink | undefined>): string {
  const keys = [issues.public?.key, issues.private?.key].filter((key) => key !== undefined);
  return keys.length === 0 ? 'an issue' : keys.join(' and ');
}

function atMost(entries: readonly Annotation[]): readonly Annotation[] {
  const first = entries[0];
  if (first === undefined || entries.length <= annotationsMax) return entries;
  const kept = entries.slice(0, annotationsMax - 1);
  return [
    ...kept,
    {
      level: first.level,
      title: 'And more',
      message: `${entries.length - kept.length} more of this kind; the summary lists them.`,
    },
  ];
}
