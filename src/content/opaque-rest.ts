/**
 * No tracker takes bodies beyond this, so what is longer comes from elsewhere (a file to convert, a merge base). A parser
 * takes up to 25 s for a megabyte of the wrong kind; the rest of such a text is read as text, in linear time.
 */
const parsedLengthMax = 131_072;
/** Lines that are not blank: each costs a parser more than its characters do. 64 KB cannot hold more. */
const parsedLinesMax = 33_000;
/** How far back from the limit a blank line is looked for. */
const borderSearchMax = 20_000;

/** The offset up to which a text is parsed: its length, or a border between lines, if possible a blank one. */
export function parsedLength(text: string): number {
  const limit = Math.min(parsedLengthMax, lineOffset(text));
  if (text.length <= limit) return text.length;
  const head = text.slice(0, limit);
  const blank = head.lastIndexOf('\n\n');
  if (blank > limit - borderSearchMax) return blank + 2;
  const line = head.lastIndexOf('\n');
  if (line > 0) return line + 1;
  return /[\ud800-\udbff]$/.test(head) ? limit - 1 : limit;
}

function lineOffset(text: string): number {
  if (text.length <= parsedLinesMax) return text.length;
  let lines = 0;
  for (const match of text.matchAll(/[^\r\n]+/g)) {
    lines += 1;
    if (lines > parsedLinesMax) return match.index;
  }
  return text.length;
}

/** The text of what was not parsed; where that is one fence of code, as it was written from such a text, what is in it. */
export function opaqueText(rest: string): string {
  const fence = /^\s*(`{3,})\n([\s\S]*)\n\1\s*$/.exec(rest);
  const [, ticks, inside] = fence ?? [];
  return ticks === undefined || inside === undefined || inside.includes(ticks) ? rest.trim() : inside;
}
