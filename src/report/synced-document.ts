import type { Pair, SideName } from '../core/model.ts';
import type { AskedOutcome, ChangeLine, ConflictLine, CycleResult, IssueLink } from '../core/result.ts';
import { adviceFor } from './advice.ts';
import type { Block, Cell, Piece } from './blocks.ts';
import { cardBlock, whatText } from './blocks.ts';
import type { CycleReport, Outcome } from './outcome.ts';
import { plainLine } from './plain-line.ts';
import type { Totals } from './totals.ts';
import { countOf, totalsOf } from './totals.ts';

type Synced = Extract<Outcome, { kind: 'synced' }>;

/** Of many cycles in one run so many are listed one by one. */
const cyclesShownMax = 50;

/** The report of a sync: what needs a person first, then what was done, then what it cost. */
export function syncedBlocks(outcome: Synced): readonly Block[] {
  const totals = totalsOf(outcome.cycles);
  const isFull = outcome.detail === 'full';
  return [
    { kind: 'line', text: [headline(totals)] },
    ...totals.guards.map((guard): Block => ({ kind: 'line', text: [`Removals were stopped: ${guard}`], isAlert: true })),
    cardBlock(outcome.card),
    ...table(
      totals.dryRun ? 'Asked for (nothing was written)' : 'Asked for',
      ['Public', 'Private', 'Outcome'],
      totals.asked.map((line) => [...issueCells(line.issues), [askedTexts[line.outcome]]]),
    ),
    ...(outcome.notices.length === 0
      ? []
      : [{ kind: 'list' as const, title: 'Attention', items: outcome.notices.map((notice) => [notice]) }]),
    ...startLines(outcome.cycles),
    ...table('Failed', ['Public', 'Private', 'What', 'Problem', 'Next'], failureRows(totals)),
    ...table('Conflicts', ['Public', 'Private', 'What', 'Outcome', 'Values'], totals.conflicts.map(conflictRow)),
    ...table(
      totals.dryRun ? 'Plan (nothing was written)' : 'What changed',
      changeColumns(isFull),
      totals.changes.map((change) => changeRow(change, isFull)),
    ),
    ...valuesBlock(totals.changes),
    ...table(
      'Held',
      ['What', 'Why', 'Next'],
      totals.held.map((held) => [[{ label: held.what, url: held.link }], [held.reason], [adviceFor(held.reason)]]),
    ),
    ...table('Found by the audit', ['Public', 'Private', 'What differed', 'Outcome'], differenceRows(totals)),
    ...table(
      'No longer in step',
      ['Public', 'Private', 'Why'],
      totals.ended.map((end) => [...issueCells(end.issues), [end.reason]]),
    ),
    ...(totals.warnings.length === 0
      ? []
      : [{ kind: 'list' as const, title: 'Warnings', items: totals.warnings.map((warning) => [warning]) }]),
    ...waitingLines(totals),
    ...cycleTable(outcome.cycles),
    ...requestBlocks(totals, outcome.cycles),
  ];
}

const askedTexts: Readonly<Record<AskedOutcome, string>> = {
  'taken up': 'put under sync',
  'in sync before': 'was in sync already',
  connected: 'connected: twins from now on',
  revived: 'connected again, from where they were last in step',
  unlinked: 'unlinked: both issues stay, changes cross no more',
  'tried again': 'tried again',
  waiting: 'not done yet; it is tried again by itself, see the other lists',
};

function headline(totals: Totals): string {
  const counts = `${totals.created} created, ${totals.updated} updated, ${totals.removed} removed, ${totals.lost} conflicts, ${totals.held.length} held, ${totals.failures.length} failed`;
  if (totals.dryRun) return `Dry run, nothing was written. Planned: ${counts}.`;
  const isQuiet =
    [totals.asked, totals.changes, totals.conflicts, totals.held, totals.failures, totals.differences].every(
      (lines) => lines.length === 0,
    ) && totals.deferred === 0;
  const parked =
    totals.parked === 0
      ? ''
      : ` ${totals.parked} refused before and left as ${totals.parked === 1 ? 'it is' : 'they are'}: status names them, each is tried again once a day.`;
  if (!isQuiet || totals.guards.length > 0) return `${counts}. ${totals.twins} twins.${parked}`;
  return parked === ''
    ? `In step: there was nothing to do. ${totals.twins} twins.`
    : `There was nothing to do. ${totals.twins} twins.${parked}`;
}

function startLines(cycles: readonly CycleReport[]): readonly Block[] {
  const first = cycles[0]?.result;
  if (first?.start === 'first') return [{ kind: 'line', text: ['This was the first cycle of this connection.'] }];
  if (first?.start !== 'rebuilt') return [];
  return [
    {
      kind: 'line',
      text: [
        `The state was rebuilt from both sides (${first.startReason ?? 'it was lost'}). That costs requests and loses nothing.`,
      ],
    },
  ];
}

function table(title: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): readonly Block[] {
  return rows.length === 0 ? [] : [{ kind: 'table', title, columns, rows }];
}

function issueCells(issues: Pair<IssueLink | undefined>): readonly [Cell, Cell] {
  return [issueCell(issues.public), issueCell(issues.private)];
}

function issueCell(issue: IssueLink | undefined): Cell {
  return issue === undefined ? ['–'] : [{ label: issue.key, url: issue.url }];
}

