import type { BlockContent, Nodes, PhrasingContent, Table, TableCell, TableRow } from 'mdast';
import type { Grid, GridCell, GridRow } from './neutral.ts';
import { normalParagraphs } from './normal-paragraph.ts';
import { normalBlocks, type Place } from './normalize.ts';
import { flattenInline } from './runs.ts';

/** Columns or rows that a cell may span; HTML has a similar bound. */
const spanMax = 1000;

/** A table in normal form: see `normalGrid`. Column alignment is kept for whoever writes Markdown; canonical form ignores it. */
export function normalTable(table: Table, place: Place): BlockContent[] {
  if (!place.tables) return table.children.flatMap((row) => rowAsParagraph(row.children));
  const rows = table.children.map((row) => row.children.map((cell) => cellParagraphs(cell.children)));
  return simpleTable(rows, table.align);
}

/**
 * A grid in normal form: an ordinary table if every cell holds paragraphs only and spans one row and column (paragraphs
 * are parted by two breaks there), else a grid. Empty cells at the end of a row mean nothing. Which cells are headers is
 * not part of the meaning: GFM has one header row, always; ADF has any or none. A table within a table becomes paragraphs.
 */
export function normalGrid(grid: Grid, place: Place): BlockContent[] {
  if (!place.tables) return grid.children.flatMap((row) => row.children.flatMap((cell) => normalBlocks(cell.children, place)));
  const inside: Place = {
    ...place,
    details: place.details === 'none' ? 'none' : 'nested',
    tables: false,
    headings: true,
  };
  const rows = grid.children.map((row): GridRow => {
    const cells = row.children.map(
      (cell): GridCell => ({
        type: 'gridCell',
        header: cell.header,
        columnSpan: normalSpan(cell.columnSpan),
        rowSpan: normalSpan(cell.rowSpan),
        children: normalBlocks(cell.children, inside),
      }),
    );
    return { type: 'gridRow', children: withoutTrailing(cells, (cell) => cell.children.length === 0 && !spans(cell)) };
  });
  if (rows.length === 0) return [];
  if (rows.some((row) => row.children.some((cell) => spans(cell) || cell.children.some((block) => block.type !== 'paragraph')))) {
    return [{ type: 'grid', children: rows }];
  }
  return simpleTable(
    rows.map((row) =>
      row.children.map((cell) => cell.children.flatMap((block) => (block.type === 'paragraph' ? [block.children] : []))),
    ),
    undefined,
  );
}

function spans(cell: GridCell): boolean {
  return cell.columnSpan > 1 || cell.rowSpan > 1;
}

function normalSpan(span: number): number {
  return Number.isFinite(span) ? Math.min(Math.max(1, Math.trunc(span)), spanMax) : 1;
}

function withoutTrailing<T>(items: readonly T[], isEmpty: (item: T) => boolean): T[] {
  return items.slice(0, items.findLastIndex((item) => !isEmpty(item)) + 1);
}

function cellParagraphs(children: readonly Nodes[]): PhrasingContent[][] {
  return normalParagraphs(flattenInline(children)).map((paragraph) => paragraph.children);
}

/** Rows of cells of paragraphs as an mdast table; the first row is as wide as the widest, as GFM demands. */
function simpleTable(rows: readonly (readonly (readonly PhrasingContent[][])[])[], align: Table['align']): BlockContent[] {
  const cut = rows.map((row) => withoutTrailing(row, (cell) => cell.length === 0));
  const width = cut.reduce((most, row) => Math.max(most, row.length), 1);
  const children = cut.map((row, index): TableRow => {
    const cells = row.map((paragraphs): TableCell => ({ type: 'tableCell', children: joined(paragraphs) }));
    while (index === 0 && cells.length < width) cells.push({ type: 'tableCell', children: [] });
    return { type: 'tableRow', children: cells };
  });
  if (children.length === 0) return [];
  return [align === undefined ? { type: 'table', children } : { type: 'table', align, children }];
}

function joined(paragraphs: readonly PhrasingContent[][]): PhrasingContent[] {
  return paragraphs.flatMap((children, index) => (index === 0 ? children : [{ type: 'break' }, { type: 'break' }, ...children]));
}

function rowAsParagraph(cells: readonly TableCell[]): BlockContent[] {
  const children = cells.flatMap((cell, index): PhrasingContent[] =>
    index === 0 ? cell.children : [{ type: 'text', value: ' | ' }, ...cell.children],
  );
  return normalParagraphs(flattenInline(children));
}
