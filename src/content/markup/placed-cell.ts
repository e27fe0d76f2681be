import type { GridCell } from '../neutral.ts';
import type { MarkupPart, Stretch } from './dialect.ts';

/** A cell and where what it holds stands in its row's text. */
export interface PlacedCell extends Stretch {
  readonly cell: GridCell;
}

/** The stretch of a cell's text that begins at `start`, without the blanks around it. */
export function placed(text: string, start: number): Stretch {
  const end = start + text.trimEnd().length;
  return { start: Math.min(start + text.length - text.trimStart().length, end), end };
}

/** A row with its cells' stretches, which are told only where its text is the source as it stands. */
export function withCells(row: Stretch & { readonly text: string }, cells: readonly PlacedCell[]): MarkupPart {
  const { text, start, end } = row;
  if (text.length !== end - start || /[\ufdd0\ufdd1]/.test(text)) return { start, end };
  return { start, end, cells: cells.map((cell) => ({ start: start + cell.start, end: start + cell.end })) };
}
