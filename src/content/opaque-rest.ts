import { containersIn, openingOf } from './bounded-markdown.ts';

/**
 * No tracker takes bodies beyond this, so what is longer comes from elsewhere (a file to convert, a merge base). A parser
 * takes up to 25 s for a megabyte of the wrong kind; the rest of such a text is read as text, in linear time.
 */
const parsedLengthMax = 131_072;
/**
 * What lines that are not blank cost the parser beyond their characters: about 0.03 ms where one goes on with a paragraph
 * or with code, three times that where it begins a block, five times for each item of a list, or
 * footnote, that it opens. The costliest README or CHANGELOG under node_modules would come to 7,000 were it 64 KB long.
 */
const parsedCostMax = 10_000;
const blockCost = 3;
const itemCost = 5;
/** What a cell of a table costs beside its line: each is read by a tokenizer of its own. */
const cellCost = 0.8;
/** A line within a fence is taken as it is. Where HTML goes on, a fence is none. */
const codeLineCost = 0.25;
/** What each line costs in a row of blank ones, but for the first one: within items and HTML all of them are looked through. */
const blankLineCost = 0.5;
/** How much longer or costlier what was parsed of a text may have become when it was written anew. */
const writtenSlack = 1.25;
/** How far back from the limit a blank line is looked for. */
const borderSearchMax = 20_000;

/** What ends the code that a line begins in a markup; undefined where it begins none. */
export type CodeEnd = (line: string) => string | undefined;

const noCode: CodeEnd = () => undefined;

/**
 * The offset up to which a text is parsed: its length, or a border between lines, if possible a blank one. Fences of
 * Markdown are known to hold code; `codeEnd` tells what does in another markup.
 */
export function parsedLength(text: string, codeEnd: CodeEnd = noCode): number {
  const limit = boundedLength(text, { slack: 1, codeEnd });
  if (text.length <= limit) return text.length;
  const written = writtenRest(text);
  if (written <= boundedLength(text, { slack: writtenSlack, codeEnd })) return written;
  const head = text.slice(0, limit);
  const blank = head.lastIndexOf('\n\n');
  if (blank > Math.max(0, limit - borderSearchMax)) return blank + 2;
  const line = head.lastIndexOf('\n');
  if (line > 0) return line + 1;
  return /[\ud800-\udbff]$/.test(head) ? limit - 1 : limit;
}

/** Where the code begins as which the rest of such a text was written, so that it is read as the same rest; else the length. */
function writtenRest(text: string): number {
  const end = text.trimEnd();
  let ticks = 0;
  while (end.charAt(end.length - 1 - ticks) === '`') ticks += 1;
  if (ticks < 3 || end.charAt(end.length - 1 - ticks) !== '\n') return text.length;
  const border = end.lastIndexOf(`\n\n${'`'.repeat(ticks)}\n`, end.length - ticks - 2);
  const start = border < 0 ? 0 : border + 2;
  // Whatever has its ticks within itself was not written so.
  const inside = end.slice(start + ticks, -ticks);
  const isWritten = longestTicks(end.slice(start, start + ticks)) === ticks && inside.startsWith('\n');
  return isWritten && longestTicks(inside) < ticks ? start : text.length;
}

/** The length of the longest run of backticks, in linear time, which looking for a long run as a text does not take. */
export function longestTicks(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

interface Bound {
  readonly slack: number;
  readonly codeEnd: CodeEnd;
}

function boundedLength(text: string, { slack, codeEnd }: Bound): number {
  return Math.min(parsedLengthMax * slack, costlyOffset(text, { costMax: parsedCostMax * slack, codeEnd }));
}

/** Finds where code ends, in linear time: what is missing once is missing from there on. */
function codeEndFinder(text: string, codeEnd: CodeEnd): (line: string, start: number) => number {
  const missing = new Set<string>();
  return (line, start) => {
    const sign = codeEnd(line);
    const end = sign === undefined || missing.has(sign) ? -1 : text.indexOf(sign, start + line.length);
    if (sign !== undefined && end < 0) missing.add(sign);
    return end;
  };
}

/** Where the lines begin that would cost too much. */
function costlyOffset(text: string, { costMax, codeEnd }: { readonly costMax: number; readonly codeEnd: CodeEnd }): number {
  if (text.length <= costMax / itemCost) return text.length;
  let cost = 0;
  let before = { line: '', end: 0 };
  let fence = '';
  const endOfCode = codeEndFinder(text, codeEnd);
  let inCodeTo = -1;
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const between = text.slice(before.end, index);
    const adjacent = before.end > 0 && between.length <= 2 && !/\n[\r\n]/.test(between);
    cost += blankLinesIn(between) * blankLineCost;
    if (cost > costMax) return before.end;
    const sign = /^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line);
    const ticks = sign?.[1] ?? sign?.[2] ?? '';
    if (index > inCodeTo) inCodeTo = endOfCode(line, index);
    if (index <= inCodeTo) cost += codeLineCost;
    else if (fence === '') {
      cost += lineCost(line, adjacent);
      if (ticks !== '' && !(adjacent && /^ {0,3}</.test(before.line))) fence = ticks;
    } else {
      cost += codeLineCost;
      if (ticks.startsWith(fence) && line.trim() === ticks) fence = '';
    }
    if (cost > costMax) return index;
    before = { line, end: index + line.length };
  }
  return text.length;
}

/** Those between two lines, but for one, which parts paragraphs. */
function blankLinesIn(ends: string): number {
  return ends.length < 3 ? 0 : Math.max(0, ends.replaceAll('\r\n', '\n').length - 2);
}

function lineCost(line: string, adjacent: boolean): number {
  const cells = cellsOf(line) * cellCost;
  const items = containersIn(openingOf(line)).filter(({ 0: sign }) => /^[-+*\d]/.test(sign)).length;
  if (items > 0) return items * itemCost + cells;
  if (/^ {0,3}\[\^[^\]]+\]:/.test(line)) return itemCost + cells;
  // Rows go on with a table and words with a paragraph, however they begin: as they were written, or written anew.
  return (adjacent && /^\s*(?:[\p{L}\p{N}|]|`(?!``))/u.test(line) ? 1 : blockCost) + cells;
}

/** The cells that a line would have as a row, as many with bars at its ends as without them. */
function cellsOf(line: string): number {
  return line.includes('|') ? line.replaceAll(/^\s*\||\|\s*$/g, '').split('|').length : 0;
}

/** The text of what was not parsed; where that is one fence of code, as it was written from such a text, what is in it. */
export function opaqueText(rest: string): string {
  const trimmed = rest.trim();
  const [ticks = ''] = /^`*/.exec(trimmed) ?? [];
  const inside = trimmed.slice(ticks.length, -ticks.length);
  const isFence =
    ticks.length >= 3 && trimmed.endsWith(ticks) && inside.startsWith('\n') && inside.length > 1 && inside.endsWith('\n');
  return isFence && longestTicks(inside) < ticks.length ? inside.slice(1, -1) : trimmed;
}
