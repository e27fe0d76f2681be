import type { ListItem } from 'mdast';
import type { SourceEdit } from './sequence-edits.ts';

/** Where the sign in the box of a task of GitHub stands in its text; undefined for an item without a box. */
export function boxOf(text: string, item: ListItem): number | undefined {
  const start = item.position?.start.offset ?? 0;
  const box = /^(?:[-+*]|\d{1,9}[.)])\s+\[(?=[ xX]\])/.exec(text.slice(start, start + 40));
  return typeof item.checked !== 'boolean' || box === null ? undefined : start + box[0].length;
}

/** The edit of the sign in a task's box, which stands there. */
export function tickAt(start: number, isDone: boolean): SourceEdit {
  return { start, end: start + 1, text: isDone ? 'x' : ' ' };
}
