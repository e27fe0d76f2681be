import type { BlockContent, List, Nodes, PhrasingContent, Table } from 'mdast';
import { contentOf, textAttribute, type AdfNode } from './adf-document.ts';
import type { AdfDecodeContext } from './adf-inline.ts';
import { patchSteps, type Keys } from './align-blocks.ts';
import { isBlock } from './block-flow.ts';
import { readAdf } from './decode-adf.ts';
import {
  cellBlocks,
  itemContent,
  writeCellBlock,
  writeInline,
  writeBlock,
  writeGridRow,
  writeItem,
  writePlainBlock,
  writeTableCell,
  writeTask,
  filled,
  type AdfEncodeContext,
} from './encode-adf.ts';
import type { Grid } from './neutral.ts';
import { loneImage } from './normal-paragraph.ts';
import { isTaskList } from './normalize.ts';
import { renderBlock, renderRow } from './render-blocks.ts';
import { flattenInline } from './runs.ts';
import { canonicalKey, canonicalOptions, settledBlocks } from './settle.ts';

export type PatchContext = AdfDecodeContext & AdfEncodeContext;

interface Patch {
  readonly context: PatchContext;
  /** Whether lists, tables, panels and expands are patched within, or only kept or replaced whole. */
  readonly within: boolean;
}

/** Native nodes changed into those that read as the blocks; what reads as before is the very same object. */
export function patchNodes(native: readonly AdfNode[], targets: readonly BlockContent[], patch: Patch): AdfNode[] {
  return patchSequence(native, targets, { patch, write: writeBlock });
}

interface Sequence {
  readonly patch: Patch;
  readonly write: (block: BlockContent, context: AdfEncodeContext) => AdfNode;
  /** How a node reads where it stands. Default: as at the top. */
  readonly keys?: (node: AdfNode) => Keys;
}

function patchSequence(
  native: readonly AdfNode[],
  targets: readonly BlockContent[],
  { patch, write, keys = (node) => keysOf(node, patch.context) }: Sequence,
): AdfNode[] {
  const pieces = native.map(keys);
  return applySteps(native, pieces, {
    keys: targets.map(canonicalKey),
    write: (indices, old) => {
      const blocks = indices.flatMap((index) => targets.slice(index, index + 1));
      const [block] = blocks;
      if (old !== undefined && patch.within && blocks.length > 1) {
        const patched = patchTransparent(old, blocks, patch) ?? patchCaption(old, blocks, patch);
        if (patched !== undefined) return [patched];
      }
      if (old === undefined || block === undefined || blocks.length > 1 || !patch.within)
        return blocks.map((each) => write(each, patch.context));
      return [patchNode(old, block, { written: write(block, patch.context), patch })];
    },
  });
}

interface Target {
  readonly keys: readonly string[];
  /** Writes some targets, onto the native piece that had as many where as many go as come. */
  readonly write: (indices: readonly number[], old: AdfNode | undefined) => readonly AdfNode[];
}

function applySteps(native: readonly AdfNode[], pieces: readonly Keys[], target: Target): AdfNode[] {
  return patchSteps(pieces, target.keys).flatMap((step): readonly AdfNode[] => {
    if (step.kind === 'keep') return native.slice(step.piece, step.piece + 1);
    const count = step.pieces.reduce((sum, piece) => sum + (pieces[piece]?.length ?? 0), 0);
    if (count !== step.targets.length) return target.write(step.targets, undefined);
    let done = 0;
    return step.pieces.flatMap((piece) => {
      const indices = step.targets.slice(done, done + (pieces[piece]?.length ?? 0));
      done += indices.length;
      return target.write(indices, native[piece]);
    });
  });
}

function read(node: AdfNode, context: AdfDecodeContext): readonly BlockContent[] {
  return settledBlocks({ type: 'root', children: readAdf([node], context) });
}

function keysOf(node: AdfNode, context: AdfDecodeContext): Keys {
  return read(node, context).map(canonicalKey);
}

/** What shows nothing of its own around the blocks in it: layouts, their columns, macros with a body. */
const transparent = new Set(['layoutSection', 'layoutColumn', 'bodiedExtension']);

/** A node that shows only what is in it stays, with its blocks changed; undefined for any other. */
function patchTransparent(native: AdfNode, targets: readonly BlockContent[], patch: Patch): AdfNode | undefined {
  // The schema has expands in layouts, but not in macros.
  const fits = native.type !== 'bodiedExtension' || targets.every((target) => target.type !== 'details');
  if (!transparent.has(native.type) || !fits) return undefined;
  const content = patchSequence(contentOf(native), targets, { patch, write: writeBlock });
  const columns = native.type !== 'layoutSection' || content.every((node) => node.type === 'layoutColumn');
  return columns ? { ...native, content: filled(content) } : undefined;
}

