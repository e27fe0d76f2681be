import type { ListItem } from 'mdast';
import type { GridCell, GridRow } from './neutral.ts';
import { renderBlock } from './render-blocks.ts';
import { canonicalOptions } from './settle.ts';

/** How an item reads, whatever the kind of its list and its place there. */
export function itemKey(item: ListItem): string {
  return renderBlock({ type: 'list', ordered: false, children: [item] }, canonicalOptions);
}

/** How a row of cells with blocks reads. */
export function gridRowKey(row: GridRow): string {
  return renderBlock({ type: 'grid', children: [row] }, canonicalOptions);
}

/** How a cell with blocks reads, wherever in its row it stands. */
export function gridCellKey(cell: GridCell): string {
  return gridRowKey({ type: 'gridRow', children: [cell] });
}
