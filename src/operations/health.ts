import { nextProblems } from '../connection/problems.ts';
import type { Health, Problem } from '../connection/record.ts';
import type { Pair, SideName } from '../core/model.ts';
import { sideNames } from '../core/model.ts';
import type { CycleResult, IssueLink } from '../core/result.ts';
import { twinKey } from '../core/twin.ts';
import type { CycleEnd } from '../cycle/run-cycle.ts';
import type { State } from '../cycle/state.ts';
import type { Gateway } from '../gateway/gateway.ts';

/** The record takes no longer names; keys of issues are far shorter. */
const keyLengthMax = 80;
const fieldLengthMax = 20;

interface Around {
  readonly now: number;
  readonly gateway: Pick<Gateway, 'rateBudget'>;
  readonly hosts: Pair<readonly string[]>;
}

/** What a cycle left of a connection's health, for the record: counts, and the open problems by keys and names alone. */
export function healthOf(before: Health | undefined, end: CycleEnd, around: Around): Health {
  const { state, result } = end;
  const waiting = waitingKeys(state);
  const { now } = around;
  const budgets = budgetsOf(around);
  return {
    twins: result.twins,
    retry: state.retry.length,
    parked: state.parked.length,
    problems: nextProblems(before?.problems ?? [], {
      now,
      met: problemsOf(result, now),
      isWaiting: (problem) => sideNames.some((side) => waiting[side].has(problem[side] ?? '')),
    }),
    ...(budgets === undefined ? {} : { budgets }),
  };
}

function problemsOf(result: CycleResult, now: number): readonly Problem[] {
  const met = (name: string, issues: Pair<IssueLink | undefined>): Problem => ({
    ...keyOn('public', issues),
    ...keyOn('private', issues),
    name,
    at: now,
  });
  return [
    ...(result.guard === undefined ? [] : [{ name: 'guard', at: now }]),
    ...result.conflicts.flatMap(({ outcome, field, issues }) =>
      outcome === 'merged' ? [] : { ...met('conflict', issues), field: field.slice(0, fieldLengthMax), stands: outcome },
    ),
    ...result.failures.map((failure) => met(failure.error, failure.issues)),
  ];
}

function keyOn(side: SideName, issues: Pair<IssueLink | undefined>): Partial<Record<SideName, string>> {
  const key = issues[side]?.key ?? '';
  return key === '' ? {} : { [side]: key.slice(0, keyLengthMax) };
}

/** Keys of issues that are tried again, or of which something is parked. */
function waitingKeys(state: State): Pair<ReadonlySet<string>> {
  const keys = { public: new Set<string>(), private: new Set<string>() };
  const byIssue = { public: new Map<string, State['twins'][number]>(), private: new Map<string, State['twins'][number]>() };
  const byKey = new Map<string, State['twins'][number]>();
  for (const twin of state.twins) {
    byKey.set(twinKey(twin.base.ids), twin);
    for (const side of sideNames) byIssue[side].set(twin.base.ids[side], twin);
  }
  const add = (twin: State['twins'][number] | undefined): void => {
    if (twin !== undefined) for (const side of sideNames) if (twin.links[side].key !== '') keys[side].add(twin.links[side].key);
  };
  for (const entry of state.retry) {
    add(byIssue[entry.side].get(entry.id));
    if (entry.key !== undefined) keys[entry.side].add(entry.key);
  }
  for (const entry of state.parked) add(byKey.get(entry.twin));
  return keys;
}

function budgetsOf({ gateway, hosts, now }: Around): Health['budgets'] {
  const publicHosts = new Set(hosts.public);
  const found = (side: SideName): Health['budgets'] => {
    const own = side === 'public' ? hosts.public : hosts.private.filter((host) => !publicHosts.has(host));
    const budget = own.map((host) => gateway.rateBudget(host)).find((candidate) => candidate !== undefined);
    return budget === undefined ? {} : { [side]: { limit: budget.limit, remaining: budget.remaining, at: now } };
  };
  const budgets = { ...found('public'), ...found('private') };
  return Object.keys(budgets).length === 0 ? undefined : budgets;
}
