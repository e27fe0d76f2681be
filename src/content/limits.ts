import type { BlockContent, ListItem, Nodes } from 'mdast';
import { withoutTrailingAttachments } from './canonical.ts';
import { isBlock } from './block-flow.ts';
import { cutNotice } from './cut-notice.ts';
import type { Grid, Neutral } from './neutral.ts';
import { buildInline, flattenInline, plainText, type Run } from './runs.ts';
import { settledBlocks } from './settle.ts';

export interface Cut {
  readonly root: Neutral;
  /** Whole canonical blocks of the original that the cut text holds. */
  readonly blocksKept: number;
}

/**
 * A long beginning of a tree that fits, cut at a block border, with a paragraph at its end that says so
 * (`cutNotice`). Undefined if the whole tree fits. If no block of text fits, the first one is cut: between its items, rows
 * or blocks, or else within its text. What is kept never ends in an image of an attachment, over which canonical form would pass.
 * `measure` gives the length of the encoded tree, in the unit of `lengthMax`.
 */
export function cutToLength(
  root: Neutral,
  limit: { readonly lengthMax: number; readonly measure: (root: Neutral) => number },
): Cut | undefined {
  const { lengthMax, measure } = limit;
  if (measure(root) <= lengthMax) return undefined;
  const blocks = settledBlocks(root);
  const ending: BlockContent = { type: 'paragraph', children: [{ type: 'text', value: cutNotice }] };
  // An image at the border would count as one more block here and, once the notice is off, as none (content.md, property 5).
  const treeOf = (kept: readonly BlockContent[]): Neutral => ({
    type: 'root',
    children: [...withoutTrailingAttachments(kept), ending],
  });
  const fits = (kept: readonly BlockContent[]): boolean => measure(treeOf(kept)) <= lengthMax;
  const whole = blocks.slice(
    0,
    greatest(blocks.length, (count) => fits(blocks.slice(0, count))),
  );
  const kept = withoutTrailingAttachments(whole);
  const next = blocks[whole.length];
  if (kept.length > 0 || next === undefined) return { root: treeOf(kept), blocksKept: kept.length };
  const withPart = withoutTrailingAttachments([
    ...whole,
    ...beginningOf(next, (part) => isBlock(part) && fits([...whole, part])).filter(isBlock),
  ]);
  return { root: treeOf(withPart), blocksKept: Math.min(whole.length, withPart.length) };
}

/** What a text holds is found by measuring, and measuring takes time in proportion to the text. */
const measurementsMax = 10;

/** A great number up to `most` for which it holds, if it holds for all below; 0 if for none. The greatest if `most` is below 1,000. */
function greatest(most: number, holds: (count: number) => boolean): number {
  let low = 0;
  let high = most;
  for (let turn = 0; low < high && turn < measurementsMax; turn += 1) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

type Container = Extract<BlockContent, { type: 'list' | 'blockquote' | 'alert' | 'details' | 'table' | 'grid' }> | ListItem;

const containers: ReadonlySet<string> = new Set(['list', 'listItem', 'blockquote', 'alert', 'details', 'table', 'grid']);

function isContainer(node: Nodes): node is Container {
  return containers.has(node.type);
}

type Part = BlockContent | ListItem;

/** As much of the beginning of a block that is too long as fits: whole parts of it, else a part of its first one. */
function beginningOf(node: Part, fits: (part: Part) => boolean): Part[] {
  if (isContainer(node)) {
    const children: readonly Nodes[] = node.children;
    const inside = (parts: readonly Nodes[]): Part => withParts(node, parts);
    const count = greatest(children.length, (parts) => parts === 0 || fits(inside(children.slice(0, parts))));
    const whole = children.slice(0, node.type === 'grid' ? wholeRows(node, count) : count);
    if (whole.length > 0) return [inside(whole)];
    const [first] = children;
    const isParted = first !== undefined && (isBlock(first) || first.type === 'listItem');
    const part = isParted ? beginningOf(first, (begun) => fits(inside([begun]))) : [];
    if (part.length > 0) return [inside(part)];
  }
  if (node.type === 'listItem') return [];
  const characters = greatest(textLength(node), (count) => cutBlock(node, count).every(fits));
  return cutBlock(node, characters);
}

function withParts<T extends Container>(node: T, children: readonly Nodes[]): T {
  return { ...node, children };
}

/** So many rows at most that no cell reaches beyond them. */
function wholeRows({ children }: Grid, most: number): number {
  let [end, rows] = [0, 0];
  for (const [index, row] of children.slice(0, most).entries()) {
    end = Math.max(end, ...row.children.map((cell) => index + cell.rowSpan));
    if (end === index + 1) rows = end;
  }
  return rows;
}

function textLength(block: BlockContent): number {
  return block.type === 'code' ? block.value.length : runsOf(block).reduce((sum, run) => sum + runLength(run), 0);
}

function runLength(run: Run): number {
  return run.kind === 'text' || run.kind === 'code' ? run.text.length : 1;
}

function runsOf(block: BlockContent): Run[] {
  return block.type === 'paragraph'
    ? flattenInline(block.children)
    : flattenInline([{ type: 'text', value: plainText([block]) }]);
}

function cutBlock(block: BlockContent, length: number): BlockContent[] {
  if (length === 0) return [];
  if (block.type === 'code') return [{ ...block, value: sliceText(block.value, length) }];
  const kept: Run[] = [];
  let left = length;
  for (const run of runsOf(block)) {
    if (left <= 0) break;
    kept.push(run.kind === 'text' || run.kind === 'code' ? { ...run, text: sliceText(run.text, left) } : run);
    left -= runLength(run);
  }
  return [{ type: 'paragraph', children: buildInline(kept) }];
}

/** Cuts before a character that would be cut in two. */
function sliceText(text: string, length: number): string {
  const cut = text.slice(0, length);
  return cut.length < text.length && /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
