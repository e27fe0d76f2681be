import type { SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { commentRoot, printed } from '../core/replica.ts';
import type { CommentPair } from '../core/twin.ts';
import { twinKey } from '../core/twin.ts';
import { kindOf, messageOf } from '../errors.ts';
import { loadIds } from './agenda.ts';
import { writeLedger } from './apply-effect.ts';
import { mendFile, removeExtraFile } from './audit-files.ts';
import { removalsAllowed } from './guard.ts';
import { stampOfComment } from './identify.ts';
import { commentMarks, issueMarks } from './marks.ts';
import type { Finding, Memory } from './memory.ts';
import { isSpent, linksOf, noteEdit } from './memory.ts';
import type { Twin } from './state.ts';

/** A finding about one comment of a copy. */
type CommentMend = Extract<Finding['mend'], { readonly pair: CommentPair; readonly id: string }>;

/** Mends what the audit found and no plan can: stamps, ledgers, doubled comments, files. Runs after all plans. */
export async function mendFindings(memory: Memory): Promise<void> {
  for (const finding of memory.findings) {
    if (isSpent(memory) || !memory.twins.has(twinKey(finding.twin.base.ids))) continue;
    try {
      finding.repaired = await mended(memory, finding);
    } catch (error) {
      const kind = kindOf(error);
      if (kind === 'configuration' || kind === 'inactive') throw error;
      memory.failures.push({
        issues: linksOf(memory, finding.twin),
        what: finding.what,
        error: kind,
        message: messageOf(error),
        next: 'The next audit tries again.',
        parked: false,
      });
    }
  }
}

async function mended(memory: Memory, finding: Finding): Promise<boolean> {
  const { twin, mend } = finding;
  switch (mend.kind) {
    case 'plan':
    case 'text':
    case 'leave':
      return false;
    case 'ledger':
      memory.ledgerDue.add(twinKey(twin.base.ids));
      await writeLedger(memory, twin);
      return !memory.ledgerDue.has(twinKey(twin.base.ids));
    case 'stamp':
      return mendStamp(memory, finding);
    case 'comment-stamp':
      return mendCommentStamp(memory, finding, mend);
    case 'doubled-comment':
      return removeDouble(memory, finding, mend);
    case 'file':
      return mendFile(memory, twin, mend.pair);
    case 'extra-file':
      return removeExtraFile(memory, twin, mend.id);
  }
}

async function mendStamp(memory: Memory, { twin }: Finding): Promise<boolean> {
  const side = otherSide[twin.base.origin];
  const id = twin.base.ids[side];
  // Where stamps live in bodies the whole body is written: read right before, and looked up in the history after.
  await loadIds(memory, side, { ids: [id], purpose: 'audit', fresh: true });
  const issue = memory.snapshots[side].get(id);
  const { writer } = memory.ports.sides[side];
  if (issue === undefined || writer === undefined) return false;
  await memory.ports.holdLease();
  noteEdit(memory, twin, { side, commentIds: [] });
  twin.base = { ...twin.base, counter: twin.base.counter + 1 };
  await writer.writeMarks(issue, issueMarks(memory, side, { base: twin.base, self: issue.id }));
  memory.writes += 1;
  return true;
}

/** Writes a copy's own text again, with its stamp. */
async function mendCommentStamp(memory: Memory, { twin }: Finding, mend: CommentMend): Promise<boolean> {
  const { side, id } = mend;
  await loadIds(memory, side, { ids: [twin.base.ids[side]], purpose: 'audit', fresh: true });
  const issue = memory.snapshots[side].get(twin.base.ids[side]);
  const comment = issue?.comments.find((candidate) => candidate.id === id);
  // The plan may have written it, or taken the pair away, since the audit looked.
  const pair = twin.base.comments.find((candidate) => candidate.ids[side] === id);
  const { writer } = memory.ports.sides[side];
  if (issue === undefined || comment === undefined || pair === undefined || writer === undefined) return false;
  if (stampOfComment(memory, issue.id, comment) !== undefined) return true;
  await memory.ports.holdLease();
  twin.base = { ...twin.base, counter: twin.base.counter + 1 };
  noteEdit(memory, twin, { side, commentIds: [id] });
  const marks = commentMarks(memory, twin.base, { ...pair, side, self: id, counter: twin.base.counter });
  await writer.editComment(issue.id, comment, { body: comment.text.root, marks });
  memory.writes += 1;
  return true;
}

/**
 * The copy that the ledger names stays. Another one goes only if it says what that copy or the origin says, so that nothing a
 * person wrote into it is lost (I6); else it is left to a person.
 */
async function removeDouble(memory: Memory, { twin }: Finding, mend: CommentMend): Promise<boolean> {
  const { side, id } = mend;
  const { writer } = memory.ports.sides[side];
  if (writer === undefined || removalsAllowed(memory) <= 0) return false;
  // The audit looked at it before all plans; since then a person may have written into it.
  await loadIds(memory, side, { ids: [twin.base.ids[side]], purpose: 'audit', fresh: true });
  if (!isSameCopy(memory, { twin, mend })) return false;
  await memory.ports.holdLease();
  await writer.removeComment(twin.base.ids[side], id);
  memory.writes += 1;
  memory.removals += 1;
  const issue = memory.snapshots[side].get(twin.base.ids[side]);
  if (issue !== undefined)
    memory.snapshots[side].set(issue.id, { ...issue, comments: issue.comments.filter((comment) => comment.id !== id) });
  return true;
}

function isSameCopy(memory: Memory, double: { twin: Twin; mend: CommentMend }): boolean {
  const { twin, mend } = double;
  const { side, pair, id } = mend;
  const from = otherSide[side];
  const printOf = (on: SideName, commentId: string): string | undefined => {
    const comment = memory.snapshots[on].get(twin.base.ids[on])?.comments.find((candidate) => candidate.id === commentId);
    if (comment === undefined) return undefined;
    const isCopy = on === side;
    return printed(commentRoot(comment, on, { base: twin.base, isCopy, isCut: isCopy && pair.cut !== undefined })).print;
  };
  const print = printOf(side, id);
  const kept = printOf(side, pair.ids[side]);
  return print !== undefined && kept !== undefined && [kept, printOf(from, pair.ids[from])].includes(print);
}