function failureRows(totals: Totals): readonly (readonly Cell[])[] {
  return totals.failures.map((failure) => [
    ...issueCells(failure.issues),
    [whatText(failure.what)],
    [failure.message],
    [failure.parked ? `Refused for good. ${failure.next}` : failure.next],
  ]);
}

function differenceRows(totals: Totals): readonly (readonly Cell[])[] {
  const open = totals.dryRun ? 'nothing was written' : 'not repaired yet; see the other lists';
  return totals.differences.map((line) => [
    ...issueCells(line.issues),
    [whatText(line.what)],
    [line.repaired ? 'repaired' : open],
  ]);
}

function conflictRow(conflict: ConflictLine): readonly Cell[] {
  const values: readonly Piece[] = [
    { label: 'public', url: conflict.links.public },
    ' · ',
    { label: 'private', url: conflict.links.private },
  ];
  const outcome = conflict.outcome === 'merged' ? 'merged: both edits stand' : `the ${conflict.outcome} side's value stands`;
  return [...issueCells(conflict.issues), [whatText(conflict.field)], [outcome], values];
}

const actionMarks: Readonly<Record<ChangeLine['action'], string>> = {
  created: '✚ created',
  updated: '✎ updated',
  removed: '− removed',
};
const sideMarks: Readonly<Record<SideName, string>> = { public: '← public', private: '→ private' };

function changeColumns(isFull: boolean): readonly string[] {
  const columns = ['Change', 'To', 'Public', 'Private', 'What'];
  return isFull ? [...columns, 'Title'] : columns;
}

function changeRow(change: ChangeLine, isFull: boolean): readonly Cell[] {
  const cells = [[actionMarks[change.action]], [sideMarks[change.side]], ...issueCells(change.issues), [plainLine(change.what)]];
  return isFull ? [...cells, [plainLine(change.title)]] : cells;
}

/** What a plan would make of the values that stand there; a cycle that writes keeps none. */
function valuesBlock(changes: readonly ChangeLine[]): readonly Block[] {
  const items = changes.flatMap((change) =>
    (change.values ?? []).map(({ field, before, after }) => {
      const [first, second] = issueCells(change.issues);
      return { head: [...first, ' · ', ...second, ` ${sideMarks[change.side]}: ${field}`], before, after };
    }),
  );
  return items.length === 0 ? [] : [{ kind: 'diff', title: 'Values, before (-) and after (+)', items }];
}

function waitingLines(totals: Totals): readonly Block[] {
  const lines = [
    ...(totals.deferred === 0
      ? []
      : [
          `${totals.deferred} twins wait for a later cycle (time-budget, max-changes or a server's rate limit), the oldest change first.`,
        ]),
    ...(totals.oldestPendingSeconds === 0 ? [] : [`The oldest change that still waits is ${totals.oldestPendingSeconds} s old.`]),
    ...(totals.ignoredStamps === 0 ? [] : [`${totals.ignoredStamps} stamps of others, or forged ones, were ignored.`]),
  ];
  return lines.map((line) => ({ kind: 'line', text: [line] }));
}

function isInteresting(result: CycleResult): boolean {
  return (
    [result.changes, result.conflicts, result.held, result.failures, result.differences, result.ended, result.warnings].some(
      (lines) => lines.length > 0,
    ) || result.guard !== undefined
  );
}

function cycleTable(cycles: readonly CycleReport[]): readonly Block[] {
  if (cycles.length < 2) return [];
  const interesting = cycles.filter((cycle) => isInteresting(cycle.result));
  const rows = interesting
    .slice(0, cyclesShownMax)
    .map(({ result, requests, durationMs }) => [
      [result.cycleId],
      [`${countOf(result.changes, 'created')} / ${countOf(result.changes, 'updated')} / ${countOf(result.changes, 'removed')}`],
      [`${result.conflicts.length} / ${result.held.length} / ${result.failures.length}`],
      [`${requests.public} / ${requests.private}`],
      [duration(durationMs)],
    ]);
  const unlisted = interesting.length - rows.length;
  const rest = unlisted === 0 ? '' : ` ${unlisted} more had, too.`;
  return [
    ...table(
      'Cycles',
      ['Cycle', 'Created / updated / removed', 'Conflicts / held / failed', 'Requests public / private', 'Time'],
      rows,
    ),
    {
      kind: 'line',
      text: [`${cycles.length} cycles in this run; ${cycles.length - interesting.length} had nothing to do.${rest}`],
    },
  ];
}

function requestBlocks(totals: Totals, cycles: readonly CycleReport[]): readonly Block[] {
  const { requests } = totals;
  const durationMs = cycles.reduce((sum, cycle) => sum + cycle.durationMs, 0);
  const facts = [
    { name: 'Public side', value: [`${requests.public} requests, ${requests.writes.public} of them writes`] },
    { name: 'Private side', value: [`${requests.private} requests, ${requests.writes.private} of them writes`] },
    { name: 'Among them', value: [`${requests.control} for record and lease, ${requests.audit} for the audit`] },
    ...totals.budgets.map((budget) => ({
      name: `Rate budget of ${budget.host}`,
      value: [`${budget.remaining} of ${budget.limit} left`],
    })),
    { name: 'Time', value: [duration(durationMs)] },
  ];
  return [{ kind: 'facts', facts }];
}

function duration(durationMs: number): string {
  const seconds = durationMs / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