/** What the schema has in a caption. */
const captionTypes = new Set(['text', 'hardBreak', 'mention', 'emoji', 'date', 'placeholder', 'inlineCard', 'status']);

/** A picture of which only the caption changes, which elsewhere is the paragraph after it; undefined for all else. */
function patchCaption(native: AdfNode, targets: readonly BlockContent[], { context }: Patch): AdfNode | undefined {
  const [media, caption, ...others] = contentOf(native);
  const [image, line, ...more] = targets;
  if (native.type !== 'mediaSingle' || media === undefined || caption?.type !== 'caption' || others.length > 0) return undefined;
  if (image === undefined || line?.type !== 'paragraph' || more.length > 0) return undefined;
  const was = keysOf({ ...native, content: [media] }, context);
  const content = writeInline(line.children, context);
  if (was.length !== 1 || was[0] !== canonicalKey(image) || !content.every(({ type }) => captionTypes.has(type)))
    return undefined;
  return { ...native, content: [media, { ...caption, content }] };
}

interface Replacement {
  readonly written: AdfNode;
  readonly patch: Patch;
}

/** The native node with the target's content, keeping as much of it as has not changed; else what was written anew. */
function patchNode(native: AdfNode, target: BlockContent, { written, patch }: Replacement): AdfNode {
  const inside = patchTransparent(native, [target], patch);
  if (inside !== undefined) return inside;
  const sameType = native.type === written.type || (native.type === 'nestedExpand' && written.type === 'expand');
  if (!sameType && !(native.type === 'decisionList' && isDecisions(target))) return written;
  const was = read(native, patch.context);
  const [only] = was;
  if (was.length !== 1 || only === undefined) return withMarks(written, native);
  if (target.type === 'list' && only.type === 'list' && isTaskList(target) === isTaskList(only))
    return patchList(native, only, { target, written, patch });
  if (target.type === 'table' && only.type === 'table') return patchTable(native, only, { target, written, patch });
  if (target.type === 'grid' && only.type === 'grid') return patchGrid(native, only, { target, written, patch });
  if (target.type === 'blockquote' && only.type === 'blockquote') return patchPlain(native, target.children, patch);
  if (target.type === 'alert' && only.type === 'alert' && target.kind === only.kind)
    return patchPlain(native, target.children, patch);
  if (target.type === 'details' && only.type === 'details') {
    const content = patchSequence(contentOf(native), target.children.filter(isBlock), { patch, write: writeBlock });
    const attrs = target.summary === only.summary ? native['attrs'] : { title: target.summary };
    return { ...native, attrs, content: filled(content) };
  }
  return withMarks(written, native);
}

/** A quote or panel, in which media that share a line do not stand alone as they would at the top. */
function patchPlain(native: AdfNode, children: readonly Nodes[], patch: Patch): AdfNode {
  const keys = (node: AdfNode): Keys =>
    read({ ...native, content: [node] }, patch.context).flatMap((block) =>
      block.type === 'blockquote' || block.type === 'alert'
        ? block.children.flatMap((child) => (isBlock(child) ? [canonicalKey(child)] : []))
        : [],
    );
  const content = patchSequence(contentOf(native), children.filter(isBlock), { patch, write: writePlainBlock, keys });
  return { ...native, content: filled(content) };
}

/** Alignment, indentation and width are marks of a block, which text from the other side knows nothing about. */
function withMarks(written: AdfNode, native: AdfNode): AdfNode {
  const keeps = written.type === 'paragraph' || written.type === 'heading' || written.type === 'codeBlock';
  return keeps && native.type === written.type && Array.isArray(native['marks'])
    ? { ...written, marks: native['marks'] }
    : written;
}

interface Inner<T> extends Replacement {
  readonly target: T;
}

function patchList(native: AdfNode, was: List, { target, written, patch }: Inner<List>): AdfNode {
  const task = isTaskList(was);
  const units = task ? taskUnits(native) : contentOf(native).map((item) => [item]);
  const all = units.length === was.children.length;
  const pieces = all ? was.children.map((item) => [itemKey(item)]) : units.map((unit) => unitKeys(native, unit, patch));
  if (pieces.flat().length !== was.children.length) return written;
  const steps = patchSteps(pieces, target.children.map(itemKey));
  const content = steps.flatMap((step): readonly AdfNode[] => {
    if (step.kind === 'keep') return units[step.piece] ?? [];
    const paired = step.pieces.length === step.targets.length;
    return step.targets.flatMap((index, position): readonly AdfNode[] => {
      const item = target.children[index];
      if (item === undefined) return [];
      const piece = paired ? step.pieces[position] : undefined;
      const [old, ...below] = piece === undefined ? [] : (units[piece] ?? []);
      if (task) return old === undefined ? writeTask(item, patch.context) : patchTask(old, below, { item, patch });
      if (native.type === 'decisionList') return [writeDecision(old, item, patch)];
      if (old === undefined) return [writeItem(item.children, patch.context)];
      const inside = patchSequence(contentOf(old), item.children.filter(isBlock), { patch, write: writeBlock });
      return [{ ...old, content: itemContent(inside) }];
    });
  });
  const sameStart = (was.start ?? 1) === (target.start ?? 1);
  return sameStart ? { ...native, content } : { ...native, attrs: { order: target.start ?? 1 }, content };
}

