import type { CommentSnapshot, IssueSnapshot, SideName } from '../core/model.ts';
import { sideNames } from '../core/model.ts';
import { signStamp, verifyStamp } from '../core/stamp.ts';
import type { Twin } from './state.ts';
import { kindOf, messageOf } from '../errors.ts';
import { loadIds } from './agenda.ts';
import type { Memory } from './memory.ts';
import { isSpent, noteEdit, twinOf } from './memory.ts';

/** Issues read at once to see whether they have something to be signed anew. */
const issuesAtOnce = 50;

/**
 * Puts every stamp that an earlier key signed under the newest one, on both sides of all twins and of ended ones, bounded by
 * the time budget and `max-changes`. What a stamp says stays as it is. Stamps on people's own comments bind nothing and stay.
 * Under a dry run it counts. Notes in the memory how many were done, and how many issues are left.
 */
export async function resignAll(memory: Memory): Promise<void> {
  const tally = { stamps: 0, left: 0 };
  memory.resigned = tally;
  for (const side of sideNames) {
    const ids = [
      ...[...memory.twins.values()].map((twin) => twin.base.ids[side]),
      ...memory.state.ended.map((pair) => pair[side]).filter((id) => id !== ''),
    ];
    for (let start = 0; start < ids.length; start += issuesAtOnce) {
      const chunk = ids.slice(start, start + issuesAtOnce);
      if (isSpent(memory)) {
        tally.left += ids.length - start;
        break;
      }
      // A dry run has no other use of what was read before; else it is read anew, since the cycle has written meanwhile.
      const loaded = await loadIds(memory, side, { ids: chunk, purpose: 'audit', fresh: !memory.options.dryRun });
      for (const id of chunk) {
        const outcome = loaded.get(id);
        if (outcome !== undefined && outcome.kind !== 'present' && outcome.kind !== 'gone') tally.left += 1;
        else if (!(await resignIssue(memory, side, id))) tally.left += 1;
      }
      memory.ports.onProgress(
        progressText(memory.options.dryRun, side, `${Math.min(start + issuesAtOnce, ids.length)} of ${ids.length} issues`),
      );
    }
  }
}

function progressText(isDryRun: boolean, side: SideName, range: string): string {
  return isDryRun
    ? `Stamps that would be signed anew on the ${side} side: looked at ${range}`
    : `Stamps signed anew on the ${side} side: ${range}`;
}

/** The same stamps under the newest key; undefined where none of them was under another one. */
function resigned(memory: Memory, marks: readonly string[]): readonly string[] | undefined {
  const { keys, connectionId } = memory.options;
  let isChanged = false;
  const next = marks.map((mark) => {
    if (verifyStamp(mark, [keys[0]], connectionId).kind === 'valid') return mark;
    const known = verifyStamp(mark, keys, connectionId);
    if (known.kind !== 'valid') return mark;
    isChanged = true;
    return signStamp(known.stamp, keys[0], connectionId);
  });
  return isChanged ? next : undefined;
}

function openOn(memory: Memory, issue: IssueSnapshot | undefined): number {
  if (issue === undefined) return 0;
  const ofIssue = resigned(memory, issue.marks) === undefined ? 0 : 1;
  return ofIssue + issue.comments.filter((comment) => resignedComment(memory, comment) !== undefined).length;
}

function resignedComment(memory: Memory, comment: CommentSnapshot): readonly string[] | undefined {
  return comment.author.isConnection ? resigned(memory, comment.marks) : undefined;
}

/** True once nothing of the issue is left to be signed anew. */
async function resignIssue(memory: Memory, side: SideName, id: string): Promise<boolean> {
  const open = openOn(memory, memory.snapshots[side].get(id));
  if (open === 0) return true;
  if (memory.options.dryRun || isSpent(memory)) return false;
  try {
    return await write(memory, side, id);
  } catch (error) {
    const kind = kindOf(error);
    if (kind === 'configuration' || kind === 'inactive' || kind === 'host') throw error;
    const issue = memory.snapshots[side].get(id);
    const link = { key: issue?.key ?? id, url: issue?.url ?? '' };
    memory.failures.push({
      issues: side === 'public' ? { public: link, private: undefined } : { public: undefined, private: link },
      what: 'issue',
      message: messageOf(error),
      error: kind,
      next: 'Its stamps stay under the key before. Run reissue --finish again.',
      parked: false,
    });
    return false;
  }
}

/**
 * Every item is read right before it is written, since its whole text goes along: what a person writes into one while another
 * is written would be replaced, and comments of Jira have no history to find it in (I3). True once nothing is left.
 */
async function write(memory: Memory, side: SideName, id: string): Promise<boolean> {
  const { writer } = memory.ports.sides[side];
  const twin = twinOf(memory, side, id);
  const read = await readNow(memory, side, id);
  if (read.issue === undefined || writer === undefined) return read.isGone;
  const marks = resigned(memory, read.issue.marks);
  if (marks !== undefined) {
    await begin(memory, twin, { side, commentIds: [] });
    await writer.writeMarks(read.issue, marks);
  }
  let isStale = marks !== undefined;
  for (const { id: commentId } of read.issue.comments.filter((known) => resignedComment(memory, known) !== undefined)) {
    const now = isStale ? await readNow(memory, side, id) : read;
    if (now.issue === undefined) return now.isGone;
    const comment = now.issue.comments.find((candidate) => candidate.id === commentId);
    const next = comment === undefined ? undefined : resignedComment(memory, comment);
    if (comment === undefined || next === undefined) continue;
    await begin(memory, twin, { side, commentIds: [commentId] });
    await writer.editComment(id, comment, { body: comment.text.root, marks: next });
    isStale = true;
  }
  return true;
}

interface ReadNow {
  readonly issue: IssueSnapshot | undefined;
  /** There is none any more, as against one that cannot be read, whose stamps stay as they are. */
  readonly isGone: boolean;
}

async function readNow(memory: Memory, side: SideName, id: string): Promise<ReadNow> {
  const loaded = await loadIds(memory, side, { ids: [id], purpose: 'audit', fresh: true });
  return { issue: memory.snapshots[side].get(id), isGone: loaded.get(id)?.kind === 'gone' };
}

async function begin(
  memory: Memory,
  twin: Twin | undefined,
  edit: { readonly side: SideName; readonly commentIds: readonly string[] },
): Promise<void> {
  await memory.ports.holdLease();
  if (twin !== undefined) noteEdit(memory, twin, edit);
  memory.writes += 1;
  if (memory.resigned !== undefined) memory.resigned.stamps += 1;
}
