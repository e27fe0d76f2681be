import { sideNames } from './model.ts';
import type { CommentSnapshot, Pair, SideName } from './model.ts';
import { otherSide } from './model.ts';
import type { CommentReplica } from './replica.ts';
import type { CommentStamp } from './stamp.ts';
import type { CommentPair, TwinBase } from './twin.ts';
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
 * stamp tells, where the comment still shows what was sent or a person has edited it since: what a server made of it no
 * stamp tells.
 */
export function withLastWrites(
  base: TwinBase,
  replicas: Pair<{ readonly comments: readonly CommentReplica[] }>,
  edits: LastEdits,
): CommentPair[] {
  const shown = {
    public: new Map(replicas.public.comments.map((comment) => [comment.snapshot.id, comment])),
    private: new Map(replicas.private.comments.map((comment) => [comment.snapshot.id, comment])),
  };
  return base.comments.map((pair) => {
    const [newest] = sideNames
      .flatMap((side) => writtenOf(pair, { side, comment: shown[side].get(pair.ids[side]), edits, known: base.counter }) ?? [])
      .toSorted((a, b) => b.counter - a.counter);
    return newest === undefined ? pair : asWritten(pair, newest);
  });
}

/** The stamp of the pair's comment on this side, where it is of this pair and tells what stood there. */
function writtenOf(
  pair: CommentPair,
  at: {
    readonly side: SideName;
    readonly comment: CommentReplica | undefined;
    readonly edits: LastEdits;
    /** The counter of the base: an older stamp, as of a text that its author went back to, tells nothing new. */
    readonly known: number;
  },
): CommentStamp | undefined {
  const { side, comment, edits, known } = at;
  const stamp = comment === undefined ? undefined : edits.stampOf(side, comment.snapshot);
  if (comment === undefined || stamp === undefined || stamp.counter < known) return undefined;
  const source = otherSide[side];
  if (stamp.origin !== pair.origin || stamp.other !== pair.ids[source]) return undefined;
  if (stamp.text[side] === comment.text.print) return stamp;
  // A write that was answered is known by what it was made from, and so is what the server made of it.
  const isUnknown = stamp.counter > known || stamp.text[source] !== pair.text[source];
  return isUnknown && edits.isEditedSince(side, comment.snapshot) ? stamp : undefined;
}

function asWritten(pair: CommentPair, { text, restricted, cut }: CommentStamp): CommentPair {
  const { cut: _, ...rest } = pair;
  return {
    ...rest,
    text,
    withheld: isWithheldNotice(text[otherSide[pair.origin]]),
    restricted: restricted ?? pair.restricted,
    ...(cut === undefined ? {} : { cut }),
  };
}
