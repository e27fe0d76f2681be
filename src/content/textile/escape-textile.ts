import { defuse } from '../defuse.ts';
import { characterAt, characterBefore } from '../markup/phrase-tree.ts';
import { referenceAt } from '../wiki/wiki-signs.ts';
import { closesPhrase, delimiterAround, neighboursOf, opensPhrase } from './textile-signs.ts';

/** Where a text stands in the Textile that is being written. */
export interface TextilePosition {
  /** The character written before it and the first one after it; '' at the border of a line. */
  readonly before: string;
  readonly after: string;
  readonly lineStart: boolean;
  /** Right after the delimiter of a mark or the quote of a link, where brackets hold attributes. */
  readonly afterOpening: boolean;
  /** The delimiters of the marks around it. */
  readonly inside: readonly string[];
  readonly inLink: boolean;
  readonly inCell: boolean;
}

/**
 * Plain text as Textile that reads as exactly that text. Textile has no escape of its own that works everywhere, but leaves
 * character references alone; Redmine finds no macro, link, mention or reference in them either.
 */
export function escapeTextile(plain: string, position: TextilePosition): string {
  const text = defuse(plain);
  const forced = position.lineStart && startsBlock(text);
  let written = '';
  for (let index = 0; index < text.length; index += 1) {
    const sign = text.charAt(index);
    const escapes = (index === 0 && forced) || (!/^[\p{L}\p{N}\s]$/u.test(sign) && needsEscape(text, index, position));
    written += escapes || isRevision(text, index, position) ? reference(sign) : sign;
  }
  return written;
}

export function reference(sign: string): string {
  return `&#${sign.charCodeAt(0)};`;
}

/** Text in an image's description or a name: every sign that could end it, or be read on its own, is a reference. */
export function referenced(text: string): string {
  return defuse(text).replaceAll(/[^\p{L}\p{M}\p{N}\u200b ./,;-]/gu, (sign) => `&#${sign.codePointAt(0) ?? 63};`);
}

function startsBlock(text: string): boolean {
  return /^(?:[#*=]+(?=\s|$|[({[<>=~^-])|(?:p|bq|h[1-6]|fn\d+|table)[^\s.]*\.|>|\.? ?\||\{|[({[<>=~^-][^|]*\||[-*_ ]{3,}$|\[[ xX]\]\s|\}\})/.test(
    text,
  );
}

/** `r12` is a changeset to Redmine. */
function isRevision(text: string, index: number, position: TextilePosition): boolean {
  if (!/^\d$/.test(text.charAt(index))) return false;
  const before = index > 0 ? text.charAt(index - 1) : position.before;
  return before === 'r' && !/[\p{L}\p{N}_]r$/u.test(text.slice(Math.max(0, index - 3), index));
}

const resource = /\b(?:attachment|document|version|forum|news|message|project|commit|source|export|user|wiki|issue|note)$/i;

function needsEscape(text: string, index: number, position: TextilePosition): boolean {
  const before = index > 0 ? characterBefore(text, index) : position.before;
  const after = index + 1 < text.length ? characterAt(text, index + 1) : position.after;
  const opening = position.afterOpening && index === 0;
  switch (text.charAt(index)) {
    case '&':
      return after === '' || referenceAt(`${text};`, index) !== undefined;
    case '<':
      return !/^[\s\d]$/.test(after);
    case '"':
      return position.inLink;
    case ':':
      return /^["!]$/.test(before) || resource.test(text.slice(Math.max(0, index - 12), index));
    case '@':
      return !(/^\s?$/.test(before) && /^\s$/.test(after));
    case '!':
      return !/^\s?$/.test(after) && !/^[\p{L}\p{N}]$/u.test(before);
    case '{':
      return opening || before === '{' || after === '{' || after === '';
    case '[':
      return opening || before === '[' || after === '[' || after === '' || /^[\p{L}\p{N}\]_]$/u.test(before);
    case '(':
      return opening || position.inLink || /^[A-Z0-9]$/.test(before);
    case ')':
      return position.inLink;
    case '=':
      return before === '=' || after === '=' || after === '' || before === '';
    case '|':
      return position.inCell;
    case '%':
      return !(/^\d$/.test(before) && /^[\s,.;)]?$/.test(after));
    default:
      return delimits(text, index, position);
  }
}

function delimits(text: string, index: number, position: TextilePosition): boolean {
  const delimiter = delimiterAround(text, index);
  if (delimiter === undefined) {
    // A run that is too long here may be of the right length together with nothing else: only its neighbours could join it.
    return text.charAt(index) === position.after || text.charAt(index) === position.before || text.charAt(index) === '?';
  }
  const { start, end, sign } = delimiter;
  const inner = neighboursOf(text, delimiter);
  const beside = {
    // A link's text is read on its own, so its quote is no neighbour.
    before: start > 0 ? inner.before : position.inLink && position.afterOpening ? '' : position.before,
    after: end === text.length ? position.after : inner.after,
  };
  if (beside.before === sign || beside.after === sign) return true;
  return opensPhrase(sign, beside) || (position.inside.includes(sign) && closesPhrase(sign, beside));
}
