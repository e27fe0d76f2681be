import { withAuthorLine } from '../content/author-line.ts';
import type { Neutral } from '../content/neutral.ts';
import { blocksHeld } from '../core/cut-text.ts';
import type { CommentCreate, CommentWrite } from '../core/effect.ts';
import type { CommentSnapshot, Pair, SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import type { TwinInput } from '../core/plan.ts';
import { commentRoot, printed } from '../core/replica.ts';
import type { CommentReplica } from '../core/replica.ts';
import { twinKey } from '../core/twin.ts';
import type { CommentPair } from '../core/twin.ts';
import { fitText } from './fitted.ts';
import type { Memory } from './memory.ts';
import { commentMarks } from './marks.ts';
import { linksOf } from './memory.ts';
import type { Twin } from './state.ts';
import type { Writing } from './writing.ts';

/** The comment as it will be stored, and how many blocks of its origin it keeps where it had to be cut. */
function commentDraft(
  memory: Memory,
  twin: Twin,
  text: {
    side: SideName;
    isOrigin: boolean;
    body: Neutral;
    authorName: string | undefined;
    input: TwinInput;
    standing: Neutral | undefined;
  },
): { body: Neutral; cut: number | undefined } {
  const { limits } = memory.ports.sides[text.side].reader;
  const others = text.input.replicas[otherSide[text.side]].attachments;
  const fitted = fitText(text.body, {
    side: text.side,
    kind: 'comment',
    isOrigin: text.isOrigin,
    bodyLength: limits.bodyLength,
    base: twin.base,
    others,
    own: text.input.replicas[text.side].attachments,
    hasFooter: text.input.rules[text.side].hasFooter,
    standing: text.standing,
  });
  return {
    body: text.authorName === undefined ? fitted.root : withAuthorLine(fitted.root, text.authorName),
    cut: fitted.blocksKept,
  };
}

/** Copies a comment, its stamp in the same request. */
export async function createComment(memory: Memory, twin: Twin, work: Writing<CommentCreate>): Promise<void> {
  const { effect, input, writer } = work;
  const { side } = effect;
  const from = otherSide[side];
  const source = input.replicas[from].comments.find((comment) => comment.snapshot.id === effect.originId);
  const { body, cut } = commentDraft(memory, twin, { ...effect, isOrigin: false, input, standing: undefined });
  const counter = twin.base.counter + 1;
  const copyPrint = printOfWritten(memory, twin, { side, body, isCopy: true, isCut: cut !== undefined });
  const sourcePrint = source?.text.print ?? '';
  const on = (copy: string, origin: string): Pair<string> =>
    side === 'public' ? { public: copy, private: origin } : { public: origin, private: copy };
  const restricted = source?.snapshot.restricted ?? false;
  const marks = commentMarks(memory, twin.base, {
    ids: on('', effect.originId),
    origin: from,
    text: on(copyPrint, sourcePrint),
    restricted,
    cut,
    side,
    self: undefined,
    counter,
  });
  const created = await writer.createComment(twin.base.ids[side], { body, marks, isOrigin: false });
  const stored = printed(commentRoot(created, side, { base: twin.base, isCopy: true, isCut: cut !== undefined })).print;
  const pair: CommentPair = {
    ids: on(created.id, effect.originId),
    origin: from,
    text: on(stored, sourcePrint),
    withheld: false,
    restricted,
    counter,
    ...(cut === undefined ? {} : { cut }),
  };
  setPairs(memory, twin, [...twin.base.comments, pair]);
  putComment(memory, twin, { side, comment: created });
  note(memory, twin, { side, action: 'created' });
}

/** Brings one comment of a pair in step with the other. */
export async function writeComment(memory: Memory, twin: Twin, work: Writing<CommentWrite>): Promise<void> {
  const { effect, input, writer } = work;
  const { side, pair } = effect;
  const from = otherSide[side];
  const issue = memory.snapshots[side].get(twin.base.ids[side]);
  const current = issue?.comments.find((comment) => comment.id === pair.ids[side]);
  if (current === undefined) return;
  const isCopy = pair.origin !== side;
  const fitted = commentDraft(memory, twin, { ...effect, isOrigin: !isCopy, input, standing: current.text.root });
  const { body } = fitted;
  const isCut = isCopy && fitted.cut !== undefined;
  const source = input.replicas[from].comments.find((comment) => comment.snapshot.id === pair.ids[from]);
  const cut = isCopy ? fitted.cut : heldByCopy(pair, source, effect.body);
  const on = (written: string, other: string): Pair<string> =>
    side === 'public' ? { public: written, private: other } : { public: other, private: written };
  const predicted = printOfWritten(memory, twin, { side, body, isCopy, isCut });
  const sourcePrint = source?.text.print ?? '';
  // A seam that is lost: as a changed origin, it is cut anew into its copy, which shows its notice until then.
  const known = (print: string): Pair<string> => on(cut === 'seam lost' ? '' : print, sourcePrint);
  const blocks = cut === 'seam lost' ? pair.cut : cut;
  const held = blocks === undefined ? {} : { cut: blocks };
  const counter = Math.max(twin.base.counter, pair.counter ?? 0) + 1;
  const { cut: _, ...rest } = pair;
  const next = { ...rest, restricted: source?.snapshot.restricted ?? pair.restricted, counter, ...held };
  const marks = commentMarks(memory, twin.base, { ...next, text: known(predicted), side, self: current.id });
  const stored = await writer.editComment(twin.base.ids[side], current, { body, marks, isOrigin: !isCopy });
  const print = printed(commentRoot(stored, side, { base: twin.base, isCopy, isCut })).print;
  const written: CommentPair = { ...next, text: known(print), withheld: effect.withheld };
  setPairs(
    memory,
    twin,
    twin.base.comments.map((other) => (other.ids.public === pair.ids.public ? written : other)),
  );
  putComment(memory, twin, { side, comment: stored });
  note(memory, twin, { side, action: 'updated' });
}

/** The fingerprint of what the tracker will show: what its markup cannot say is no edit, should no answer come. */
function printOfWritten(
  memory: Memory,
  twin: Twin,
  written: { readonly side: SideName; readonly body: Neutral; readonly isCopy: boolean; readonly isCut: boolean },
): string {
  const { side, body } = written;
  const root = memory.ports.sides[side].reader.lowered?.(body, twin.base.ids[side]) ?? body;
  return printed(commentRoot({ text: { native: '', root } }, side, { base: twin.base, ...written })).print;
}

/**
 * Blocks of the text being written to an origin that its copy shows: undefined where the copy is whole, "seam lost" where
 * the copy's last block and the one beyond the cut became one, so that nobody could say where the cut lies.
 */
function heldByCopy(pair: CommentPair, copy: CommentReplica | undefined, whole: Neutral): number | undefined | 'seam lost' {
  if (pair.cut === undefined) return undefined;
  return (copy === undefined ? undefined : blocksHeld(copy.text.value, whole)) ?? 'seam lost';
}

/** Replaces the comment pairs of a twin: the ledger is to follow. */
export function setPairs(memory: Memory, twin: Twin, comments: readonly CommentPair[]): void {
  twin.base = { ...twin.base, counter: twin.base.counter + 1, comments: [...comments] };
  memory.ledgerDue.add(twinKey(twin.base.ids));
}

function note(memory: Memory, twin: Twin, change: { side: SideName; action: 'created' | 'updated' }): void {
  memory.writes += 1;
  memory.changes.push({ issues: linksOf(memory, twin), ...change, what: 'comment', title: twin.title });
}

function putComment(memory: Memory, twin: Twin, put: { side: SideName; comment: CommentSnapshot }): void {
  const issue = memory.snapshots[put.side].get(twin.base.ids[put.side]);
  if (issue === undefined) return;
  const isKnown = issue.comments.some((comment) => comment.id === put.comment.id);
  const comments = isKnown
    ? issue.comments.map((comment) => (comment.id === put.comment.id ? put.comment : comment))
    : [...issue.comments, put.comment];
  memory.snapshots[put.side].set(issue.id, { ...issue, comments });
}
