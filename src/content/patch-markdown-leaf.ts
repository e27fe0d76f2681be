import type { BlockContent, Blockquote, List, Nodes, PhrasingContent, RootContent, Table } from 'mdast';
import { formsMax, withAuthoredForms } from './authored-forms.ts';
import { isBlock } from './block-flow.ts';
import { alertOf, segmentsOf } from './decode-markdown.ts';
import { titleEdits, type Details } from './details-titles.ts';
import { revived, type LiveReference } from './live-references.ts';
import { betweenFences } from './markdown-fence.ts';
import { authoredForms, type MarkdownForm } from './markdown-forms.ts';
import { isTaskList } from './normalize.ts';
import { numberEdits } from './number-edits.ts';
import { itemKey } from './part-keys.ts';
import { itemNumber, renderBlock, renderBlocks, renderItem, renderRow } from './render-blocks.ts';
import { linePlace, renderInline, type RenderOptions } from './render-inline.ts';
import { sequenceEdits, type Part, type SourceEdit } from './sequence-edits.ts';
import { canonicalKey, normalChildren } from './settle.ts';
import { boxOf, tickAt } from './task-box.ts';

/** The native text that is being patched, its line end, and how what is new is written. */
export interface Source {
  readonly text: string;
  readonly eol: string;
  readonly options: RenderOptions;
  /** What calls somebody or refers to something in it. */
  readonly references: readonly LiveReference[];
  /** What its author may have written in another way than this program would. */
  readonly forms: readonly MarkdownForm[];
  /** Whether HTML and items of which not only words change are written anew, where they stand. */
  readonly coarse?: boolean;
}

interface Blocks {
  readonly was: readonly BlockContent[];
  readonly targets: readonly BlockContent[];
  /** Where the words of the first block begin, if not where it does. */
  readonly contentStart?: number;
}

/**
 * The edits that make the native blocks, however deep within quotes, alerts, lists, tables and details, read as the
 * targets: everything that stays stays byte for byte. Undefined where the blocks are not those that `was` says they read
 * as.
 */
export function leafEdits(
  source: Source,
  nodes: readonly Nodes[],
  { was, targets, contentStart }: Blocks,
): readonly SourceEdit[] | undefined {
  const stretches = stretchesOf(source, nodes, { was, contentStart });
  const [first] = stretches ?? [];
  if (stretches === undefined || first === undefined) return undefined;
  const margin = marginBefore(source.text, first.start);
  const take = (indices: readonly number[]): BlockContent[] => indices.flatMap((index) => targets.slice(index, index + 1));
  return sequenceEdits(stretches, {
    keys: targets.map(canonicalKey),
    between: `${source.eol}${margin.trimEnd()}${source.eol}${margin}`,
    write: (indices) => withMargin(source, first.start, renderBlocks(take(indices), source.options)),
    edit: (index, indices) => {
      const stretch = stretches[index];
      return stretch === undefined ? undefined : stretchEdits(source, stretch, take(indices));
    },
  });
}

interface Stretch extends Part {
  readonly nodes: readonly Nodes[];
  readonly blocks: readonly BlockContent[];
}

/** Where the blocks stand that the nodes read as; comments and definitions read as none. */
function stretchesOf(
  { text }: Source,
  nodes: readonly Nodes[],
  { was, contentStart }: { readonly was: readonly BlockContent[]; readonly contentStart: number | undefined },
): readonly Stretch[] | undefined {
  const [opening] = nodes;
  const isBare = opening !== undefined && contentStart !== undefined && contentStart >= endOf(opening);
  let done = 0;
  const stretches = segmentsOf(text, isBare ? nodes.slice(1) : nodes).flatMap((segment, index): Stretch[] => {
    const count = normalChildren({ type: 'root', children: [...segment.blocks] }).length;
    const blocks = was.slice(done, done + count);
    done += count;
    const [node] = segment.nodes;
    const last = segment.nodes.at(-1);
    if (node === undefined || last === undefined) return [];
    const start = index === 0 && !isBare && contentStart !== undefined ? contentStart : startOf(node);
    return [{ nodes: segment.nodes, start, end: endOf(last), blocks, keys: blocks.map(canonicalKey) }];
  });
  return done === was.length ? stretches : undefined;
}