type Item = List['children'][number];

function itemKey(item: Item): string {
  return renderBlock({ type: 'list', ordered: false, children: [item] }, canonicalOptions);
}

/** The items that some children of a list read as; none for an empty one, which stays where it is. */
function unitKeys(native: AdfNode, unit: readonly AdfNode[], { context }: Patch): Keys {
  return read({ ...native, content: unit }, context).flatMap((block) =>
    block.type === 'list' ? block.children.map(itemKey) : [],
  );
}

/** A task keeps its id, and its line if only the tasks below it change. */
function patchTask(old: AdfNode, below: readonly AdfNode[], { item, patch }: { item: Item; patch: Patch }): readonly AdfNode[] {
  const [task, ...lists] = writeTask(item, patch.context);
  const [line, ...blocks] = item.children.filter(isBlock);
  if (old.type !== 'taskItem' || task === undefined || line === undefined) return task === undefined ? [] : [task, ...lists];
  const before = read({ type: 'paragraph', content: contentOf(old) }, patch.context).map(canonicalKey);
  const sameLine = before.length === 1 && before[0] === canonicalKey(line);
  const attrs = { ...attributesOf(old), state: item.checked === true ? 'DONE' : 'TODO' };
  const patched = sameLine && textAttribute(old, 'state') === attrs.state ? old : { ...old, attrs, content: contentOf(task) };
  return [patched, ...(patchedLists(below, blocks, patch) ?? patchSequence(below, blocks, { patch, write: writeBlock }))];
}

/** Several lists below one task read as one: each keeps its tasks; undefined where tasks come or go. */
function patchedLists(lists: readonly AdfNode[], [target]: readonly BlockContent[], patch: Patch): AdfNode[] | undefined {
  if (lists.length < 2 || target === undefined || lists.some(({ type }) => type !== 'taskList')) return undefined;
  const joined = { ...lists[0], type: 'taskList', content: lists.flatMap(contentOf) };
  const content = contentOf(patchNode(joined, target, { written: writeBlock(target, patch.context), patch }));
  if (content.length !== joined.content.length) return undefined;
  let start = 0;
  return lists.map((list) => {
    const end = start + contentOf(list).length;
    const part = content.slice(start, end);
    start = end;
    return contentOf(list).every((node, index) => node === part[index]) ? list : { ...list, content: part };
  });
}

function isDecisions(target: BlockContent): boolean {
  return (
    target.type === 'list' &&
    target.ordered !== true &&
    !isTaskList(target) &&
    target.children.every((item) => decisionLine(item) !== undefined)
  );
}

/** Decisions hold one line each, or none yet; media that share a line are read as paragraphs of their own. */
function decisionLine({ children }: Item): readonly PhrasingContent[] | undefined {
  const lines = children.flatMap((child) => (child.type === 'paragraph' ? [child.children] : []));
  if (lines.length < children.length) return undefined;
  const alone = lines.every((line) => loneImage(flattenInline(line)) !== undefined);
  return lines.length <= 1 || alone ? lines.flat() : undefined;
}

function writeDecision(old: AdfNode | undefined, item: Item, { context }: Patch): AdfNode {
  const kept = old ?? { type: 'decisionItem', attrs: { localId: '', state: 'DECIDED' } };
  return { ...kept, content: writeInline(decisionLine(item) ?? [], context) };
}

function attributesOf(node: AdfNode): Readonly<Record<string, unknown>> {
  const { attrs } = node;
  return typeof attrs === 'object' && attrs !== null ? { ...attrs } : {};
}

/** Tasks, each with the lists of tasks below it. */
function taskUnits(native: AdfNode): AdfNode[][] {
  const units: AdfNode[][] = [];
  for (const node of contentOf(native)) {
    if (node.type === 'taskItem' || units.length === 0) units.push([node]);
    else units.at(-1)?.push(node);
  }
  return units;
}

