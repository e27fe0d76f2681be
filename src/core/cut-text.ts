import { canonicalBlocks, canonicalTree } from '../content/canonical.ts';
import type { Neutral } from '../content/neutral.ts';
import { settledBlocks } from '../content/settle.ts';

/**
 * The whole text that an edited copy stands for that was cut for length: the blocks that the copy shows, and those of its
 * origin beyond the cut. `blocks` is how many of the origin's blocks the copy held before the edit. The origin has to be as
 * it was when the copy was cut: of another one nobody knows where the cut lies (I3).
 */
export function wholeText(edited: Neutral, origin: Neutral, blocks: number): Neutral {
  // Files at the very end of the copy are no part of what it says; before the rest they would become one.
  const shown = canonicalTree(edited).children;
  return { type: 'root', children: [...shown, ...settledBlocks(origin).slice(blocks)] };
}

/** How many blocks of a whole text its cut copy holds, or undefined where the copy is not the beginning of it, block by block. */
export function blocksHeld(copy: Neutral, whole: Neutral): number | undefined {
  const shown = canonicalBlocks(copy);
  const all = canonicalBlocks(whole);
  return shown.length <= all.length && shown.every((block, index) => block === all[index]) ? shown.length : undefined;
}
