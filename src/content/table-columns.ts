import type { Table } from 'mdast';
import { patchSteps } from './patch-steps.ts';
import { renderRow } from './render-blocks.ts';
import { canonicalOptions } from './settle.ts';

type Row = Table['children'][number];
type Cell = Row['children'][number];

/** A cell of nothing. */
export const emptyCell: Cell = { type: 'tableCell', children: [] };

/** How a cell reads. */
export function cellText(cell: Cell | undefined): string {
  return renderRow([cell ?? emptyCell], canonicalOptions);
}

/** How each column of a table reads, from its header down. */
export function columnTexts(table: Table): string[] {
  return Array.from({ length: widthOf(table) }, (_, column) =>
    table.children.map((row) => cellText(row.children[column])).join('\n'),
  );
}

/** Columns of a table: its first row is as wide as it is. */
export function widthOf(table: Table): number {
  return table.children[0]?.children.length ?? 0;
}

/** A column of another table that each one of a table is, or undefined for a new one. */
export type Columns = readonly (number | undefined)[];

/**
 * For each column of `target` the one of `was` that it is: by what stands in it, or else by the words that it shares with
 * one, in order; one that stands elsewhere as it was has moved.
 */
export function columnsBetween(was: Table, target: Table): Columns {
  const [before, after] = [columnTexts(was), columnTexts(target)];
  const steps = patchSteps(
    before.map((key) => [key]),
    after,
  );
  const found = steps.flatMap(
    (step): Columns =>
      step.kind === 'keep' ? [step.piece] : step.targets.map((_, index) => (index === 0 ? step.piece : undefined)),
  );
  const left = before.map((key, column) => (found.includes(column) ? undefined : key));
  return found.map((column, index) => {
    const moved = column === undefined ? left.indexOf(after[index]) : -1;
    if (moved >= 0) left[moved] = undefined;
    return moved < 0 ? column : moved;
  });
}

/** Whether the columns are those of a table of so many, in their order. */
export function areColumnsOf(columns: Columns, width: number): boolean {
  return columns.length === width && columns.every((column, index) => column === index);
}

/** Parts of a row, one for each column, cut anew into other columns. */
export function cutInto<T>(columns: Columns, parts: readonly T[], fresh: T): T[] {
  return columns.map((column) => parts[column ?? -1] ?? fresh);
}

/** The table with rows that are all as wide as its first. */
export function padded(table: Table): Table {
  return tableInto([...Array.from({ length: widthOf(table) }).keys()], table);
}

/** The table in normal form again: cells at the end of a row that are empty mean nothing. */
export function trimmed(table: Table): Table {
  const children = table.children.map((row, index) => {
    const width = row.children.findLastIndex((cell) => cell.children.length > 0) + 1;
    return index === 0 ? row : { ...row, children: row.children.slice(0, width) };
  });
  return { ...table, children };
}

/** The table with its cells in other columns, of which new ones are empty; all rows are as wide as the first. */
export function tableInto(columns: Columns, table: Table): Table {
  return { ...table, children: table.children.map((row) => ({ ...row, children: cutInto(columns, row.children, emptyCell) })) };
}
