import type { BlockContent, List, Table } from 'mdast';
import { contentOf, type AdfNode } from './adf-document.ts';
import type { AdfDecodeContext } from './adf-inline.ts';
import { patchSteps, type Keys } from './align-blocks.ts';
import { isBlock } from './block-flow.ts';
import { readAdf } from './decode-adf.ts';
import {
  itemContent,
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
import { isTaskList } from './normalize.ts';
import { renderBlock, renderRow } from './render-blocks.ts';
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
}

function patchSequence(native: readonly AdfNode[], targets: readonly BlockContent[], { patch, write }: Sequence): AdfNode[] {
  const pieces = native.map((node) => keysOf(node, patch.context));
  return applySteps(native, pieces, {
    keys: targets.map(canonicalKey),
    write: (index, old) => {
      const block = targets[index];
      if (block === undefined) return [];
      const written = write(block, patch.context);
      return [old === undefined || !patch.within ? written : patchNode(old, block, { written, patch })];
    },
  });
}

interface Target {
  readonly keys: readonly string[];
  /** Writes one target, onto the native piece that it replaces where as many go as come. */
  readonly write: (index: number, old: AdfNode | undefined) => readonly AdfNode[];
}

function applySteps(native: readonly AdfNode[], pieces: readonly Keys[], target: Target): AdfNode[] {
  return patchSteps(pieces, target.keys).flatMap((step): readonly AdfNode[] => {
    if (step.kind === 'keep') return native.slice(step.piece, step.piece + 1);
    const paired = step.pieces.length === step.targets.length;
    return step.targets.flatMap((index, position) => {
      const piece = paired ? step.pieces[position] : undefined;
      return target.write(index, piece === undefined ? undefined : native[piece]);
    });
  });
}

function read(node: AdfNode, context: AdfDecodeContext): readonly BlockContent[] {
  return settledBlocks({ type: 'root', children: readAdf([node], context) });
}

function keysOf(node: AdfNode, context: AdfDecodeContext): Keys {
  return read(node, context).map(canonicalKey);
}

interface Replacement {
  readonly written: AdfNode;
  readonly patch: Patch;
}

/** The native node with the target's content, keeping as much of it as has not changed; else what was written anew. */
function patchNode(native: AdfNode, target: BlockContent, { written, patch }: Replacement): AdfNode {
  if (native.type !== written.type) return written;
  const was = read(native, patch.context);
  const [only] = was;
  if (was.length !== 1 || only === undefined) return withMarks(written, native);
  if (target.type === 'list' && only.type === 'list' && isTaskList(target) === isTaskList(only))
    return patchList(native, only, { target, written, patch });
  if (target.type === 'table' && only.type === 'table') return patchTable(native, only, { target, written, patch });
  if (target.type === 'grid' && only.type === 'grid') return patchGrid(native, only, { target, written, patch });
  if (target.type === 'alert' && only.type === 'alert' && target.kind === only.kind) {
    const content = patchSequence(contentOf(native), target.children.filter(isBlock), { patch, write: writePlainBlock });
    return { ...native, content: filled(content) };
  }
  if (target.type === 'details' && only.type === 'details') {
    const content = patchSequence(contentOf(native), target.children.filter(isBlock), { patch, write: writeBlock });
    const attrs = target.summary === only.summary ? native['attrs'] : { title: target.summary };
    return { ...native, attrs, content: filled(content) };
  }
  return withMarks(written, native);
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
  if (units.length !== was.children.length) return written;
  const keyOf = (item: List['children'][number]): string =>
    renderBlock({ type: 'list', ordered: false, children: [item] }, canonicalOptions);
  const steps = patchSteps(
    was.children.map((item) => [keyOf(item)]),
    target.children.map(keyOf),
  );
  const content = steps.flatMap((step): readonly AdfNode[] => {
    if (step.kind === 'keep') return units[step.piece] ?? [];
    const paired = step.pieces.length === step.targets.length;
    return step.targets.flatMap((index, position): readonly AdfNode[] => {
      const item = target.children[index];
      if (item === undefined) return [];
      if (task) return writeTask(item, patch.context);
      const piece = paired ? step.pieces[position] : undefined;
      const [old] = piece === undefined ? [] : (units[piece] ?? []);
      if (old === undefined) return [writeItem(item.children, patch.context)];
      const inside = patchSequence(contentOf(old), item.children.filter(isBlock), { patch, write: writeBlock });
      return [{ ...old, content: itemContent(inside) }];
    });
  });
  const sameStart = (was.start ?? 1) === (target.start ?? 1);
  return sameStart ? { ...native, content } : { ...native, attrs: { order: target.start ?? 1 }, content };
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
      write: (index, old) => {
        const template = old ?? rows[Math.min(index, rows.length - 1)];
        const cells = target.children[index]?.children ?? [];
        const before = old === undefined ? undefined : was.children[rows.indexOf(old)]?.children;
        return [patchRow({ cells, before, template, old, width }, patch)];
      },
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

function patchRow({ cells, before, template, old, width }: RowPatch, { context }: Patch): AdfNode {
  const kinds = template === undefined ? [] : contentOf(template);
  const oldCells = old === undefined ? [] : contentOf(old);
  const keyOf = (cell: Table['children'][number]['children'][number] | undefined): string =>
    renderRow([cell?.children ?? []], canonicalOptions);
  const content = Array.from({ length: width }, (_, column): AdfNode => {
    const oldCell = oldCells[column];
    const cell = cells[column];
    if (oldCell !== undefined && before !== undefined && keyOf(cell) === keyOf(before[column])) return oldCell;
    const written = writeTableCell(cell ?? { type: 'tableCell', children: [] }, kinds[column]?.type === 'tableHeader', context);
    return oldCell === undefined ? written : { ...oldCell, content: contentOf(written) };
  });
  return old === undefined ? { type: 'tableRow', content } : { ...old, content };
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
      write: (index) => {
        const row = target.children[index];
        return row === undefined ? [] : [{ type: 'tableRow', content: writeGridRow(row, patch.context) }];
      },
    },
  );
  return { ...native, content };
}
