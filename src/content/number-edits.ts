import type { List, ListItem } from 'mdast';
import { itemNumber } from './render-blocks.ts';
import type { SourceEdit } from './sequence-edits.ts';

/**
 * The edits by which a native item becomes the first of a list: Markdown counts from the number of that one, whatever the
 * others say. Its further lines stay within it: more space follows a number that is shorter now, a longer one moves them.
 */
export function numberEdits(text: string, item: ListItem | undefined, list: List): readonly SourceEdit[] {
  const start = item?.position?.start.offset ?? 0;
  const source = text.slice(start, item?.position?.end.offset ?? start);
  const [before, digits, delimiter] = /^(\d{1,9})([.)])/.exec(source) ?? [];
  const number = itemNumber(list.start ?? 1);
  if (list.ordered !== true || before === undefined || Number(digits) === number) return [];
  const after = `${number}${delimiter}`;
  const edit = { start, end: start + before.length, text: after };
  const further = [...source.matchAll(/(?:\r\n|\n|\r)([^\r\n]*)/dg)];
  if (further.length === 0 || after.length === before.length) return [edit];
  if (after.length < before.length) return [{ ...edit, text: after.padEnd(before.length) }];
  const column = /[^\r\n]*$/.exec(text.slice(Math.max(0, start - 1000), start))?.[0].length ?? 0;
  const space = ' '.repeat(after.length - before.length);
  const moved = further.flatMap(({ 1: line = '', indices }): SourceEdit[] => {
    // The signs of quotes around the list come first, if the line has them.
    const margin = /^[ \t>]*/.exec(line.slice(0, column))?.[0].length ?? 0;
    const place = start + (indices?.[1]?.[0] ?? 0) + margin;
    return line.slice(margin).trim() === '' ? [] : [{ start: place, end: place, text: space }];
  });
  return [edit, ...moved];
}
