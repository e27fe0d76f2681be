import type { GridCell } from '../neutral.ts';
import type { MarkupPart, Stretch } from './dialect.ts';
import type { Line, Taken } from './line-scan.ts';

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
export function withCells(row: Line, cells: readonly PlacedCell[], taken: Taken): MarkupPart {
  const { start, end } = row;
  const placeAt = taken.places(row);
  if (placeAt === undefined) return { start, end };
  return { start, end, cells: cells.map((cell) => ({ start: placeAt(cell.start), end: placeAt(cell.end) })) };
}
