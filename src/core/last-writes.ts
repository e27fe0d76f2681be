import type { CommentStampOf } from './adopted-comments.ts';
import { sideNames } from './model.ts';
import type { CommentSnapshot, Pair, SideName } from './model.ts';
import { otherSide } from './model.ts';
import type { CommentReplica } from './replica.ts';
import type { CommentStamp } from './stamp.ts';
import type { CommentPair } from './twin.ts';
import { isWithheldNotice } from './withheld-notice.ts';

/** The newest stamp that an edit by the connection left on a comment, be it a copy or an origin. */
export type EditStampOf = (side: SideName, comment: CommentSnapshot) => CommentStamp | undefined;

/** What is known of edits by the connection. */
export interface LastEdits {
  readonly stampOf: EditStampOf;
  /** Whether the comment was edited after the last cycle that was committed: then it was by a person. */
  readonly isEditedSince: (side: SideName, comment: CommentSnapshot) => boolean;
}

/**
 * I3: the pairs of comments as their last writes left them. The base was not told of a write whose answer was lost or whose
 * run died, and compared with what stood before it, an old text that its author puts back would read as no edit at all. The
 * stamp tells. Where the comment shows something else than what was sent, and no time tells whether a person wrote that or
 * the server made it, both sides count as edited: what gives way is reported.
 */
export function withLastWrites(
  base: { readonly counter: number; readonly comments: readonly CommentPair[] },
  replicas: Pair<{ readonly comments: readonly CommentReplica[] }>,
  edits: LastEdits,
): CommentPair[] {
  const shown = {
    public: new Map(replicas.public.comments.map((comment) => [comment.snapshot.id, comment])),
    private: new Map(replicas.private.comments.map((comment) => [comment.snapshot.id, comment])),
  };
  return base.comments.map((pair) => {
    const known = pair.counter ?? base.counter;
    const [newest] = sideNames
      .flatMap((side) => writtenOf(pair, { side, comment: shown[side].get(pair.ids[side]), edits }) ?? [])
      .filter(({ stamp }) => stamp.counter > known && !saysTheSame(stamp, pair))
      .toSorted((a, b) => b.stamp.counter - a.stamp.counter);
    // Files are copied before comments are planned, and the counter of the base grows with them.
    if (newest === undefined) return { ...pair, counter: known };
    return newest.isKnown ? asWritten(pair, newest.stamp) : asEdited(pair, newest.stamp);
  });
}

/**
 * The pairs with what the stamps of copies tell of a cut that the base was not told of: only a copy that is known as cut is
 * read without the notice at its end.
 */
export function withLastCuts(
  base: { readonly counter: number; readonly comments: readonly CommentPair[] },
  stampOf: CommentStampOf,
): CommentPair[] {
  return base.comments.map((pair) => {
    const stamp = stampOf(otherSide[pair.origin], pair.ids[otherSide[pair.origin]]);
    const isNewer = stamp !== undefined && stamp.counter > (pair.counter ?? base.counter);
    if (!isNewer || stamp.cut === undefined || stamp.other !== pair.ids[pair.origin]) return pair;
    return { ...pair, cut: stamp.cut };
  });
}

/** A stamp that was written anew, as by the audit, tells nothing that the base does not know. */
function saysTheSame({ text }: CommentStamp, pair: CommentPair): boolean {
  return sideNames.every((side) => text[side] === pair.text[side]);
}

/** The stamp of the pair's comment on this side, where it is of this pair, and whether it tells what stood there. */
function writtenOf(
  pair: CommentPair,
  at: { readonly side: SideName; readonly comment: CommentReplica | undefined; readonly edits: LastEdits },
): { readonly stamp: CommentStamp; readonly isKnown: boolean } | undefined {
  const { side, comment, edits } = at;
  const stamp = comment === undefined ? undefined : edits.stampOf(side, comment.snapshot);
  if (comment === undefined || stamp === undefined) return undefined;
  if (stamp.origin !== pair.origin || stamp.other !== pair.ids[otherSide[side]]) return undefined;
  return { stamp, isKnown: stamp.text[side] === comment.text.print || edits.isEditedSince(side, comment.snapshot) };
}

function asWritten(pair: CommentPair, { counter, text, restricted, cut }: CommentStamp): CommentPair {
  const { cut: _, ...rest } = pair;
  return {
    ...rest,
    counter,
    text,
    withheld: isWithheldNotice(text[otherSide[pair.origin]]),
    restricted: restricted ?? pair.restricted,
    ...(cut === undefined ? {} : { cut }),
  };
}

/** The empty print equals none, so both sides read as edited. What may be withheld or cut counts as that. */
function asEdited(pair: CommentPair, stamp: CommentStamp): CommentPair {
  const written = asWritten(pair, stamp);
  return { ...pair, ...written, text: { public: '', private: '' }, withheld: pair.withheld || written.withheld };
}
