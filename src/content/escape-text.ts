/** Inside the `[…]` of a link, where no address is linked by itself, or of an image, or of neither. */
export type Label = 'link' | 'alt' | undefined;

/** Where a text stands in the Markdown that is being written. */
export interface TextPlace {
  /** The character written before it and the first one after it; '' at the border of a block. */
  readonly before: string;
  readonly after: string;
  readonly label: Label;
  /** Inside a cell of a table. */
  readonly cell: boolean;
  readonly heading: boolean;
  /** The labels of the definitions in the text around it, by `labelKey`: such words in brackets would be a link. */
  readonly labels?: ReadonlySet<string> | undefined;
}

/** A label as labels are compared: case, white space and escapes mean nothing. */
export function labelKey(label: string): string {
  return label.replaceAll('\\', '').replaceAll(/\s+/g, ' ').trim().toLowerCase().toUpperCase();
}

const punctuation = /^[!-/:-@[-`{-~]$/;
const mailDomain = /[-.\w]*\.[a-z\d]/iy;
const entity = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});/iy;

/**
 * Plain text as Markdown that reads as exactly that text. It escapes what CommonMark, GFM or an autolink could take for
 * syntax, and as little else as can be told locally: people read and edit this source.
 */
export function escapeText(text: string, place: TextPlace): string {
  const atStart = (place.before === '' || place.before === '\n') && !place.cell && !place.heading;
  const forced = atStart ? lineStartEscape(text) : -1;
  let written = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const escaped = index === forced || (punctuation.test(character) && needsEscape(text, index, place));
    written += escaped ? `\\${character}` : character;
  }
  return written;
}

/** The index of the character to escape so that the line does not begin a list, heading, quote, rule, table or task; or -1. */
function lineStartEscape(text: string): number {
  if (/^(?:[-+*](?=\s|$)|#{1,6}(?=\s|$)|>|[-=:|][-=:|\s]*$|\[[ xX]\](?=\s|$)|\[!)/.test(text)) return 0;
  const number = /^\d{1,9}(?=[.)](?:\s|$))/.exec(text);
  return number === null ? -1 : number[0].length;
}

const space = /^\s$/;
const word = /^[\p{L}\p{N}]$/u;

function needsEscape(text: string, index: number, place: TextPlace): boolean {
  const previous = index > 0 ? text.charAt(index - 1) : place.before;
  const next = index + 1 < text.length ? text.charAt(index + 1) : place.after;
  switch (text.charAt(index)) {
    case '`':
      return true;
    case '\\':
      return next === '' || next === '\n' || punctuation.test(next);
    case '*':
    case '~':
      return !(space.test(previous) && space.test(next));
    case '_':
      return !(space.test(previous) && space.test(next)) && !(word.test(previous) && word.test(next));
    case '[':
      return place.label !== undefined || next === '^' || mayRefer(text, index, place);
    case ']':
      return place.label !== undefined || next === '(' || next === '[' || next === ':';
    case '!':
      return next === '[';
    case '<':
      return /^[A-Za-z/!?]$/.test(next);
    case '&':
      entity.lastIndex = index;
      return entity.test(text);
    case '|':
      return place.cell;
    case '#':
      return place.heading && (previous === '' || space.test(previous) || previous === '#') && /^#*\s*$/.test(text.slice(index));
    default:
      return place.label !== 'link' && beginsAutolink(text, index, next);
  }
}

/** Whether the bracket begins the label of a definition; where its end stands beyond this text, it may. */
function mayRefer(text: string, index: number, { labels }: TextPlace): boolean {
  if (labels === undefined || labels.size === 0) return false;
  const end = text.indexOf(']', index);
  return end < 0 || labels.has(labelKey(text.slice(index + 1, end)));
}

/** GFM links `www.`, `http://` and e-mail addresses by themselves; here they are text, or they would be links already. */
function beginsAutolink(text: string, index: number, next: string): boolean {
  switch (text.charAt(index)) {
    case '@':
      // A name without a period is no address: to Redmine the backslash before `deploy@host` would make a mention of it.
      mailDomain.lastIndex = index + 1;
      return mailDomain.test(text) && (index === 0 || /[-+.\w]/.test(text.charAt(index - 1)));
    case '.':
      return /www$/i.test(text.slice(Math.max(0, index - 3), index)) && next !== '';
    case ':':
      return next === '/' && /https?$/i.test(text.slice(Math.max(0, index - 5), index));
    default:
      return false;
  }
}