function stretchEdits(source: Source, stretch: Stretch, targets: readonly BlockContent[]): readonly SourceEdit[] | undefined {
  const { nodes, blocks, start, end } = stretch;
  const [node, ...others] = nodes;
  const [was] = blocks;
  const [target] = targets;
  if (node === undefined || was === undefined || target === undefined) return undefined;
  const anew =
    source.coarse === true ? [{ start, end, text: withMargin(source, start, renderBlocks(targets, source.options)) }] : undefined;
  if (others.length > 0) return apartFromHtml(source, nodes, { was: blocks, targets }) ?? anew;
  if (blocks.length > 1 || targets.length > 1) return anew;
  const isLeaf = node.type === 'paragraph' || node.type === 'heading' || node.type === 'code' || node.type === 'thematicBreak';
  if (isLeaf && node.type === was.type && node.type === target.type)
    return replaced(source, { start: textStart(node, start), end }, { was, target });
  return nodeEdits(source, node, { was, target }) ?? anew;
}

/** A task's paragraph begins with its box, if one believes the parser, where something else than text comes after it. */
function textStart(node: Nodes, start: number): number {
  const isWhole = node.type === 'paragraph' && start === startOf(node);
  return isWhole ? startOf(node.children[0] ?? node) : start;
}

/** The same of HTML with Markdown between its tags, where none of the tags' own words change. */
function apartFromHtml(source: Source, nodes: readonly Nodes[], change: Blocks): readonly SourceEdit[] | undefined {
  const blocks = nodes.filter((node) => node.type !== 'html');
  return blocks.length === nodes.length ? undefined : leafEdits(source, blocks, change);
}

/** The same for a segment of several nodes that reads as one block: HTML with Markdown between its tags. */
export function elementEdits(
  source: Source,
  nodes: readonly RootContent[],
  { was, target }: Change,
): readonly SourceEdit[] | undefined {
  if (was.type === 'details' && target.type === 'details') return detailsEdits(source, nodes, { was, target });
  if (was.type !== 'grid' || target.type !== 'grid' || shapeOf(was) !== shapeOf(target)) return undefined;
  return apartFromHtml(source, nodes, { was: cellBlocks(was), targets: cellBlocks(target) });
}

interface Change {
  readonly was: BlockContent;
  readonly target: BlockContent;
}

/** The titles, and the blocks between the tags, where these are alone in their HTML. */
function detailsEdits(
  source: Source,
  nodes: readonly RootContent[],
  change: { readonly was: Details; readonly target: Details },
): readonly SourceEdit[] | undefined {
  const titles = titleEdits(source, nodes, change);
  if (titles === undefined) return undefined;
  const { was } = change;
  const { target } = titles;
  const inside = canonicalKey(was) === canonicalKey(target) ? [] : bodyEdits(source, nodes, { was, target });
  return inside === undefined ? undefined : [...titles.edits, ...inside];
}

function bodyEdits(
  source: Source,
  nodes: readonly RootContent[],
  { was, target }: { readonly was: Details; readonly target: Details },
): readonly SourceEdit[] | undefined {
  const change = { was: was.children.filter(isBlock), targets: target.children.filter(isBlock) };
  const [open, ...rest] = nodes;
  const close = rest.at(-1);
  const textOf = (node: RootContent | undefined): string =>
    node === undefined ? '' : source.text.slice(startOf(node), endOf(node));
  const isOpen = /^<details\b[^>]*>\s*<summary\b[^>]*>[\s\S]*?<\/summary>\s*$/i.test(textOf(open));
  const isAlone = isOpen && /^<\/details>\s*$/i.test(textOf(close));
  return isAlone ? leafEdits(source, rest.slice(0, -1), change) : apartFromHtml(source, nodes, change);
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
  if (node.type === 'blockquote' && was.type === 'alert' && target.type === 'alert')
    return alertEdits(source, node, { was, target });
  return undefined;
}

type Item = List['children'][number];

