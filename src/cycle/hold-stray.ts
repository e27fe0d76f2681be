import type { IssueSnapshot, SideName } from '../core/model.ts';
import { claimedConnection } from '../core/stamp.ts';
import type { Memory } from './memory.ts';

/** What is told of an issue is told again where it is seen after so long: each look at the triggers sees it (agenda.ts). */
const toldForMs = 24 * 3_600_000;

export function forgetStrays({ state, ports }: Memory): void {
  for (const [stray, toldAt] of Object.entries(state.strays)) if (ports.now() - toldAt >= toldForMs) delete state.strays[stray];
}

/**
 * Tells of an issue that the trigger wants and a mark keeps away, although no connection put it there: an invented or damaged
 * stamp, one of this connection's that belongs to another issue, or a pasted list of files. What another connection's stamp or
 * property stands on is its copy and passed over in silence, as is a notice.
 */
export function holdStray({ options, held, state, ports }: Memory, side: SideName, issue: IssueSnapshot): void {
  const { marks, strayList, url } = issue;
  const isAnothers = marks.map(claimedConnection).some((id) => id !== undefined && id !== options.connectionId);
  const isStray = marks.length === 0 ? strayList === true : !isAnothers;
  const stray = `${side} ${issue.id}`;
  if (!isStray || state.strays[stray] !== undefined || held.some(({ link }) => link === url)) return;
  state.strays[stray] = ports.now();
  held.push({
    what: `issue ${issue.key}`,
    reason: 'carries a mark of Sallyport that belongs to no copy or twin, so it is not copied',
    link: url,
  });
}
