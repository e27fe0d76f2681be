import type { BlockContent, Table } from 'mdast';
import { contentOf, type AdfNode } from './adf-document.ts';
import type { Keys } from './align-blocks.ts';
import { isBlock } from './block-flow.ts';
import { cellBlocks, writeGridRow, writeTableCell, type AdfEncodeContext } from './encode-adf.ts';
import type { Grid } from './neutral.ts';
import { gridCellKey, gridRowKey } from './part-keys.ts';
import { movingSteps, patchSteps } from './patch-steps.ts';
import { renderRow } from './render-blocks.ts';
import { canonicalOptions } from './settle.ts';
import { areColumnsOf, cellText, columnsBetween, cutInto, emptyCell, tableInto, widthOf } from './table-columns.ts';

/** A table, what it reads as, and what it is to read as. */
interface TablePatch<T> {
  readonly native: AdfNode;
  readonly was: T;
  readonly target: T;
  readonly context: AdfEncodeContext;
  readonly patchCell: (old: AdfNode, blocks: readonly BlockContent[]) => AdfNode;
}

type Row = Table['children'][number];

/** A table whose cells stay where their texts do; undefined where its rows are not those that it reads as. */
export function patchTable(patch: TablePatch<Table>): AdfNode | undefined {
  if (contentOf(patch.native).length !== patch.was.children.length) return undefined;
  const { native, was, target, context } = withColumns(patch);
  const rows = contentOf(native);
  const width = Math.max(1, ...rows.map((row) => contentOf(row).length));
  const content = patchRows(
    rows,
    { was: was.children.map(rowKey), targets: target.children.map(rowKey) },
    (index, piece): AdfNode => {
      const old = piece === undefined ? undefined : rows[piece];
      const before = piece === undefined ? undefined : was.children[piece]?.children;
      const kinds = contentOf(old ?? rows[Math.min(index, rows.length - 1)]);
      const cells = Array.from({ length: width }, (_, column): AdfNode => {
        const oldCell = contentOf(old)[column];
        const cell = target.children[index]?.children[column];
        if (oldCell === undefined) return writeTableCell(cell ?? emptyCell, kinds[column]?.type === 'tableHeader', context);
        if (before !== undefined && cellText(cell) === cellText(before[column])) return oldCell;
        return patch.patchCell(oldCell, cellBlocks(cell?.children ?? []));
      });
      return old === undefined ? { type: 'tableRow', content: cells } : { ...old, content: cells };
    },
  );
  return { ...native, content };
}

/** The table cut anew into the target's columns: those that go are gone, those that come are empty, of their neighbours' kind. */
function withColumns(patch: TablePatch<Table>): TablePatch<Table> {
  const { native, was, target, context } = patch;
  const columns = columnsBetween(was, target);
  if (areColumnsOf(columns, widthOf(was))) return patch;
  const rows = contentOf(native).map((row) => {
    const cells = contentOf(row);
    const isHeader = cells[0]?.type === 'tableHeader' && cells.at(-1)?.type === 'tableHeader';
    const cut = cutInto(columns, cells, writeTableCell(emptyCell, isHeader, context));
    return { ...row, content: [...cut, ...cells.slice(widthOf(was))] };
  });
  return { ...patch, native: { ...native, content: rows }, was: tableInto(columns, was) };
}

/** The first row is as wide as the table; its empty cells at the end mean as little as any other row's. */
function rowKey(row: Row): string {
  return renderRow(row.children, canonicalOptions).replace(/(?<! {2}\|)(?: {2}\|)+$/, '');
}

/** Rows that stay, and those that are written for a target, onto the row that it takes the place of. */
function patchRows(
  rows: readonly AdfNode[],
  keys: { readonly was: readonly string[]; readonly targets: readonly string[] },
  write: (target: number, piece: number | undefined) => AdfNode,
): AdfNode[] {
  const pieces = keys.was.map((key): Keys => [key]);
  // Header cells say the same as others, so a header that moved would be one in its new place.
  const steps = (keys.was[0] === keys.targets[0] ? movingSteps : patchSteps)(pieces, keys.targets);
  return steps.flatMap((step): readonly AdfNode[] =>
    step.kind !== 'replace' ? rows.slice(step.piece, step.piece + 1) : step.targets.map((index) => write(index, step.piece)),
  );
}

/** A table as one with blocks in its cells, which it becomes or was where blocks come or go; undefined for all else. */
export function gridOf(block: BlockContent): Grid | undefined {
  if (block.type !== 'table') return block.type === 'grid' ? block : undefined;
  const children = block.children.map((row, index): GridRow => {
    const cells = row.children.map(
      (cell): GridCell => ({
        type: 'gridCell',
        header: index === 0,
        columnSpan: 1,
        rowSpan: 1,
        children: cellBlocks(cell.children),
      }),
    );
    return { type: 'gridRow', children: cells };
  });
  return { type: 'grid', children };
}

/** The same of a table with blocks or merged cells. */
export function patchGrid({ native, was, target, context, patchCell }: TablePatch<Grid>): AdfNode | undefined {
  const rows = contentOf(native);
  if (rows.length !== was.children.length) return undefined;
  const content = patchRows(
    rows,
    { was: was.children.map(gridRowKey), targets: target.children.map(gridRowKey) },
    (index, piece): AdfNode => {
      const row = target.children[index] ?? { type: 'gridRow', children: [] };
      const old = piece === undefined ? undefined : rows[piece];
      const before = piece === undefined ? undefined : was.children[piece];
      if (old === undefined || before === undefined) return { type: 'tableRow', content: writeGridRow(row, context) };
      return { ...old, content: patchGridCells(contentOf(old), { before, row }, { context, patchCell }) };
    },
  );
  return { ...native, content };
}

type GridRow = Grid['children'][number];
type GridCell = GridRow['children'][number];

/** Cells stay where they are found again; those at the end that are empty are not in the row's normal form. */
function patchGridCells(
  cells: readonly AdfNode[],
  { before, row }: { readonly before: GridRow; readonly row: GridRow },
  { context, patchCell }: Pick<TablePatch<Grid>, 'context' | 'patchCell'>,
): AdfNode[] {
  const written = writeGridRow(row, context);
  if (cells.length < before.children.length) return written;
  const steps = patchSteps(
    before.children.map((cell) => [gridCellKey(cell)]),
    row.children.map(gridCellKey),
  );
  const patched = steps.flatMap((step): readonly AdfNode[] => {
    if (step.kind === 'keep') return cells.slice(step.piece, step.piece + 1);
    return step.targets.flatMap((index): readonly AdfNode[] => {
      const [old, was, cell] = [cells[step.piece ?? -1], before.children[step.piece ?? -1], row.children[index]];
      const sameShape = cell !== undefined && was?.columnSpan === cell.columnSpan && was.rowSpan === cell.rowSpan;
      return old !== undefined && sameShape ? [patchCell(old, cell.children.filter(isBlock))] : written.slice(index, index + 1);
    });
  });
  return before.children.length === row.children.length ? [...patched, ...cells.slice(row.children.length)] : patched;
}
