import type { RootContent } from 'mdast';

/** Of so many lines or more: the parser takes its time for each, though all of them are read as they stand. */
const linesMin = 300;

/** HTML that does not end at a blank line (CommonMark, HTML blocks, conditions 1 to 5), with what ends it. */
const longHtml: readonly (readonly [RegExp, RegExp])[] = [
  [/^<(?:script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<!\[CDATA\[/, /\]\]>/],
  [/^<![a-z]/i, />/],
];

/** Whether HTML that may hold blank lines was ended by its own end. */
export function isHtmlEnded(source: string): boolean {
  return longHtml.every(([begins, ends]) => !begins.test(source) || ends.test(source));
}

/** A fence at the margin: its signs, and what follows them. The parser knows longer ones, too. */
const fencePattern = /^(?:(`{3,100})(?!`)[^`\r\n]*|(~{3,100})(?!~)[^\r\n]*)(?=[\r\n]|$)/;

/** Fenced code or HTML of many lines that begins at the margin, where nothing is within anything else. */
export interface LongLiteral {
  readonly type: 'code' | 'html';
  /** The first line, without its end. */
  readonly opening: string;
  /** As it reads: of code what stands between its fences. */
  readonly value: string;
  /** Where the block ends, and where the line after it begins. */
  readonly end: number;
  readonly next: number;
}

/** The long literal that a line at the margin begins. Undefined for all else, short ones included. */
export function longLiteralAt(text: string, start: number): LongLiteral | undefined {
  if (!'`~<'.includes(text.charAt(start) || ' ')) return undefined;
  const source = text.slice(start);
  const opening = /^[^\r\n]*/.exec(source)?.[0] ?? '';
  const fence = fencePattern.exec(opening);
  const closing = fence === null ? htmlEnd(opening) : fenceEnd(fence[1] ?? fence[2] ?? '');
  if (closing === undefined) return undefined;
  closing.lastIndex = fence === null ? 0 : opening.length;
  const closed = closing.exec(source);
  const end = closed === null ? source.length : closing.lastIndex;
  if (!hasManyLines(source.slice(0, end))) return undefined;
  const raw = fence === null ? source.slice(0, end) : source.slice(opening.length, closed?.index ?? end);
  const next = end + (/^(?:\r\n|\n|\r)/.exec(source.slice(end, end + 2))?.[0].length ?? 0);
  return {
    type: fence === null ? 'html' : 'code',
    opening,
    value: legible(fence === null ? raw : raw.replaceAll(/^(?:\r?\n|\r)|(?:\r?\n|\r)$/g, '')),
    end: start + end,
    next: start + next,
  };
}

function fenceEnd(fence: string): RegExp {
  return new RegExp(`(?<=[\\r\\n]) {0,3}${fence.charAt(0)}{${fence.length},}[ \\t]*(?=[\\r\\n]|$)`, 'g');
}

/** To the end of the line in which the HTML ends. */
function htmlEnd(opening: string): RegExp | undefined {
  const [, ends] = longHtml.find(([begins]) => begins.test(opening)) ?? [];
  return ends === undefined ? undefined : new RegExp(`(?:${ends.source})[^\\r\\n]*`, 'gi');
}

function hasManyLines(source: string): boolean {
  const ends = source.matchAll(/\r\n|\n|\r/g);
  for (let count = 0; count < linesMin; count += 1) if (ends.next().done === true) return false;
  return true;
}

/** What no text may hold, as the parser replaces it. */
function legible(value: string): string {
  return value.replaceAll(/[\0\ufdd0-\ufdef]/g, '\ufffd');
}

/** The literal as a block of its own part of the text; `opened` is what the parser makes of its first line. */
export function literalBlock({ value, type }: LongLiteral, source: string, opened: RootContent | undefined): RootContent {
  const lines = source.split(/\r\n|\n|\r/);
  const end = { line: lines.length, column: (lines.at(-1) ?? '').length + 1, offset: source.length };
  const position = { start: { line: 1, column: 1, offset: 0 }, end };
  if (type === 'html') return { type, value, position };
  return opened?.type === 'code' ? { ...opened, value, position } : { type, value, position };
}
