import { createHash } from 'node:crypto';
import type { SideName } from '../core/model.ts';
import { sideNames } from '../core/model.ts';
import type { Conflict, TwinInput, TwinPlan } from '../core/plan.ts';
import { twinKey } from '../core/twin.ts';
import type { Memory } from './memory.ts';
import type { Twin } from './state.ts';

/**
 * The conflicts of a plan that no cycle has told. One stays in the plan until the write that settles it went through, which may
 * take many cycles; with another value on either side it is a new one.
 */
export function untold(memory: Memory, twin: Twin, planned: { input: TwinInput; plan: TwinPlan }): readonly Conflict[] {
  const { input, plan } = planned;
  const key = twinKey(twin.base.ids);
  const known = new Set(memory.state.told[key]);
  const now = plan.conflicts.map((conflict) => ({ conflict, print: printOf(conflict, input) }));
  if (now.length === 0) delete memory.state.told[key];
  else memory.state.told[key] = now.map(({ print }) => print);
  return now.filter(({ print }) => !known.has(print)).map(({ conflict }) => conflict);
}

function printOf(conflict: Conflict, { replicas }: TwinInput): string {
  const { field, outcome, links } = conflict;
  const valueOf = (side: SideName): string | undefined =>
    field === 'comment'
      ? replicas[side].comments.find(({ snapshot }) => snapshot.url === links[side])?.text.print
      : replicas[side][field].print;
  const value = JSON.stringify([field, outcome, links, sideNames.map(valueOf)]);
  return createHash('sha256').update(value).digest('base64url').slice(0, 16);
}
