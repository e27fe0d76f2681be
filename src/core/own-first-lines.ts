import { withoutAuthorLineOf } from '../content/author-line.ts';
import type { Pair, SideName } from './model.ts';
import { otherSide } from './model.ts';
import { commentRoot, printed } from './replica.ts';
import type { Replica } from './replica.ts';
import type { TwinBase } from './twin.ts';

/**
 * The replicas, in which a copy that somebody edited keeps a first line that its comment begins with, although it looks like an
 * author line: that one was taken off (I3).
 */
export function withOwnFirstLines(replicas: Pair<Replica>, base: TwinBase): Pair<Replica> {
  const keeping = (side: SideName): Replica => {
    const origins = new Map(replicas[otherSide[side]].comments.map(({ snapshot }) => [snapshot.id, snapshot.text.root]));
    const pairs = new Map(base.comments.flatMap((pair) => (pair.origin === side ? [] : [[pair.ids[side], pair] as const])));
    const comments = replicas[side].comments.map((comment) => {
      const pair = pairs.get(comment.snapshot.id);
      const origin = pair === undefined ? undefined : origins.get(pair.ids[otherSide[side]]);
      if (origin === undefined || comment.text.print === pair?.text[side]) return comment;
      const { text } = comment.snapshot;
      const own = { text: { ...text, root: withoutAuthorLineOf(text.root, origin) } };
      return { ...comment, text: printed(commentRoot(own, side, { base, isCopy: false, isCut: pair?.cut !== undefined })) };
    });
    return { ...replicas[side], comments };
  };
  return { public: keeping('public'), private: keeping('private') };
}
