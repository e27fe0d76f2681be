import type { RootContent } from 'mdast';
import { isHtmlEnded, longLiteralAt } from './long-literals.ts';

/** Lines and characters after which a border is looked for. A quote or item that begins is two lines, with the blank one. */
const linesMin = 300;
const lengthMin = 16_000;

/**
 * The offset of the first line, some way behind `start`, before which all blocks end, if none is code or HTML that goes
 * on over blank lines; the length of the text where there is none. `scale` tells how far away it is at least; at first the
 * beginning of a long literal is one, too, however near.
 */
export function nextBorder(text: string, start: number, scale: number): number {
  const lines = /[^\r\n]*(?:\r\n|\n|\r|$)/y;
  lines.lastIndex = start;
  let isAfterBlank = false;
  for (let count = 0, match = lines.exec(text); match !== null && match[0] !== ''; count += 1, match = lines.exec(text)) {
    const isFar = count >= linesMin * scale || match.index - start >= lengthMin * scale;
    const isApart = isFar && (isAfterBlank ? beginsApart(text, match.index) : footnotePattern.test(match[0]));
    if (isApart || (isFar && markerAt(text, match.index) !== undefined)) return match.index;
    if (scale === 1 && count > 0 && longLiteralAt(text, match.index) !== undefined) return match.index;
    isAfterBlank = /^[ \t]*[\r\n]*$/.test(match[0]);
  }
  return text.length;
}

/** Footnotes are often defined line by line, and each line that begins one ends what is before it. */
const footnotePattern = /^\[\^(?:\\\S|[^\s[\]\\]){1,900}\]:/;

/**
 * What the items of a list have in common (`-`, `)`), where an item begins at an offset right at the margin, so that it can
 * be in no other item; undefined for all else, and for what could be something else than an item.
 */
export function markerAt(text: string, offset: number): string | undefined {
  return /^(?:([-+*])|\d{1,9}([.)])) [\p{L}\p{N}[`]/u
    .exec(text.slice(offset, offset + 14))
    ?.slice(1)
    .find((marker) => marker !== undefined);
}

/** Whether a line goes on with nothing: neither indented, nor an item. The parser drops a byte order mark that comes first. */
function beginsApart(text: string, offset: number): boolean {
  const beginning = text.slice(offset, offset + 11);
  return !/^(?:[\s\ufeff]|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$))/.test(beginning) && beginning !== '';
}

/** Whether a block, the last one of a text behind which a border is, has ended for certain, and so has the last one in it. */
export function isEnded(block: RootContent, text: string): boolean {
  const source = text.slice(block.position?.start.offset, block.position?.end.offset);
  if (block.type === 'html') return isBlankAtEnd(text) && isHtmlEnded(source);
  const inner = 'children' in block ? block.children.at(-1) : undefined;
  if (inner !== undefined && isContainer(block)) return isEnded(inner, text);
  const fence = block.type === 'code' ? (/^(?:`{3,}|~{3,})/.exec(source)?.[0] ?? '') : '';
  if (fence === '') return true;
  const last = /[\r\n] {0,3}(`{3,}|~{3,})[ \t]*$/.exec(source)?.[1] ?? '';
  return last.startsWith(fence);
}

function isContainer({ type }: RootContent): boolean {
  return type === 'list' || type === 'listItem' || type === 'footnoteDefinition' || type === 'blockquote';
}

/** Whether a text ends in a blank line. */
export function isBlankAtEnd(text: string): boolean {
  return /(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)$/.test(text);
}

/** The line ends at the end of a text. */
export function lineEndsAtEnd(text: string): string {
  return /(?<![\r\n])[\r\n]*$/.exec(text)?.[0] ?? '';
}
