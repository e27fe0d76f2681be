import { withAuthorLine, withoutAuthorLineOf } from '../content/author-line.ts';
import type { SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { fileLines } from '../core/plan-twin.ts';
import { fileCopies, replicaOf } from '../core/replica.ts';
import { twinKey } from '../core/twin.ts';
import type { IssueEdit } from '../sides/side.ts';
import { loadIds } from './agenda.ts';
import { commentMarks, issueMarks } from './marks.ts';
import type { Memory } from './memory.ts';
import { commentKey, noteEdit, linksOf } from './memory.ts';
import type { Twin } from './state.ts';
import { footerRuleOf } from './twin-input.ts';
import type { Repair } from './verify-writes.ts';

/**
 * Puts a person's edit back. The base stays as it was, so that the value reads as changed there and is carried to the other
 * side, or after a crash found again, as if the person had made the edit only now.
 */
export async function restore(memory: Memory, twin: Twin, work: { side: SideName; repair: Repair }): Promise<void> {
  const { side, repair } = work;
  if (repair.kind === 'kept' || repair.kind === 'lost') return;
  await memory.ports.holdLease();
  twin.base = { ...twin.base, counter: twin.base.counter + 1 };
  if (repair.item === 'comment') await restoreComment(memory, twin, { side, repair });
  else await restoreField(memory, twin, { side, repair });
  memory.writes += 1;
  memory.changes.push({ issues: linksOf(memory, twin), side, action: 'updated', what: repair.item, title: twin.title });
}

type FieldRepair = Extract<Repair, { item: 'summary' | 'type' | 'description' }>;
type CommentRepair = Extract<Repair, { item: 'comment' }>;

async function restoreField(memory: Memory, twin: Twin, work: { side: SideName; repair: FieldRepair }): Promise<void> {
  const { side, repair } = work;
  const { writer } = memory.ports.sides[side];
  const id = twin.base.ids[side];
  const issue = memory.snapshots[side].get(id);
  if (issue === undefined || writer === undefined) return;
  const value = repair.item === 'description' ? { description: repair.root } : { [repair.item]: repair.value };
  const edit: IssueEdit = {
    ...value,
    marks: issueMarks(memory, side, { base: twin.base, self: id }),
    isOrigin: twin.base.origin === side,
    isPersons: true,
    attached: fileCopies(twin.base, side),
    files: await filesOf(memory, twin, side),
  };
  noteEdit(memory, twin, { side, commentIds: [] });
  const stored = await writer.editIssue(issue, edit);
  memory.snapshots[side].set(id, { ...issue, ...stored });
  if (side === 'public') memory.ledgerDue.delete(twinKey(twin.base.ids));
}

/** The files that the footer lists now. */
async function filesOf(memory: Memory, twin: Twin, side: SideName): Promise<IssueEdit['files']> {
  const rule = footerRuleOf(memory, side, twin);
  if (!rule.hasFooter) return [];
  const other = otherSide[side];
  const id = twin.base.ids[other];
  await loadIds(memory, other, { ids: [id], purpose: 'work' });
  const snapshot = memory.snapshots[other].get(id);
  return snapshot === undefined ? [] : fileLines(twin.base, replicaOf(snapshot, other, twin.base), rule);
}

async function restoreComment(memory: Memory, twin: Twin, work: { side: SideName; repair: CommentRepair }): Promise<void> {
  const { side, repair } = work;
  const { writer } = memory.ports.sides[side];
  const id = twin.base.ids[side];
  const other = otherSide[side];
  const issue = memory.snapshots[side].get(id);
  const comment = issue?.comments.find((candidate) => candidate.id === repair.commentId);
  const pair = twin.base.comments.find((candidate) => candidate.ids[side] === repair.commentId);
  if (issue === undefined || comment === undefined || pair === undefined || writer === undefined) return;
  await loadIds(memory, other, { ids: [twin.base.ids[other]], purpose: 'work' });
  const origin = memory.snapshots[other].get(twin.base.ids[other])?.comments.find((one) => one.id === pair.ids[other]);
  const isCopy = pair.origin !== side;
  const body =
    isCopy && origin !== undefined
      ? withAuthorLine(withoutAuthorLineOf(repair.root, origin.text.root), origin.author.displayName)
      : repair.root;
  noteEdit(memory, twin, { side, commentIds: [comment.id] });
  const stored = await writer.editComment(id, comment, {
    body,
    marks: commentMarks(memory, twin.base, { ...pair, side, self: comment.id, counter: twin.base.counter }),
    isOrigin: !isCopy,
    isPersons: true,
  });
  const comments = issue.comments.map((one) => (one.id === stored.id ? stored : one));
  memory.snapshots[side].set(id, { ...issue, comments });
  memory.putBack.set(commentKey(side, stored.id), { editedAt: repair.editedAt, writtenAt: stored.updatedAt });
}
