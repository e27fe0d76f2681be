import type { BlockContent, PhrasingContent } from 'mdast';
import { alignBlocks, sameKeys } from '../align-blocks.ts';
import type { Neutral } from '../neutral.ts';
import { canonicalKey, settledBlocks } from '../settle.ts';
import { linesOf, shapeOf, type Line } from './block-lines.ts';

/** A block of the original, and the blocks that a dialect makes of it. */
interface Original {
  readonly block: BlockContent;
  readonly lowered: readonly BlockContent[];
  readonly keys: readonly string[];
}

/**
 * An edit that was made on what a dialect could say, taken back to the original: every block whose lowered form is still
 * there comes back as it was, and of one in which lines were edited the other lines do, so that a person's edit of one word
 * costs no merged cell, no list in a cell and no panel.
 */
export function restoreLowered(original: Neutral, edited: Neutral, lower: (root: Neutral) => Neutral): Neutral {
  const targets = settledBlocks(edited);
  const keys = targets.map(canonicalKey);
  const shown = new Set(keys);
  const originals = settledBlocks(original).map((block): Original => {
    // Lowering is dear, and most blocks are there as they are.
    const lowered = shown.has(canonicalKey(block)) ? [block] : settledBlocks(lower({ type: 'root', children: [block] }));
    return { block, lowered, keys: lowered.map(canonicalKey) };
  });
  const aligned = alignBlocks(
    originals.map((one) => one.keys),
    keys,
  );
  const children: BlockContent[] = [];
  let waiting: Original[] = [];
  let done = 0;
  for (const [index, one] of originals.entries()) {
    const position = aligned[index];
    if (position === undefined) {
      waiting.push(one);
      continue;
    }
    children.push(...restoredLines(waiting, targets.slice(done, position)), one.block);
    waiting = [];
    done = position + one.keys.length;
  }
  return { type: 'root', children: [...children, ...restoredLines(waiting, targets.slice(done))] };
}

/** Blocks of which something was edited: one after another, as far as they correspond. */
function restoredLines(originals: readonly Original[], targets: readonly BlockContent[]): readonly BlockContent[] {
  const count = originals.reduce((sum, { lowered }) => sum + lowered.length, 0);
  if (count !== targets.length) return targets;
  let start = 0;
  return originals.flatMap((one): readonly BlockContent[] => {
    // What shows nothing there, as a file that is not attached any more, may have been taken out.
    if (one.lowered.length === 0) return [];
    const edited = targets.slice(start, start + one.lowered.length);
    start += one.lowered.length;
    return sameKeys(one.keys, edited.map(canonicalKey)) ? [one.block] : (editedLines(one, edited) ?? edited);
  });
}

function editedLines({ block, lowered }: Original, edited: readonly BlockContent[]): readonly BlockContent[] | undefined {
  const changed = withEditedLines(block, { lowered, edited }, matching);
  return changed === undefined ? undefined : [changed];
}

/** For each line of what somebody saw of a block the line of the block that it is, where that can be told. */
type Matching = (originals: readonly Line[], lowered: readonly Line[]) => readonly (Line | undefined)[];

/**
 * A block with the lines that were edited in what somebody saw of it. Undefined where more than lines changed, or where
 * nobody can tell which they are.
 */
export function withEditedLines(
  block: BlockContent,
  { lowered, edited }: { readonly lowered: readonly BlockContent[]; readonly edited: readonly BlockContent[] },
  match: Matching,
): BlockContent | undefined {
  if (!sameKeys(shapeOf(lowered), shapeOf(edited))) return undefined;
  const copy = structuredClone(block);
  const lines = { original: linesOf([copy]), lowered: linesOf(lowered), edited: linesOf(edited) };
  const originals = match(lines.original, lines.lowered);
  for (const [index, was] of lines.lowered.entries()) {
    const now = lines.edited[index];
    if (now === undefined || keyOf(was) === keyOf(now)) continue;
    const line = originals[index];
    if (line === undefined) return undefined;
    const prefix = was.text.slice(0, was.text.length - line.text.length);
    const words = withoutPrefix(isInBold(was) && !isInBold(line) ? withoutBold(now.children()) : now.children(), prefix);
    if (words === undefined) return undefined;
    line.set(words);
  }
  return copy;
}

/** As a title or a heading stands where there is none. */
function isInBold(line: Line): boolean {
  const children = line.children();
  return children.length > 0 && children.every(({ type }) => type === 'strong');
}

function withoutBold(children: readonly PhrasingContent[]): readonly PhrasingContent[] {
  return children.flatMap((child) => (child.type === 'strong' ? child.children : [child]));
}

function keyOf(line: Line): string {
  return canonicalKey({ type: 'paragraph', children: [...line.children()] });
}

/** What stands before a line in a cell of a table that has no lists (lower.ts). */
const itemSign = /^(?:[•☑☐] |\d+\) )/;

/**
 * For each lowered line the one of the original that it is: by its words, in the order in which they stand; one that stands
 * elsewhere, as what followed a list in its item, where no other has the same words.
 */
function matching(originals: readonly Line[], lowered: readonly Line[]): readonly (Line | undefined)[] {
  const texts = new Set(originals.map(({ text }) => text));
  const words = lowered.map(({ text }) => (texts.has(text) ? text : text.replace(itemSign, '')));
  const counts = countsOf(words);
  const own = countsOf(originals.map(({ text }) => text));
  const aligned = alignBlocks(
    words.map((text) => [text]),
    originals.map(({ text }) => text),
  );
  return words.map((text, index) => {
    if (text === '' || counts.get(text) !== own.get(text)) return undefined;
    const position = aligned[index];
    if (position !== undefined) return originals[position];
    return own.get(text) === 1 ? originals.find((line) => line.text === text) : undefined;
  });
}

function countsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** A line without what lowering put before it; undefined where that was edited, too. */
function withoutPrefix(children: readonly PhrasingContent[], prefix: string): readonly PhrasingContent[] | undefined {
  if (prefix === '') return children;
  const [first, ...others] = children;
  if (first?.type !== 'text' || !first.value.startsWith(prefix)) return undefined;
  return [{ type: 'text', value: first.value.slice(prefix.length) }, ...others];
}
