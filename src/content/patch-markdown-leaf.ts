import type { BlockContent, List, Nodes, PhrasingContent, RootContent, Table } from 'mdast';
import { isBlock } from './block-flow.ts';
import { renderBlock, renderBlocks } from './render-blocks.ts';
import { linePlace, renderInline, type RenderOptions } from './render-inline.ts';
import { canonicalKey } from './settle.ts';

/** The native text that is being patched, its line end, and how what is new is written. */
export interface Source {
  readonly text: string;
  readonly eol: string;
  readonly options: RenderOptions;
}

/** A stretch of the source and what comes in its place. */
export interface SourceEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The edits that make the native blocks read as the targets where both have the same shape and only the text of some
 * blocks, however deep within quotes, alerts, lists, tables and details, is another: everything around those stays byte
 * for byte. Undefined where the shape differs. `was` is what the nodes read as.
 */
export function leafEdits(
  source: Source,
  nodes: readonly Nodes[],
  { was, targets }: { readonly was: readonly BlockContent[]; readonly targets: readonly BlockContent[] },
): readonly SourceEdit[] | undefined {
  // HTML around blocks (and comments) and definitions have no text of their own here.
  const blocks = nodes.filter((node) => node.type !== 'html' && node.type !== 'definition');
  if (blocks.length !== was.length || was.length !== targets.length) return undefined;
  const edits: SourceEdit[] = [];
  for (const [index, node] of blocks.entries()) {
    const before = was[index];
    const target = targets[index];
    if (before === undefined || target === undefined) return undefined;
    if (canonicalKey(before) === canonicalKey(target)) continue;
    const inside = nodeEdits(source, node, { was: before, target });
    if (inside === undefined) return undefined;
    edits.push(...inside);
  }
  return edits;
}

/** The same for a segment of several nodes that reads as one block: HTML with Markdown between its tags. */
export function elementEdits(
  source: Source,
  nodes: readonly RootContent[],
  { was, target }: Change,
): readonly SourceEdit[] | undefined {
  if (was.type === 'details' && target.type === 'details' && was.summary === target.summary)
    return leafEdits(source, nodes, { was: was.children.filter(isBlock), targets: target.children.filter(isBlock) });
  if (was.type !== 'grid' || target.type !== 'grid' || shapeOf(was) !== shapeOf(target)) return undefined;
  return leafEdits(source, nodes, { was: cellBlocks(was), targets: cellBlocks(target) });
}

interface Change {
  readonly was: BlockContent;
  readonly target: BlockContent;
}

type Grid = Extract<BlockContent, { type: 'grid' }>;

function shapeOf(grid: Grid): string {
  const cells = grid.children.map((row) => row.children.map((cell) => [cell.columnSpan, cell.rowSpan, cell.children.length]));
  return JSON.stringify(cells);
}

function cellBlocks(grid: Grid): BlockContent[] {
  return grid.children.flatMap((row) => row.children.flatMap((cell) => cell.children.filter(isBlock)));
}

function nodeEdits(source: Source, node: Nodes, { was, target }: Change): readonly SourceEdit[] | undefined {
  if (node.type === 'list' && was.type === 'list' && target.type === 'list') return listEdits(source, node, { was, target });
  if (node.type === 'table' && was.type === 'table' && target.type === 'table') return tableEdits(source, node, { was, target });
  if (node.type === 'blockquote' && was.type === 'blockquote' && target.type === 'blockquote')
    return leafEdits(source, node.children, { was: was.children.filter(isBlock), targets: target.children.filter(isBlock) });
  if (node.type === 'blockquote' && was.type === 'alert' && target.type === 'alert' && was.kind === target.kind)
    return alertEdits(source, node.children, { was: was.children.filter(isBlock), targets: target.children.filter(isBlock) });
  const isLeaf = node.type === 'paragraph' || node.type === 'heading' || node.type === 'code' || node.type === 'thematicBreak';
  if (!isLeaf || node.type !== was.type || node.type !== target.type) return undefined;
  // A task's paragraph begins with its box, if one believes the parser, where something else than text comes after it.
  const start = node.type === 'paragraph' ? startOf(node.children[0] ?? node) : startOf(node);
  return replaced(source, { start, end: endOf(node) }, target);
}

