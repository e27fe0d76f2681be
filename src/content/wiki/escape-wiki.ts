import { characterAt, characterBefore, closes, opens } from '../markup/phrase-tree.ts';
import { emoticonAt, escapable, referenceAt } from './wiki-signs.ts';

/** Where a text stands in the markup that is being written. */
export interface WikiTextPlace {
  /** The character written before it and the first one after it; '' at the border of a line. */
  readonly before: string;
  readonly after: string;
  /** At the start of a line, where signs make lists, headings, tables and rules. */
  readonly lineStart: boolean;
  /** The delimiters of the marks around it. */
  readonly inside: readonly string[];
  readonly inLink: boolean;
  readonly inCell: boolean;
  readonly inMono: boolean;
}

/** No emoticon and no reference is longer: looking at all that follows would take quadratic time. */
const signsMax = 40;

/**
 * Plain text as wiki markup that reads as exactly that text: a backslash before what Jira lets one escape, a character
 * reference for the rest. So no text from elsewhere becomes a macro, a mention or a link.
 */
export function escapeWiki(text: string, place: WikiTextPlace): string {
  const forced = place.lineStart && !place.inMono ? lineStartEscape(text) : -1;
  let written = '';
  // Its end alone: a look into what is still growing has all of it copied.
  let end = '';
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charAt(index);
    // What counts for a reader of the markup is the sign as it is written, after escapes.
    const before = end === '' ? place.before : characterBefore(end, end.length);
    const next = index === forced || needsEscape(text, index, { ...place, before }) ? escaped(sign) : sign;
    written += next;
    end = (end + next).slice(-2);
  }
  return written;
}

/** One sign that it may not be read as syntax. */
export function escaped(sign: string): string {
  return escapable.test(sign) ? `\\${sign}` : `&#${sign.charCodeAt(0)};`;
}

/** Text within a macro's title, an image's description or a name: every sign that could end it is a reference. */
export function referenced(text: string): string {
  return text.replaceAll(/[^\p{L}\p{M}\p{N}\p{S} ./()_:;?@'-]|[|&=+~^$<>`]/gu, (sign) => `&#${sign.codePointAt(0) ?? 63};`);
}

function lineStartEscape(text: string): number {
  if (/^(?:[*#-]+(?=\s|$)|-{4}|\|)/.test(text)) return 0;
  if (/^\[[ xX]\](?=\s)/.test(text)) return 0;
  const prefix = /^(?:h[1-6]|bq)(?=\.)/.exec(text);
  return prefix === null ? -1 : prefix[0].length;
}

function needsEscape(text: string, index: number, place: WikiTextPlace): boolean {
  const { before } = place;
  const after = index + 1 < text.length ? characterAt(text, index + 1) : place.after;
  const sign = text.charAt(index);
  switch (sign) {
    case '{':
    case '}':
    case '[':
      return true;
    case ']':
      return place.inLink;
    case '|':
      return place.inCell || place.inLink;
    case '\\':
      return !/^[\p{L}\p{N} ]$/u.test(after);
    case '!':
      return !/^\s?$/u.test(after) || place.inLink;
    case '?':
      return before === '?' || after === '?';
    case '&':
      return referenceAt(`${text.slice(index, index + signsMax)};`, 0) !== undefined || after === '';
    case '*':
    case '_':
    case '-':
    case '+':
    case '~':
    case '^':
      return delimits(sign, { before, after }, place);
    default:
      return beginsEmoticon(text.slice(index, index + signsMax), before);
  }
}

function delimits(sign: string, beside: { before: string; after: string }, place: WikiTextPlace): boolean {
  return opens(sign, beside) || (place.inside.includes(sign) && closes(sign, beside));
}

/** A sign at the end might begin one together with what follows the text. */
function beginsEmoticon(text: string, before: string): boolean {
  if (!/^[:;(]/.test(text) || /^[\p{L}\p{N}\\]$/u.test(before)) return false;
  return text.length === 1 || emoticonAt(before + text, before.length) !== undefined;
}
