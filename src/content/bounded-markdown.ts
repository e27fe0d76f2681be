/**
 * micromark needs quadratic time, or worse, for a few kinds of input: 64 KB of `*a_ ` took it 35 s, of `1. ` more than
 * four minutes. Before parsing, one linear scan finds them and masks the characters at fault, one for one, so that they
 * are read as text and offsets stay what they were. The bounds lie far above what people write.
 */

/** Square brackets in one paragraph that stand within others or have no partner; links side by side cost linear time. */
const bracketsMax = 1200;
/** Comments, declarations and the like in one paragraph that nothing ends: the parser looks for the end of each. */
const openHtmlMax = 200;
/** Containers (quotes, items, footnotes) that one line opens, and items or footnotes in each other: normal form holds 28. */
const containersMax = 30;
/** Quotes, footnotes that stand in something else, and underlines of headings, in one text that is parsed whole. */
const quotesMax = 500;
const heldFootnotesMax = 100;
const underlinesMax = 300;
/** Lines in a row, unbroken by blank ones, that go on with a quote's or item's paragraph without being marked or indented. */
const lazyLinesMax = 800;

const maskable = '*[]>-+.)=<';
const maskBase = 0xfdd0;

function mask(text: string): string {
  return text.replaceAll(/[*[\]>\-+.)=<]/g, (character) => String.fromCharCode(maskBase + maskable.indexOf(character)));
}

/** Gives masked characters back. */
export function unmask(text: string): string {
  return text.replaceAll(/[\ufdd0-\ufdd9]/g, (character) => maskable.charAt(character.charCodeAt(0) - maskBase));
}

export interface Masked {
  readonly text: string;
  readonly changed: boolean;
}

interface Scan {
  quotes: number;
  heldFootnotes: number;
  /** The signs of the line before up to its last quote. */
  signs: string;
  underlines: number;
  lineBefore: string;
  /** The columns where the contents of the items and footnotes begin that are open, from the outermost one on. */
  items: readonly number[];
}

/** Whether a line ends any paragraph for certain: signs of quotes that are indented farther may be words of one. */
function isBlank(line: string): boolean {
  return /^ {0,3}(?:> ?)*[ \t]*[\r\n]*$/.test(line);
}

/** The quotes that a line stands in for certain. */
function quotesOf(line: string): number {
  return (/^ {0,3}(?:> ?)*/.exec(line)?.[0] ?? '').replaceAll(/[^>]/g, '').length;
}

/** The signs of a line up to its last quote. Where they differ from those of the line before, or an item is among them, a quote begins. */
function quoteSigns(opening: string): string {
  const signs = opening.replaceAll(footnotes, '^').replaceAll(/[ \t]/g, '');
  return signs.slice(0, signs.lastIndexOf('>') + 1);
}

