import { linkedByRedmine } from '../defuse.ts';
import { characterAt, characterBefore, closes, opens, type Neighbours } from '../markup/phrase-tree.ts';
import type { MarkName } from '../runs.ts';

/** Delimiters of phrases, by sign, and how many of the sign make one (QTAGS of Redmine's redcloth3.rb). */
const phrases: Readonly<Record<string, { readonly mark: MarkName; readonly lengths: readonly number[] }>> = {
  '*': { mark: 'strong', lengths: [1, 2] },
  _: { mark: 'emphasis', lengths: [1, 2] },
  '?': { mark: 'emphasis', lengths: [2] },
  '-': { mark: 'delete', lengths: [1] },
  '+': { mark: 'underline', lengths: [1] },
  '^': { mark: 'superscript', lengths: [1] },
  '~': { mark: 'subscript', lengths: [1] },
};

export const signOfMark: Readonly<Record<MarkName, string>> = {
  strong: '*',
  emphasis: '_',
  delete: '-',
  underline: '+',
  superscript: '^',
  subscript: '~',
};

/** An empty element that Redmine leaves out: what stands beside it begins and ends words (its formatting help). */
export const separator = '<notextile></notextile>';

/**
 * What an author may write that reads as something simpler, or is written otherwise: colours, images with sizes, links with
 * titles, code, citations, and what Redmine links by name.
 */
export const authoredInTextile: readonly RegExp[] = [
  /%\{[^}\n]{1,200}\}[^%\n]+%/g,
  /(?<![\p{L}\p{N}!])![^\s!][^!\n]*!(?::[^\s<>|"]*[^\s<>|".,;:!?)])?/gu,
  /"[^"\n]+":[^\s<>|]+/g,
  /(?<![\p{L}\p{N}":/])https?:\/\/[^\s<>|"]*[^\s<>|".,;:!?)]/gu,
  /(?<![\p{L}\p{N}])[\p{L}\p{N}]+\[\d+\]/gu,
  /(?<![\p{L}\p{N}@])@[^@\n]+@(?![\p{L}\p{N}@])/gu,
  /\?\?[^?\n]+\?\?/g,
  /(?<![\p{L}\p{N}_:])attachment:"[^"\n]+"/gu,
  ...linkedByRedmine,
];

/** A picture, with its appearance and its description, without its link. */
export const pictureInTextile =
  /(?<![\p{L}\p{N}!])!(?:[<=>]|\{[^}\n]{1,200}\}|\([^()\n]{1,200}\)){0,5}(?:\. )?[^\s(!]+\s?(?:\([^()\n]*\))?!/gu;

/** A picture with the description of another one. */
export function describedInTextile(authored: string, written: { readonly authored: string }): string {
  const description = /\s?(?:\([^()\n]*\))?!$/;
  return authored.replace(description, () => description.exec(written.authored)?.[0] ?? '!');
}

export interface Delimiter {
  readonly mark: MarkName;
  readonly start: number;
  readonly end: number;
  readonly sign: string;
}

/** The run of signs around an index, if it is of a length that can delimit a phrase. */
export function delimiterAround(text: string, index: number): Delimiter | undefined {
  const sign = text.charAt(index);
  const phrase = Object.hasOwn(phrases, sign) ? phrases[sign] : undefined;
  if (phrase === undefined) return undefined;
  let start = index;
  let end = index + 1;
  while (end - start <= 3 && text.charAt(start - 1) === sign) start -= 1;
  while (end - start <= 3 && text.charAt(end) === sign) end += 1;
  return phrase.lengths.includes(end - start) ? { mark: phrase.mark, start, end, sign } : undefined;
}

/** A phrase begins at the start, after white space, `>` or `(`, or after another delimiter, and nowhere else. */
export function opensPhrase(sign: string, beside: Neighbours): boolean {
  return opens(sign, beside) && /^[\s>(*_?+^~%\ufdd3-]?$/u.test(beside.before);
}

/** Textile knows no escaping backslash. */
export function closesPhrase(sign: string, { before, after }: Neighbours): boolean {
  return closes(sign, { before: before === '\\' ? '/' : before, after });
}

export function neighboursOf(text: string, { start, end }: { readonly start: number; readonly end: number }): Neighbours {
  return { before: characterBefore(text, start), after: characterAt(text, end) };
}

/** The address that begins at an index and ends at white space or an element, without the punctuation after it. */
export function addressAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && !/[\s<\ufdd0-\ufdd3]/.test(text.charAt(end))) end += 1;
  while (end > start && !/[\p{L}\p{N}_=/;()-]/u.test(text.charAt(end - 1))) end -= 1;
  const address = text.slice(start, end);
  return address.endsWith(')') && address.split('(').length < address.split(')').length ? address.slice(0, -1) : address;
}

/** What Redmine links (LINK_RE of redcloth3.rb). */
export const linkable = /^(?:\/|[a-z]+:\/\/|www\.|mailto:)[\p{L}\p{N}_/]/iu;
