import type { Effect } from '../core/effect.ts';
import { fieldsOf } from '../core/effect.ts';
import type { IssueSnapshot, SideName } from '../core/model.ts';
import { otherSide, sideNames } from '../core/model.ts';
import type { ChangeLine } from '../core/result.ts';
import type { Agenda } from './agenda.ts';
import { bothOf } from './copy-attachments.ts';
import type { Memory } from './memory.ts';
import { linksOf } from './memory.ts';
import { planned } from './settle-twin.ts';
import type { Twin } from './state.ts';

/** A dry run: the plan in the form of the report. Nothing is written, no lease, state or record either. */
export async function preview(memory: Memory, agenda: Agenda): Promise<void> {
  for (const twin of agenda.twins) {
    const snapshots = bothOf(memory, twin);
    if (snapshots === undefined) continue;
    const { plan } = await planned(memory, twin, snapshots);
    memory.held.push(...plan.held);
    memory.conflicts.push(...plan.conflicts.map((conflict) => ({ issues: linksOf(memory, twin), ...conflict })));
    for (const effect of plan.effects) {
      const line = lineOf(memory, twin, effect);
      if (line !== undefined) memory.changes.push(line);
    }
  }
  for (const side of sideNames) for (const origin of agenda.origins[side]) addCreation(memory, side, origin);
}

function lineOf(memory: Memory, twin: Twin, effect: Effect): ChangeLine | undefined {
  const common = { issues: linksOf(memory, twin), side: effect.side, title: twin.title };
  switch (effect.kind) {
    case 'issue.create':
    case 'ledger.write':
      return undefined;
    case 'fields.write':
      return { ...common, action: 'updated', what: fieldsOf(effect).join(', ') };
    case 'comment.create':
      return { ...common, action: 'created', what: 'comment' };
    case 'comment.write':
      return { ...common, action: 'updated', what: 'comment' };
    case 'comment.remove':
      return { ...common, action: 'removed', what: 'comment' };
    case 'attachment.create':
      return { ...common, action: 'created', what: `attachment ${effect.name}` };
    case 'attachment.remove':
      return { ...common, action: 'removed', what: `attachment ${effect.name}` };
  }
}

/** A new copy and what goes along with it; items held under `restricted-comments: hold` stay out. */
function addCreation(memory: Memory, originSide: SideName, origin: IssueSnapshot): void {
  const link = { key: origin.key, url: origin.url };
  const issues = originSide === 'public' ? { public: link, private: undefined } : { public: undefined, private: link };
  const line = (what: string): ChangeLine => ({
    issues,
    side: otherSide[originSide],
    action: 'created',
    what,
    title: origin.summary,
  });
  memory.changes.push(line('issue'));
  for (const comment of origin.comments)
    if (!(comment.restricted && memory.options.holdRestricted)) memory.changes.push(line('comment'));
  for (const file of origin.attachments) memory.changes.push(line(`attachment ${file.name}`));
}