function listEdits(source: Source, node: List, { was, target }: { was: List; target: List }): readonly SourceEdit[] | undefined {
  const sameKind = (was.ordered ?? false) === (target.ordered ?? false) && (was.start ?? 1) === (target.start ?? 1);
  const { length } = node.children;
  if (!sameKind || was.children.length !== length || target.children.length !== length) return undefined;
  const edits: SourceEdit[] = [];
  for (const [index, item] of node.children.entries()) {
    const before = was.children[index];
    const after = target.children[index];
    if (before === undefined || after === undefined || before.checked !== after.checked) return undefined;
    const inside = leafEdits(source, item.children, {
      was: before.children.filter(isBlock),
      targets: after.children.filter(isBlock),
    });
    if (inside === undefined) return undefined;
    edits.push(...inside);
  }
  return edits;
}

/** The first paragraph of an alert begins with the line that names its kind, which stays. */
function alertEdits(
  source: Source,
  children: readonly Nodes[],
  change: { readonly was: readonly BlockContent[]; readonly targets: readonly BlockContent[] },
): readonly SourceEdit[] | undefined {
  const [first, ...others] = children;
  if (first?.type !== 'paragraph') return undefined;
  const kindLine = /^[^\r\n]*(?:\r\n|\n|\r)?[ \t>]*/.exec(source.text.slice(startOf(first), endOf(first)))?.[0] ?? '';
  const start = startOf(first) + kindLine.length;
  if (start >= endOf(first)) return leafEdits(source, others, change);
  const [was, ...wasRest] = change.was;
  const [target, ...targetRest] = change.targets;
  if (was?.type !== 'paragraph' || target?.type !== 'paragraph') return undefined;
  const same = canonicalKey(was) === canonicalKey(target);
  const rest = leafEdits(source, others, { was: wasRest, targets: targetRest });
  if (rest === undefined) return undefined;
  return same ? rest : [...replaced(source, { start, end: endOf(first) }, target), ...rest];
}

/** A changed cell's content between its bars. */
function tableEdits(
  source: Source,
  node: Table,
  { was, target }: { was: Table; target: Table },
): readonly SourceEdit[] | undefined {
  if (node.children.length !== was.children.length || was.children.length !== target.children.length) return undefined;
  const edits: SourceEdit[] = [];
  for (const [index, row] of node.children.entries()) {
    const [before, after] = [was.children[index]?.children ?? [], target.children[index]?.children ?? []];
    for (let column = 0; column < Math.max(before.length, after.length); column += 1) {
      const [from, to] = [before[column]?.children ?? [], after[column]?.children ?? []];
      if (cellText(from, source) === cellText(to, source)) continue;
      const content = row.children[column]?.children ?? [];
      const [first, last] = [content[0], content.at(-1)];
      if (first === undefined || last === undefined) return undefined;
      edits.push({ start: startOf(first), end: endOf(last), text: cellText(to, source) });
    }
  }
  return edits;
}

function cellText(content: readonly PhrasingContent[], { options }: Source): string {
  return renderInline(content, { ...linePlace, cell: true }, options);
}

function replaced(source: Source, range: { start: number; end: number }, target: BlockContent): readonly SourceEdit[] {
  const written = target.type === 'paragraph' ? renderBlocks([target], source.options) : renderBlock(target, source.options);
  return [{ ...range, text: withMargin(source, range.start, written) }];
}

/** What is written at a place in the source, its lines within the containers that stand there. */
export function withMargin(source: Source, start: number, written: string): string {
  const margin = marginBefore(source.text, start);
  const lines = written.split('\n').map((line, index) => (index === 0 ? line : (margin + line).trimEnd()));
  return lines.join(source.eol);
}

/** What the following lines of a block begin with: the quotes' signs again, and space as wide as the items' signs. */
function marginBefore(text: string, offset: number): string {
  const line = /[^\r\n]*$/.exec(text.slice(Math.max(0, offset - 1000), offset))?.[0] ?? '';
  return line.replaceAll(/[^>\t]/g, ' ');
}

function startOf(node: Nodes): number {
  return node.position?.start.offset ?? 0;
}

function endOf(node: Nodes): number {
  return node.position?.end.offset ?? 0;
}

/** The source of a range with the edits made. */
export function withEdits(text: string, range: { start: number; end: number }, edits: readonly SourceEdit[]): string {
  let result = '';
  let done = range.start;
  for (const edit of edits.toSorted((left, right) => left.start - right.start)) {
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done, range.end);
}