function listEdits(source: Source, node: List, { was, target }: { was: List; target: List }): readonly SourceEdit[] | undefined {
  const sameKind = (was.ordered ?? false) === (target.ordered ?? false);
  const [first, second] = node.children;
  const sign = /^(?:[-+*]|\d{1,9}([.)]))/.exec(source.text.slice(startOf(node), startOf(node) + 11));
  if (!sameKind || first === undefined || sign === null || was.children.length !== node.children.length) return undefined;
  const isTask = isTaskList(was);
  if (isTask !== isTaskList(target)) return undefined;
  const write = (index: number): string => {
    const item = target.children[index];
    const marker = sign[1] === undefined ? sign[0] : `${itemNumber((target.start ?? 1) + index)}${sign[1]}`;
    const box = isTask ? ` [${item?.checked === true ? 'x' : ' '}]` : '';
    const shape = { indent: marker.length + 1, options: source.options };
    return item === undefined ? '' : withMargin(source, startOf(first), renderItem(item, marker + box, shape).text);
  };
  const between =
    second === undefined
      ? source.eol + marginBefore(source.text, startOf(first))
      : source.text.slice(endOf(first), startOf(second));
  const parts = node.children.map((item, index): Part => {
    const before = was.children[index];
    return { start: startOf(item), end: endOf(item), keys: before === undefined ? [] : [itemKey(before)] };
  });
  return sequenceEdits(parts, {
    keys: target.children.map(itemKey),
    between,
    write: (indices) => indices.map(write).join(between),
    edit: (part, [index = 0, ...more]) => {
      const [item, before, after] = [node.children[part], was.children[part], target.children[index]];
      if (item === undefined || before === undefined || after === undefined || more.length > 0) return undefined;
      const edits = itemEdits(source, item, { was: before, target: after });
      return edits ?? (source.coarse === true ? [{ start: startOf(item), end: endOf(item), text: write(index) }] : undefined);
    },
    lead: (part) => numberEdits(source.text, node.children[part], target),
  });
}

function itemEdits(source: Source, item: Item, { was, target }: { was: Item; target: Item }): readonly SourceEdit[] | undefined {
  const change = { was: was.children.filter(isBlock), targets: target.children.filter(isBlock) };
  return boxedEdits(source, item, {
    checked: [was.checked, target.checked],
    inside: leafEdits(source, item.children, change),
  });
}

/** The edits inside an item, and that of its box where the task becomes done, or is so no more; undefined where that is not found. */
export function boxedEdits(
  source: Source,
  item: Item,
  {
    checked: [was, now],
    inside,
  }: {
    readonly checked: readonly [Item['checked'], Item['checked']];
    readonly inside: readonly SourceEdit[] | undefined;
  },
): readonly SourceEdit[] | undefined {
  if (inside === undefined || was === now) return inside;
  const box = boxOf(source.text, item);
  return box === undefined ? undefined : [tickAt(box, now === true), ...inside];
}

type Alert = Extract<BlockContent, { type: 'alert' }>;

/** The first paragraph of an alert begins with the line that names its kind. */
function alertEdits(
  source: Source,
  node: Blockquote,
  { was, target }: { readonly was: Alert; readonly target: Alert },
): readonly SourceEdit[] | undefined {
  const alert = alertOf(source.text, node);
  const [first] = node.children;
  if (alert === undefined || first === undefined) return undefined;
  const change = { was: was.children.filter(isBlock), targets: target.children.filter(isBlock) };
  const kind = { start: startOf(first) + 2, end: startOf(first) + 2 + was.kind.length, text: target.kind.toUpperCase() };
  const inside = leafEdits(source, node.children, { ...change, contentStart: alert.contentStart });
  return inside === undefined ? undefined : [...(was.kind === target.kind ? [] : [kind]), ...inside];
}

