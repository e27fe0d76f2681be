import { canonicalBlocks, canonicalText } from './canonical.ts';
import type { Neutral } from './neutral.ts';

type Block = Neutral['children'][number];

/** Blocks a side has in place of a run of base blocks. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly blocks: readonly Block[];
}

/** Longest texts compared block by block; beyond it a merge is not attempted (I9). */
const blocksMax = 2_000;

/**
 * Merges two edits of one text by its top-level blocks, told apart by their canonical form. `collision` where both sides
 * changed the same or adjoining blocks differently, or where the merged text would not read back as its parts.
 */
export function mergeBlocks(base: Neutral, left: Neutral, right: Neutral): { readonly merged: Neutral } | 'collision' {
  if (Math.max(base.children.length, left.children.length, right.children.length) > blocksMax) return 'collision';
  const prints = base.children.map(printOf);
  const mine = hunksOf(prints, left.children);
  const theirs = hunksOf(prints, right.children);
  const hunks: Hunk[] = [...mine];
  for (const hunk of theirs) {
    if (mine.some((other) => same(other, hunk))) continue;
    if (mine.some((other) => touches(other, hunk))) return 'collision';
    hunks.push(hunk);
  }
  const children = applyHunks(base.children, hunks.toSorted((a, b) => a.start - b.start || a.end - b.end));
  return { merged: { type: 'root', children } };
}

function printOf(block: Block): string {
  return canonicalBlocks({ type: 'root', children: [block] }).join('\n\n') || canonicalText({ type: 'root', children: [block] });
}

function same(left: Hunk, right: Hunk): boolean {
  const text = (hunk: Hunk): string => hunk.blocks.map(printOf).join('\n\n');
  return left.start === right.start && left.end === right.end && text(left) === text(right);
}

/** Hunks that share or adjoin base blocks cannot be ordered without guessing. */
function touches(left: Hunk, right: Hunk): boolean {
  return left.start <= right.end && right.start <= left.end;
}

function applyHunks(base: readonly Block[], hunks: readonly Hunk[]): Block[] {
  const result: Block[] = [];
  let position = 0;
  for (const hunk of hunks) {
    result.push(...base.slice(position, hunk.start), ...hunk.blocks);
    position = hunk.end;
  }
  return [...result, ...base.slice(position)];
}

/** What turns the base into this side's blocks, by a longest common subsequence. */
function hunksOf(base: readonly string[], blocks: readonly Block[]): readonly Hunk[] {
  const prints = blocks.map(printOf);
  const matches = commonSubsequence(base, prints);
  const hunks: Hunk[] = [];
  let inBase = 0;
  let inSide = 0;
  for (const [baseIndex, sideIndex] of [...matches, [base.length, prints.length] as const]) {
    if (baseIndex > inBase || sideIndex > inSide) hunks.push({ start: inBase, end: baseIndex, blocks: blocks.slice(inSide, sideIndex) });
    inBase = baseIndex + 1;
    inSide = sideIndex + 1;
  }
  return hunks;
}

/** Pairs of indexes of equal entries, growing in both; the longest such list. */
export function commonSubsequence(left: readonly string[], right: readonly string[]): readonly (readonly [number, number])[] {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