function patchTable(native: AdfNode, was: Table, { target, written, patch }: Inner<Table>): AdfNode {
  const rows = contentOf(native);
  const width = Math.max(1, ...rows.map((row) => contentOf(row).length));
  const sameWidth = was.children[0]?.children.length === target.children[0]?.children.length;
  if (rows.length !== was.children.length || !sameWidth) return written;
  const rowKey = (row: Table['children'][number]): string => {
    // The first row is as wide as the table; its empty cells at the end mean as little as any other row's.
    return renderRow(
      row.children.map((cell) => cell.children),
      canonicalOptions,
    ).replace(/(?: {2}\|)+$/, '');
  };
  const content = applySteps(
    rows,
    was.children.map((row) => [rowKey(row)]),
    {
      keys: target.children.map(rowKey),
      write: (indices, old) =>
        indices.map((index) => {
          const template = old ?? rows[Math.min(index, rows.length - 1)];
          const cells = target.children[index]?.children ?? [];
          const before = old === undefined ? undefined : was.children[rows.indexOf(old)]?.children;
          return patchRow({ cells, before, template, old, width }, patch);
        }),
    },
  );
  return { ...native, content };
}

interface RowPatch {
  readonly cells: Table['children'][number]['children'];
  readonly before: Table['children'][number]['children'] | undefined;
  /** The native row whose kinds of cells are taken over, and the one that this row replaces. */
  readonly template: AdfNode | undefined;
  readonly old: AdfNode | undefined;
  readonly width: number;
}

function patchRow({ cells, before, template, old, width }: RowPatch, patch: Patch): AdfNode {
  const kinds = template === undefined ? [] : contentOf(template);
  const oldCells = old === undefined ? [] : contentOf(old);
  const keyOf = (cell: Table['children'][number]['children'][number] | undefined): string =>
    renderRow([cell?.children ?? []], canonicalOptions);
  const content = Array.from({ length: width }, (_, column): AdfNode => {
    const oldCell = oldCells[column];
    const cell = cells[column];
    if (oldCell !== undefined && before !== undefined && keyOf(cell) === keyOf(before[column])) return oldCell;
    const empty = { type: 'tableCell' as const, children: [] };
    if (oldCell === undefined) return writeTableCell(cell ?? empty, kinds[column]?.type === 'tableHeader', patch.context);
    return patchCell(oldCell, cellBlocks(cell?.children ?? []), patch);
  });
  return old === undefined ? { type: 'tableRow', content } : { ...old, content };
}

function patchCell(old: AdfNode, blocks: readonly BlockContent[], patch: Patch): AdfNode {
  const content = patchSequence(contentOf(old), blocks, { patch, write: writeCellBlock });
  return { ...old, content: filled(content) };
}

function patchGrid(native: AdfNode, was: Grid, { target, written, patch }: Inner<Grid>): AdfNode {
  const rows = contentOf(native);
  if (rows.length !== was.children.length) return written;
  const rowKey = (row: Grid['children'][number]): string => renderBlock({ type: 'grid', children: [row] }, canonicalOptions);
  const content = applySteps(
    rows,
    was.children.map((row) => [rowKey(row)]),
    {
      keys: target.children.map(rowKey),
      write: (indices, old) =>
        indices.flatMap((index) => {
          const row = target.children[index];
          const before = old === undefined ? undefined : was.children[rows.indexOf(old)];
          return row === undefined ? [] : [patchGridRow({ row, before, old }, patch)];
        }),
    },
  );
  return { ...native, content };
}

interface GridRowPatch {
  readonly row: Grid['children'][number];
  readonly before: Grid['children'][number] | undefined;
  readonly old: AdfNode | undefined;
}

/** Cells stay where the row keeps its shape; those at the end that are empty are not in the row's normal form. */
function patchGridRow({ row, before, old }: GridRowPatch, patch: Patch): AdfNode {
  const cells = old === undefined ? [] : contentOf(old);
  const sameShape =
    before !== undefined &&
    before.children.length === row.children.length &&
    before.children.every((cell, column) => {
      const other = row.children[column];
      return cell.columnSpan === other?.columnSpan && cell.rowSpan === other.rowSpan;
    });
  if (old === undefined || !sameShape || cells.length < row.children.length)
    return { type: 'tableRow', content: writeGridRow(row, patch.context) };
  const content = cells.map((cell, column) => {
    const target = row.children[column];
    const was = before.children[column];
    if (target === undefined || was === undefined || cellKey(target) === cellKey(was)) return cell;
    return patchCell(cell, target.children.filter(isBlock), patch);
  });
  return { ...old, content };
}

function cellKey(cell: Grid['children'][number]['children'][number]): string {
  return renderBlock({ type: 'grid', children: [{ type: 'gridRow', children: [cell] }] }, canonicalOptions);
}
