import type { Block, Cell } from './blocks.ts';
import { cardBlock } from './blocks.ts';
import type { ConnectionCard } from './outcome.ts';
import { problemNext, problemText } from './advice.ts';

export interface IssueRow {
  readonly key: string;
  readonly url: string;
}

/** What stands open, by keys and the error's name, as the record tells it. */
export interface ProblemRow {
  readonly public: string | undefined;
  readonly private: string | undefined;
  readonly name: string;
  readonly at: number;
  /** Of a conflict: what both sides had changed, and the side whose value stands; undefined where an older version wrote it. */
  readonly field?: string | undefined;
  readonly stands?: 'public' | 'private' | undefined;
  /** Where both issues are, as far as record and state tell. */
  readonly links: { readonly public: IssueRow | undefined; readonly private: IssueRow | undefined };
}

export interface CycleRow {
  readonly at: number;
  readonly outcome: string;
  readonly created: number;
  readonly updated: number;
  readonly removed: number;
  readonly conflicts: number;
  readonly failed: number;
  readonly requests: number;
  /** Undefined where an older version wrote it. */
  readonly durationMs?: number | undefined;
}

export interface TwinRow {
  readonly public: IssueRow;
  readonly private: IssueRow;
  readonly origin: 'public' | 'private';
  readonly title: string;
}

export interface RetryRow {
  readonly side: 'public' | 'private';
  /** The issue's key where it is known, else its id. */
  readonly issue: string;
  /** Both issues, as far as they are there and known. */
  readonly public: IssueRow | undefined;
  readonly private: IssueRow | undefined;
  readonly reason: string;
  readonly attempts: number;
  readonly since: number;
  readonly next: number;
}

export interface ParkedRow {
  readonly public: IssueRow | undefined;
  readonly private: IssueRow | undefined;
  readonly what: string;
  readonly reason: string;
  readonly at: number;
}

/** What only the runner's own state tells. */
export type StateView =
  | {
      readonly kind: 'read';
      readonly twins: readonly TwinRow[];
      readonly retry: readonly RetryRow[];
      readonly parked: readonly ParkedRow[];
    }
  /** Why it was not read, and how it can be. */
  | { readonly kind: 'unread'; readonly reason: string };

/** Everything that `status` shows of a connection beside its card. */
export interface StatusReport {
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** As the last cycle left them; undefined where no cycle has told. */
  readonly counts: { readonly twins: number; readonly retry: number; readonly parked: number } | undefined;
  readonly problems: readonly ProblemRow[];
  /** The newest first. */
  readonly cycles: readonly CycleRow[];
  readonly budgets: readonly { readonly side: string; readonly limit: number; readonly remaining: number; readonly at: number }[];
  readonly state: StateView;
  /** What an admin should see to soon; Sallyport's own words. */
  readonly notices: readonly string[];
  /** Why `max-age` is not kept; undefined where it is, or was not asked for. */
  readonly stale: string | undefined;
}

export function statusBlocks(card: ConnectionCard, report: StatusReport): readonly Block[] {
  const { stale, counts, state } = report;
  return [
    ...(stale === undefined ? [] : [{ kind: 'line' as const, text: [stale], isAlert: true as const }]),
    cardBlock(card),
    {
      kind: 'facts',
      facts: [
        ...report.facts.map(({ name, value }) => ({ name, value: [value] })),
        ...(counts === undefined
          ? []
          : [{ name: 'twins / waiting / parked', value: [`${counts.twins} / ${counts.retry} / ${counts.parked}`] }]),
        ...report.budgets.map((budget) => ({
          name: `rate budget, ${budget.side} side`,
          value: [`${budget.remaining} of ${budget.limit} left at ${timeText(budget.at)}`],
        })),
      ],
    },
    ...list(
      'Attention',
      report.notices.map((notice) => [notice]),
    ),
    ...table('Open problems', ['Public', 'Private', 'Error', 'Since', 'Next'], report.problems.map(problemRow)),
    ...stateBlocks(state),
    ...table(
      'Last cycles',
      ['Ended', 'Outcome', 'Created / updated / removed', 'Conflicts / failed', 'Requests'],
      report.cycles.map((cycle) => [
        [timeText(cycle.at)],
        [cycle.outcome],
        [`${cycle.created} / ${cycle.updated} / ${cycle.removed}`],
        [`${cycle.conflicts} / ${cycle.failed}`],
        [String(cycle.requests)],
      ]),
    ),
  ];
}

function problemRow(problem: ProblemRow): readonly Cell[] {
  const { links, name, at } = problem;
  return [link(links.public), link(links.private), [problemText(problem)], [timeText(at)], [problemNext(name)]];
}

function stateBlocks(state: StateView): readonly Block[] {
  if (state.kind === 'unread') return [{ kind: 'line', text: [`Single twins are not listed: ${state.reason}`] }];
  return [
    ...table(
      'Waiting for another try',
      ['Public', 'Private', 'Side', 'Why', 'Tries', 'Since', 'Next try'],
      state.retry.map((row) => [
        ...issueCells(row),
        [row.side],
        [row.reason],
        [String(row.attempts)],
        [timeText(row.since)],
        [timeText(row.next)],
      ]),
    ),
    ...table(
      'Parked until the content changes',
      ['Public', 'Private', 'What', 'Why', 'Since'],
      state.parked.map((row) => [link(row.public), link(row.private), [row.what], [row.reason], [timeText(row.at)]]),
    ),
    ...table(
      'Twins',
      ['Public', 'Private', 'Origin', 'Title'],
      state.twins.map((row) => [link(row.public), link(row.private), [row.origin], [row.title]]),
    ),
  ];
}

/** Both issues of what waits; what is known by its id alone stands under its side. */
function issueCells(row: RetryRow): readonly [Cell, Cell] {
  const cell = (side: 'public' | 'private'): Cell =>
    row[side] === undefined && row.side === side ? [row.issue] : link(row[side]);
  return [cell('public'), cell('private')];
}

function link(issue: IssueRow | undefined): Cell {
  return issue === undefined || issue.key === '' ? ['–'] : [issue.url === '' ? issue.key : { label: issue.key, url: issue.url }];
}

export function timeText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}

function table(title: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): readonly Block[] {
  return rows.length === 0 ? [] : [{ kind: 'table', title, columns, rows }];
}

function list(title: string, items: readonly Cell[]): readonly Block[] {
  return items.length === 0 ? [] : [{ kind: 'list', title, items }];
}

/** The same with nothing that quotes content: keys, names and counts stay. */
export function statusWithIds(report: StatusReport): StatusReport {
  const { state } = report;
  if (state.kind === 'unread') return report;
  const left = 'left out (report-detail: ids)';
  return {
    ...report,
    state: {
      ...state,
      twins: state.twins.map((row) => ({ ...row, title: '' })),
      retry: state.retry.map((row) => ({ ...row, reason: left })),
      parked: state.parked.map((row) => ({ ...row, what: row.what.split(' ')[0] ?? '', reason: left })),
    },
  };
}
