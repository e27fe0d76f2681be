import type { List, ListItem, Paragraph } from 'mdast';
import { movingSteps } from '../patch-steps.ts';
import { canonicalKey, settledBlocks } from '../settle.ts';
import { asAuthoredMarkup } from './authored-markup.ts';
import { linesOf, splitAtBreaks } from './block-lines.ts';
import { patchWords } from './patch-words.ts';
import type { MarkupDialect } from './dialect.ts';
import type { Part } from './item-parts.ts';

/** Each line is read by itself, which costs more than reading them together. */
const linesMax = 2_000;

interface Lines {
  readonly dialect: MarkupDialect;
  readonly write: (part: Part) => string;
}

/**
 * Text of several native lines of which only some change, with the others as they are: a paragraph, or an item without what
 * macros hold. A native line may show several lines, by breaks within it. Undefined where they do not correspond.
 */
export function patchLines(
  source: string,
  { before, after }: { readonly before: readonly Part[]; readonly after: readonly Part[] },
  { dialect, write }: Lines,
): string | undefined {
  const lines = source.split(/\r\n|\n|\r/);
  if (lines.length < 2 || lines.length > linesMax) return undefined;
  const counts = lines.map((line) => shownLines(line, dialect));
  if (counts.includes(0) || counts.reduce((sum, count) => sum + count) !== before.length) return undefined;
  let done = 0;
  const shown = counts.map((count) => {
    done += count;
    return before.slice(done - count, done);
  });
  const eol = /\r\n|\n|\r/.exec(source)?.[0] ?? '\n';
  const patched = movingSteps(shown.map(keysOf), keysOf(after)).flatMap((step) => {
    const native = lines[step.piece ?? -1];
    if (step.kind !== 'replace') return native ?? [];
    const wanted = step.targets.flatMap((target) => after[target] ?? []).map(write);
    if (native === undefined) return wanted;
    const was = shown[step.piece ?? -1]?.map(write) ?? [];
    const whole = patchWords(native, { before: was.join('\n'), after: wanted.join('\n') }, dialect);
    if (whole !== undefined) return whole;
    return wanted.map((line) =>
      asAuthoredMarkup({ before: undefined, after: line }, { native, dialect }, { start: 0, end: native.length }),
    );
  });
  return patched.join(eol);
}

function shownLines(line: string, dialect: MarkupDialect): number {
  const blocks = dialect.read(line).flatMap((piece) => [...piece.blocks]);
  return linesOf(settledBlocks({ type: 'root', children: blocks })).length;
}

function keysOf(parts: readonly Part[]): readonly string[] {
  return parts.map(({ block }) => canonicalKey(block));
}

/** Each line of a paragraph. */
export function linesOfParagraph(paragraph: Paragraph): readonly Part[] {
  return splitAtBreaks(paragraph.children).map((children) => ({ block: { ...paragraph, children }, leading: 0 }));
}

/** The lines of an item that is one paragraph: the first as the item, those below it as paragraphs; undefined for any other. */
export function linesOfItem({ block, leading }: Part): readonly Part[] | undefined {
  const item = block.type === 'list' ? innermost(block, leading) : undefined;
  const [paragraph, ...below] = item?.children ?? [];
  if (block.type !== 'list' || item === undefined || paragraph?.type !== 'paragraph' || below.length > 0) return undefined;
  const [head, ...others] = linesOfParagraph(paragraph);
  if (head === undefined) return undefined;
  return [{ block: withItem(block, { ...item, children: [head.block] }, leading), leading }, ...others];
}

/** The item that stands so many lists deeper, the last one of each. */
export function innermost(list: List, depth: number): ListItem | undefined {
  const item = list.children.at(-1);
  const inner = item?.children.find((child): child is List => child.type === 'list');
  return depth === 0 || inner === undefined ? item : innermost(inner, depth - 1);
}

/** The list with another item there. */
export function withItem(list: List, item: ListItem, depth: number): List {
  const [holder] = list.children;
  const inner = holder?.children.find((child): child is List => child.type === 'list');
  if (depth === 0 || holder === undefined || inner === undefined) return { ...list, children: [item] };
  return { ...list, children: [{ ...holder, children: [withItem(inner, item, depth - 1)] }] };
}
