import type { Problem } from '../connection/record.ts';
import type { SideName } from '../core/model.ts';
import { sideNames } from '../core/model.ts';
import { twinKey } from '../core/twin.ts';
import type { State, Twin } from '../cycle/state.ts';
import type { IssueRow, ProblemRow, StateView } from '../report/status-report.ts';

const jiraKey = /^[A-Z][A-Z0-9_]*-\d+$/;

/**
 * Open problems with the addresses of their issues. The record holds keys alone: those of the public side lead to its site,
 * the others are known where the state is.
 */
export function problemRows(
  problems: readonly Problem[],
  known: { readonly siteUrl: string; readonly view: StateView },
): readonly ProblemRow[] {
  const twins = known.view.kind === 'read' ? known.view.twins : [];
  const byKey = {
    public: new Map(twins.map((twin) => [twin.public.key, twin])),
    private: new Map(twins.map((twin) => [twin.private.key, twin])),
  };
  return problems.map((problem) => {
    const twin = byKey.public.get(problem.public ?? '') ?? byKey.private.get(problem.private ?? '');
    const link = (side: SideName): IssueRow | undefined => {
      const key = problem[side];
      if (key === undefined || twin?.[side].key === key) return twin?.[side];
      return { key, url: side === 'public' && jiraKey.test(key) ? `${known.siteUrl}/browse/${key}` : '' };
    };
    return { public: undefined, private: undefined, ...problem, links: { public: link('public'), private: link('private') } };
  });
}

/** What a person may want to see of the runner's state. */
export function stateView(state: State): Extract<StateView, { kind: 'read' }> {
  const byKey = new Map<string, Twin>();
  const byIssue = { public: new Map<string, Twin>(), private: new Map<string, Twin>() };
  for (const twin of state.twins) {
    byKey.set(twinKey(twin.base.ids), twin);
    for (const side of sideNames) byIssue[side].set(twin.base.ids[side], twin);
  }
  return {
    kind: 'read',
    twins: state.twins.map(({ base, links, title }) => ({ ...links, origin: base.origin, title })),
    retry: state.retry.map(({ side, id, key, url, reason, attempts, since, notBefore }) => {
      const own = key === undefined || url === undefined ? undefined : { key, url };
      const links = byIssue[side].get(id)?.links ?? { public: undefined, private: undefined, [side]: own };
      const issue = links[side]?.key ?? key ?? id;
      return { side, issue, public: links.public, private: links.private, reason, attempts, since, next: notBefore };
    }),
    parked: state.parked.map(({ twin, what, reason, reportedAt }) => {
      const links = byKey.get(twin)?.links;
      return { public: links?.public, private: links?.private, what, reason, at: reportedAt };
    }),
  };
}
