import type { BlockContent } from 'mdast';
import { alignBlocks } from './align-blocks.ts';
import type { Neutral } from './neutral.ts';
import { canonicalKey, settledBlocks } from './settle.ts';

interface Side {
  readonly blocks: readonly BlockContent[];
  readonly keys: readonly string[];
}

function sideOf(root: Neutral): Side {
  const blocks = settledBlocks(root);
  return { blocks, keys: blocks.map(canonicalKey) };
}

/**
 * Merges two versions of a text that was `base`, by canonical top-level blocks (diff3): what only one side changed is
 * taken from it, what both changed alike is taken once. `collision` where both changed the same blocks differently.
 */
export function mergeBlocks(base: Neutral, left: Neutral, right: Neutral): { readonly merged: Neutral } | 'collision' {
  const [was, ours, theirs] = [sideOf(base), sideOf(left), sideOf(right)];
  const pieces = was.keys.map((key) => [key]);
  const inOurs = alignBlocks(pieces, ours.keys);
  const inTheirs = alignBlocks(pieces, theirs.keys);
  const merged: BlockContent[] = [];
  let at = { base: 0, left: 0, right: 0 };
  for (let index = 0; index <= pieces.length; index += 1) {
    const atEnd = index === pieces.length;
    const [leftEnd, rightEnd] = atEnd ? [ours.keys.length, theirs.keys.length] : [inOurs[index], inTheirs[index]];
    if (leftEnd === undefined || rightEnd === undefined) continue;
    const chunk = mergeChunk(cutSide(was, at.base, index), cutSide(ours, at.left, leftEnd), cutSide(theirs, at.right, rightEnd));
    if (chunk === 'collision') return 'collision';
    merged.push(...chunk, ...was.blocks.slice(index, index + 1));
    at = { base: index + 1, left: leftEnd + 1, right: rightEnd + 1 };
  }
  return { merged: { type: 'root', children: merged } };
}

function cutSide(side: Side, start: number, end: number): Side {
  return { blocks: side.blocks.slice(start, end), keys: side.keys.slice(start, end) };
}

function same(left: Side, right: Side): boolean {
  return left.keys.length === right.keys.length && left.keys.every((key, index) => key === right.keys[index]);
}

/** Between two blocks that stayed on both sides. Neighbouring blocks of which each side changed others do not collide. */
function mergeChunk(base: Side, left: Side, right: Side): readonly BlockContent[] | 'collision' {
  if (same(left, base) || same(left, right)) return right.blocks;
  if (same(right, base)) return left.blocks;
  const length = base.keys.length;
  if (length < 2 || left.keys.length !== length || right.keys.length !== length) return 'collision';
  const merged: BlockContent[] = [];
  for (let index = 0; index < length; index += 1) {
    const one = mergeChunk(cutSide(base, index, index + 1), cutSide(left, index, index + 1), cutSide(right, index, index + 1));
    if (one === 'collision') return 'collision';
    merged.push(...one);
  }
  return merged;
}
