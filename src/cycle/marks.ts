import { ledgerMarks } from '../core/ledger.ts';
import type { SideName } from '../core/model.ts';
import { otherSide } from '../core/model.ts';
import { commentStamp, issueStamp, signStamp } from '../core/stamp.ts';
import type { CommentPair, TwinBase } from '../core/twin.ts';
import type { Memory } from './memory.ts';

/** The tokens that go onto an issue with a write: on the public side the whole ledger, on the private side the stamp. */
export function issueMarks(
  memory: Memory,
  side: SideName,
  options: { base: TwinBase; self: string | undefined },
): readonly string[] {
  const { keys, connectionId } = memory.options;
  if (side === 'public') return ledgerMarks(options.base, { self: options.self, key: keys[0], connectionId });
  return [signStamp(issueStamp(options.base, options.self), keys[0], connectionId)];
}

/**
 * The token that goes onto the comment of a pair with a write to this side: what the pair is once that is done. `self` is
 * undefined for a comment that does not exist yet.
 */
export function commentMarks(
  memory: Memory,
  { ids }: Pick<TwinBase, 'ids'>,
  written: Pick<CommentPair, 'ids' | 'origin' | 'text' | 'restricted' | 'cut'> & {
    readonly side: SideName;
    readonly self: string | undefined;
    readonly counter: number;
  },
): readonly string[] {
  const { keys, connectionId } = memory.options;
  const { side, origin, self, counter, text, restricted, cut } = written;
  const other = otherSide[side];
  const stamp = commentStamp({
    origin,
    other: written.ids[other],
    issue: ids[side],
    otherIssue: ids[other],
    self,
    counter,
    text,
    restricted,
    cut,
  });
  return [signStamp(stamp, keys[0], connectionId)];
}
