import { joinLedger } from '../core/ledger.ts';
import type { CommentSnapshot, IssueSnapshot, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import type { CommentStamp, IssueStamp, Verified } from '../core/stamp.ts';
import { stampFormat, verifyStamp } from '../core/stamp.ts';
import type { TwinBase } from '../core/twin.ts';
import { twinKey } from '../core/twin.ts';
import { SallyportError } from '../errors.ts';
import type { Memory } from './memory.ts';

/**
 * The base that the valid stamps on an issue tell, or undefined. A stamp counts on a copy that the connection's account
 * created, or on an item that it names as the one it stands on: text that somebody pasted elsewhere binds nothing (I10).
 *
 * @throws SallyportError `configuration` for a stamp of this connection in a newer format, before any write.
 */
export function baseOn(memory: Memory, side: SideName, issue: IssueSnapshot): TwinBase | undefined {
  const stamps = issue.marks.flatMap((token) => verified(memory, token, issue.key));
  const own = stamps.filter((stamp): stamp is IssueStamp => {
    if (stamp.kind !== 'issue') return false;
    // The same number may name an issue on either side: the base has to name this one on this side, too.
    if (stamp.self !== undefined) return stamp.self === issue.id && stamp.base.ids[side] === issue.id;
    return issue.author.isConnection && stamp.base.origin === otherSide[side];
  });
  const joined = joinLedger(own);
  if (joined === undefined) return undefined;
  const base = { ...joined.base, ids: { ...joined.base.ids, [side]: issue.id } };
  if (!joined.complete) noteIncomplete(memory, issue, base);
  return base;
}

/** The pairs that are missing are found again by the stamps of the copies; only a tombstone stands nowhere else. */
function noteIncomplete(memory: Memory, issue: IssueSnapshot, base: TwinBase): void {
  memory.ledgerDue.add(twinKey(base.ids));
  const warning = `${issue.key}: a part of its ledger is missing. It is written anew; a copy of a comment or file that somebody removed may come back once.`;
  if (!memory.warnings.includes(warning)) memory.warnings.push(warning);
}

/** The stamp of a comment, if it is one that this connection wrote there. */
export function stampOfComment(memory: Memory, issueId: string, comment: CommentSnapshot): CommentStamp | undefined {
  if (!comment.author.isConnection) return undefined;
  return comment.marks
    .flatMap((token) => verified(memory, token, comment.url))
    .find(
      (stamp): stamp is CommentStamp =>
        stamp.kind === 'comment' && stamp.issue === issueId && (stamp.self === undefined || stamp.self === comment.id),
    );
}

/** The stamp of the newest edit that this connection made of the comment, the origin's included; undefined without one. */
export function editStampOfComment(memory: Memory, issueId: string, comment: CommentSnapshot): CommentStamp | undefined {
  const stamps = comment.marks.flatMap((token) => {
    const result = verifiedOnce(memory, token);
    if (result.kind !== 'valid' || result.stamp.kind !== 'comment') return [];
    const { stamp } = result;
    return stamp.issue === issueId && stamp.self === comment.id ? [stamp] : [];
  });
  return stamps.toSorted((a, b) => b.counter - a.counter)[0];
}

function verified(memory: Memory, token: string, where: string): readonly (IssueStamp | CommentStamp)[] {
  const result = verifiedOnce(memory, token);
  switch (result.kind) {
    case 'valid':
      return [result.stamp];
    case 'foreign':
      memory.ignoredStamps += 1;
      return [];
    case 'newer':
      throw new SallyportError(
        `${where} was written by a newer Sallyport (stamp format ${result.format}, this one writes ${stampFormat}); nothing was changed: upgrade this runner.`,
        { kind: 'configuration' },
      );
  }
}

function verifiedOnce(memory: Memory, token: string): Verified {
  const known = memory.stamps.get(token);
  if (known !== undefined) return known;
  const result = verifyStamp(token, memory.options.keys, memory.options.connectionId);
  memory.stamps.set(token, result);
  return result;
}
