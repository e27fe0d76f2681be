import type { Effect } from '../core/effect.ts';
import type { SideName } from '../core/model.ts';
import type { TwinInput } from '../core/plan.ts';
import { twinKey } from '../core/twin.ts';
import { isWholeText } from '../core/whole-text.ts';
import { issueMarks } from './marks.ts';
import type { Memory } from './memory.ts';
import { dropFile, linksOf, noteEdit } from './memory.ts';
import { withoutStopped } from './returned.ts';
import type { Twin } from './state.ts';
import { createComment, setPairs, writeComment } from './write-comments.ts';
import { writeFields } from './write-fields.ts';

interface Work<E extends Effect> {
  readonly effect: E;
  readonly input: TwinInput;
}

/** Executes one effect and moves base and snapshot along with what the tracker answered. */
export async function applyEffect(memory: Memory, twin: Twin, work: Work<Effect>): Promise<void> {
  const { input } = work;
  const effect =
    work.effect.kind === 'fields.write' ? await withoutStopped(memory, twin, { effect: work.effect, input }) : work.effect;
  if (effect === undefined) return;
  const { writer } = memory.ports.sides[effect.side];
  if (writer === undefined) return;
  // A list of files alone is stored by an edit of the whole body.
  if (effect.kind === 'fields.write') noteEdit(memory, twin, { side: effect.side, commentIds: [] });
  if (effect.kind === 'comment.write') noteEdit(memory, twin, { side: effect.side, commentIds: [effect.pair.ids[effect.side]] });
  switch (effect.kind) {
    case 'fields.write':
      await writeFields(memory, twin, { effect, input, writer });
      break;
    case 'comment.create':
      await createComment(memory, twin, { effect, input, writer });
      break;
    case 'comment.write':
      await writeComment(memory, twin, { effect, input, writer });
      break;
    case 'comment.remove':
      await writer.removeComment(twin.base.ids[effect.side], effect.pair.ids[effect.side]);
      removed(memory, twin, { side: effect.side, what: 'comment' });
      setPairs(
        memory,
        twin,
        twin.base.comments.filter((pair) => pair.ids[effect.side] !== effect.pair.ids[effect.side]),
      );
      dropComment(memory, twin, { side: effect.side, id: effect.pair.ids[effect.side] });
      break;
    case 'attachment.remove':
      await writer.removeAttachments([{ issueId: twin.base.ids[effect.side], attachmentId: effect.attachmentId }]);
      // The file of a text that changed is replaced, not removed: it does not count for the guard.
      removed(memory, twin, { side: effect.side, what: `attachment ${effect.name}`, counts: !isWholeText(effect.originId) });
      dropFile(memory, twin, { side: effect.side, id: effect.attachmentId });
      break;
    case 'ledger.write':
      memory.ledgerDue.add(twinKey(twin.base.ids));
      break;
    case 'issue.create':
    case 'attachment.create':
      // Done in batches before any twin is settled (create-issues.ts, copy-attachments.ts).
      break;
  }
}

/** Writes the ledger of a twin whose pairs changed: once, after its other effects, before the cycle commits. */
export async function writeLedger(memory: Memory, twin: Twin): Promise<void> {
  const key = twinKey(twin.base.ids);
  const { writer } = memory.ports.sides.public;
  const issue = memory.snapshots.public.get(twin.base.ids.public);
  if (!memory.ledgerDue.has(key) || writer === undefined || issue === undefined) return;
  await memory.ports.holdLease();
  twin.base = { ...twin.base, counter: twin.base.counter + 1 };
  await writer.writeMarks(issue, issueMarks(memory, 'public', { base: twin.base, self: issue.id }));
  memory.ledgerDue.delete(key);
  memory.writes += 1;
}

function removed(memory: Memory, twin: Twin, removal: { side: SideName; what: string; counts?: boolean }): void {
  memory.writes += 1;
  if (removal.counts !== false) memory.removals += 1;
  memory.changes.push({
    issues: linksOf(memory, twin),
    side: removal.side,
    action: 'removed',
    what: removal.what,
    title: twin.title,
  });
}

function dropComment(memory: Memory, twin: Twin, gone: { side: SideName; id: string }): void {
  const issue = memory.snapshots[gone.side].get(twin.base.ids[gone.side]);
  if (issue === undefined) return;
  memory.snapshots[gone.side].set(issue.id, { ...issue, comments: issue.comments.filter((comment) => comment.id !== gone.id) });
}