/** A rule, an underline of three signs or more, or a heading: no paragraph goes on after any of them. */
const apartPattern = /^ {0,3}(?:(?:-[ \t]*){3,}[\r\n]*$|#{1,6}[ \t])/;

/** The text to parse, of the same length. Non-characters that people's text may hold are replaced, for they are the masks. */
export function maskPathological(text: string): Masked {
  const safe = text.replaceAll(/[\ufdd0-\ufdef]/g, '\ufffd');
  const scan: Scan = { quotes: 0, heldFootnotes: 0, signs: '', underlines: 0, lineBefore: '', items: [] };
  const result: string[] = [];
  let paragraph: string[] = [];
  let changed = false;
  const flush = (): void => {
    const whole = paragraph.join('');
    const bounded = boundParagraph(paragraph);
    if (bounded !== whole) changed = true;
    if (whole !== '') result.push(bounded);
    paragraph = [];
  };
  for (const line of safe.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? []) {
    const bounded = boundLine(line, scan);
    if (bounded !== line) changed = true;
    scan.lineBefore = line;
    paragraph.push(bounded);
    if (isBlank(line)) flush();
  }
  flush();
  return { text: result.join(''), changed };
}

/** What begins the definition of a footnote. */
const footnote = String.raw`\[\^(?:\\\S|[^\s[\]\\]){1,900}\]:`;
const footnotes = new RegExp(footnote, 'g');
const openingPattern = new RegExp(String.raw`^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)|${footnote}))+`);
const containerPattern = new RegExp(String.raw`${footnote}|>|[-+*]|\d{1,9}[.)]`, 'g');

/** The signs of quotes, list items and footnotes that a line begins with. */
export function openingOf(line: string): string {
  return openingPattern.exec(line)?.[0] ?? '';
}

/** The containers that an opening is made of, with where each begins. */
export function containersIn(opening: string): readonly RegExpMatchArray[] {
  return [...opening.matchAll(containerPattern)];
}

function boundLine(line: string, scan: Scan): string {
  const opening = openingOf(line);
  const containers = containersIn(opening);
  if (containers.length > containersMax) return withMaskedOpening(line);
  const items = itemsAfter(containers, line, scan.items);
  // The parser looks through all that is in a list for each list around it.
  if (items.length > containersMax) return withMaskedOpening(line);
  scan.items = items;
  const signs = quoteSigns(opening);
  // The parser goes through all that it has found whenever something ends that stood in something else.
  if (signs !== '' && (signs !== scan.signs || signs.length > quotesOf(signs))) scan.quotes += 1;
  scan.signs = signs;
  const held = containers.filter(
    ({ 0: sign, index = 0 }, order) => sign.startsWith('[') && (order > 0 || columnOf(line, index) > 3),
  );
  scan.heldFootnotes += held.length;
  if (held.length > 0 && scan.heldFootnotes > heldFootnotesMax) return withMaskedOpening(line);
  // From there on every line: one that stayed a quote would begin a new one after each that did not.
  if (signs !== '' && scan.quotes > quotesMax) return withMaskedOpening(line);
  // After a blank line it underlines nothing.
  const isBelowText = scan.lineBefore.trim() !== '' && !apartPattern.test(scan.lineBefore);
  if (isBelowText && /^[ \t>]*(?:-+|=+)[ \t]*[\r\n]*$/.test(line)) {
    scan.underlines += 1;
    if (scan.underlines > underlinesMax) return mask(line);
  }
  return line;
}

/** The items that are open after a line, which stands in those of the ones before whose content does not begin farther right. */
function itemsAfter(containers: readonly RegExpMatchArray[], line: string, before: readonly number[]): readonly number[] {
  let items = before;
  for (const container of containers) {
    if (container[0] === '>') continue;
    const start = columnOf(line, container.index ?? 0);
    const around = items.findIndex((column) => column > start);
    items = [...(around < 0 ? items : items.slice(0, around)), contentOf(container, line)];
  }
  return items;
}

/** The column where the content of an item or a footnote begins. */
function contentOf({ 0: sign, index = 0 }: RegExpMatchArray, line: string): number {
  const start = columnOf(line, index);
  if (sign.startsWith('[')) return start + 4;
  const end = start + sign.length;
  const content = columnOf(line, index + sign.length + (/^[ \t]*/.exec(line.slice(index + sign.length))?.[0].length ?? 0));
  // What is five columns away or more is code that begins after one.
  return content - end > 4 ? end + 1 : Math.max(content, end + 1);
}

/** Where a character stands in its line, tabs as wide as they are. */
function columnOf(line: string, offset: number): number {
  let column = 0;
  for (const character of line.slice(0, offset)) column += character === '\t' ? 4 - (column % 4) : 1;
  return column;
}

/** An escaped bracket is text; the alternative before the brackets passes over it. */
const bracketPattern = /\\[^\r\n]|[[\]]/g;

function boundParagraph(lines: readonly string[]): string {
  const text = (hasTooManyLazyLines(lines) ? lines.map(withMaskedOpening) : lines).join('');
  const bounded = tangledBrackets(text) > bracketsMax ? maskMatches(text, bracketPattern) : text;
  return htmlEnds.reduce(maskOpenHtml, bounded);
}

/** What begins HTML that may hold anything, and what ends it. */
const htmlEnds: readonly (readonly [RegExp, string])[] = [
  [/<!--/g, '-->'],
  [/<\?/g, '?>'],
  [/<!\[CDATA\[/g, ']]>'],
  [/<![A-Za-z]/g, '>'],
];

function maskOpenHtml(text: string, [begins, end]: readonly [RegExp, string]): string {
  const last = text.lastIndexOf(end);
  const open = [...text.matchAll(begins)].filter(({ index }) => index > last);
  if (open.length <= openHtmlMax) return text;
  const from = open[0]?.index ?? 0;
  return text.slice(0, from) + text.slice(from).replaceAll(begins, (sign) => mask('<') + sign.slice(1));
}

function hasTooManyLazyLines(lines: readonly string[]): boolean {
  let inside = false;
  let lazy = 0;
  for (const line of lines) {
    if (openingOf(line) !== '') inside = true;
    else if (inside && /^ ?\S/.test(line)) lazy += 1;
  }
  return lazy > lazyLinesMax;
}

function withMaskedOpening(line: string): string {
  const opening = openingOf(line);
  return mask(opening) + line.slice(opening.length);
}

function tangledBrackets(text: string): number {
  let open = 0;
  let tangled = 0;
  for (const [match] of text.matchAll(bracketPattern)) {
    if (match === '[') {
      open += 1;
      if (open > 1) tangled += 1;
    } else if (match === ']' && open > 0) open -= 1;
    else if (match === ']') tangled += 1;
  }
  return tangled;
}

function maskMatches(text: string, pattern: RegExp): string {
  return text.replaceAll(pattern, (match) => (match.startsWith('\\') ? match : mask(match)));
}
