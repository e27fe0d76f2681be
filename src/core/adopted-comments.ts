import { sideNames } from './model.ts';
import type { CommentSnapshot, Pair, SideName } from './model.ts';
import type { CommentStamp } from './stamp.ts';
import type { CommentPair, TwinBase } from './twin.ts';
import { isWithheldNotice } from './withheld-notice.ts';

/** The verified stamp of a comment by the connection's account. */
export type CommentStampOf = (side: SideName, commentId: string) => CommentStamp | undefined;

/**
 * I2: copies that a dead run or another one made, recognised by the stamp that was written with them. Without its author line
 * such a copy reads as its origin only where a replica knows it as one, so replicas are made with these pairs.
 */
export function adoptedComments(
  base: TwinBase,
  comments: Pair<readonly Pick<CommentSnapshot, 'id'>[]>,
  stampOf: CommentStampOf,
): readonly CommentPair[] {
  const taken = new Set(base.comments.map((pair) => originKey(pair.origin, pair.ids[pair.origin])));
  const found: CommentPair[] = [];
  for (const side of sideNames) {
    const known = new Set(base.comments.map((pair) => pair.ids[side]));
    for (const { id } of comments[side]) {
      const stamp = known.has(id) ? undefined : stampOf(side, id);
      if (stamp === undefined || stamp.origin === side || taken.has(originKey(stamp.origin, stamp.other))) continue;
      // The tracker's order is that of creation: the first claimant is the one with the lowest id.
      taken.add(originKey(stamp.origin, stamp.other));
      const ids = side === 'public' ? { public: id, private: stamp.other } : { public: stamp.other, private: id };
      const withheld = isWithheldNotice(stamp.text[side]);
      const cut = stamp.cut === undefined ? {} : { cut: stamp.cut };
      found.push({
        ids,
        origin: stamp.origin,
        text: stamp.text,
        withheld,
        restricted: stamp.restricted ?? true,
        counter: stamp.counter,
        ...cut,
      });
    }
  }
  return found;
}

function originKey(side: SideName, id: string): string {
  return `${side} ${id}`;
}
