import type { IssueSnapshot, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { claimedConnection } from '../core/stamp.ts';
import type { Memory } from './memory.ts';
import type { Twin } from './state.ts';

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

/** Tells of a twin one of whose issues cannot be read. One that no cycle has read since the state was lost is named by the other one. */
export function holdTwin(
  memory: Memory,
  twin: Twin,
  { side, reason }: { readonly side: SideName; readonly reason: string },
): void {
  const [own, other] = [twin.links[side], twin.links[otherSide[side]]];
  const named =
    own.key === '' ? { what: `twin of issue ${other.key}`, link: other.url } : { what: `issue ${own.key}`, link: own.url };
  memory.held.push({ ...named, reason });
}
