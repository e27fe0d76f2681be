import { withEditedLines } from '../content/markup/restore-lowered.ts';
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

/**
 * The same where the copy shows no whole block, but as many items, rows or lines of the first one as fitted: the origin with
 * the lines that were edited. `shown` is what the copy showed before. Undefined where more than lines changed, or the line
 * in which the text is cut.
 */
export function wholeBeginning(edited: Neutral, origin: Neutral, shown: Neutral): Neutral | undefined {
  const [first, ...others] = settledBlocks(origin);
  const changed =
    first === undefined
      ? undefined
      : withEditedLines(first, { lowered: settledBlocks(shown), edited: settledBlocks(edited) }, (originals, lowered) =>
          lowered.map(({ text }, index) => (originals[index]?.text === text ? originals[index] : undefined)),
        );
  return changed === undefined ? undefined : { type: 'root', children: [changed, ...others] };
}

/** How many blocks of a whole text its cut copy holds, or undefined where the copy is not the beginning of it, block by block. */
export function blocksHeld(copy: Neutral, whole: Neutral): number | undefined {
  const shown = canonicalBlocks(copy);
  const all = canonicalBlocks(whole);
  return shown.length <= all.length && shown.every((block, index) => block === all[index]) ? shown.length : undefined;
}