/** Rows that come and go, and a changed cell's content between its bars. */
function tableEdits(
  source: Source,
  node: Table,
  { was, target }: { was: Table; target: Table },
): readonly SourceEdit[] | undefined {
  const [header] = node.children;
  const [wasHeader] = was.children;
  const sameWidth = wasHeader?.children.length === target.children[0]?.children.length;
  if (header === undefined || !sameWidth || node.children.length !== was.children.length) return undefined;
  const delimiters = /^(?:\r\n|\n|\r)[^\r\n]*/.exec(source.text.slice(endOf(header)))?.[0] ?? '';
  const parts = node.children.map((row, index): Part => {
    const before = was.children[index];
    const end = endOf(row) + (index === 0 ? delimiters.length : 0);
    return { start: startOf(row), end, keys: before === undefined ? [] : [rowText(before, source)] };
  });
  const between = source.eol + marginBefore(source.text, startOf(header));
  const edits = sequenceEdits(parts, {
    keys: target.children.map((row) => rowText(row, source)),
    between,
    write: (indices) =>
      indices.flatMap((index) => target.children.slice(index, index + 1).map((row) => rowText(row, source))).join(between),
    edit: (part, [index = 0]) => cellEdits(source, node.children[part], [was.children[part], target.children[index]]),
  });
  // Nothing comes before the header, nor in its place.
  const first = edits?.every(({ start, text }) => start > startOf(header) || !text.includes(source.eol));
  return first === true ? edits : undefined;
}

type Row = Table['children'][number];

function cellEdits(
  source: Source,
  row: Row | undefined,
  [was, target]: readonly [Row | undefined, Row | undefined],
): readonly SourceEdit[] | undefined {
  const [before, after] = [was?.children ?? [], target?.children ?? []];
  const edits: SourceEdit[] = [];
  for (let column = 0; column < Math.max(before.length, after.length); column += 1) {
    const [from, to] = [before[column]?.children ?? [], after[column]?.children ?? []];
    if (cellText(from, source) === cellText(to, source)) continue;
    const content = row?.children[column]?.children ?? [];
    const [first, last] = [content[0], content.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    edits.push({ start: startOf(first), end: endOf(last), text: cellText(to, source) });
  }
  return edits;
}

function rowText(row: Row, { options }: Source): string {
  return renderRow(row.children, options);
}

function cellText(content: readonly PhrasingContent[], { options }: Source): string {
  return renderInline(content, { ...linePlace, cell: true }, options);
}

function replaced(source: Source, range: { start: number; end: number }, { was, target }: Change): readonly SourceEdit[] {
  const written =
    betweenFences(source.text.slice(range.start, range.end), { was, target }, source.options) ??
    (target.type === 'paragraph' ? renderBlocks([target], source.options) : renderBlock(target, source.options));
  return [{ ...range, text: withMargin(source, range.start, written) }];
}

/** What is written at a place in the source, its lines within the containers that stand there. */
export function withMargin(source: Source, start: number, written: string): string {
  const margin = marginBefore(source.text, start);
  // Blanks at the end of a line of code are the line's own.
  const lines = written.split('\n').map((line, index) => (index === 0 ? line : line === '' ? margin.trimEnd() : margin + line));
  return lines.join(source.eol);
}

/** What the following lines of a block begin with: the quotes' signs again, and space as wide as the items' signs. */
export function marginBefore(text: string, offset: number): string {
  const line = /[^\r\n]*$/.exec(text.slice(Math.max(0, offset - 1000), offset))?.[0] ?? '';
  return line.replaceAll(/[^>\t]/g, ' ');
}

function startOf(node: Nodes): number {
  return node.position?.start.offset ?? 0;
}

function endOf(node: Nodes): number {
  return node.position?.end.offset ?? 0;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What is written in the place of ranges of the source, with what its author wrote where that reads so. */
export function asAuthored(written: string, source: Source, replaced: readonly Range[]): string {
  const { text: native, references, options } = source;
  const forms = replaced.flatMap((range) => {
    const within = source.forms.filter(({ start, end }) => start >= range.start && end <= range.end);
    return authoredForms({ native, range, options }, within.slice(0, formsMax));
  });
  const { text, used } = withAuthoredForms(written, forms);
  // What is live in these is so as often as it was.
  const left = references.filter(({ start, end }) => !used.some((form) => start < form.end && form.start < end));
  return revived(text, left, replaced);
}

/** The source of a range with the edits made. */
export function withEdits(source: Source, range: Range, edits: readonly SourceEdit[]): string {
  const { text } = source;
  let result = '';
  let done = range.start;
  for (const edit of edits.toSorted((left, right) => left.start - right.start)) {
    // What stood within what another edit replaced is there no more.
    if (edit.start < done) continue;
    result += text.slice(done, edit.start) + asAuthored(edit.text, source, [edit]);
    done = edit.end;
  }
  return result + text.slice(done, range.end);
}
