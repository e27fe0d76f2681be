import { sideNames } from '../core/model.ts';
import { twinKey } from '../core/twin.ts';
import type { State, Twin } from '../cycle/state.ts';
import type { StateView } from '../report/status-report.ts';

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
    retry: state.retry.map(({ side, id, key, reason, attempts, since, notBefore }) => ({
      side,
      issue: byIssue[side].get(id)?.links[side].key ?? key ?? id,
      reason,
      attempts,
      since,
      next: notBefore,
    })),
    parked: state.parked.map(({ twin, what, reason, reportedAt }) => {
      const links = byKey.get(twin)?.links;
      return { public: links?.public, private: links?.private, what, reason, at: reportedAt };
    }),
  };
}
