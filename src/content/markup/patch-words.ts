import { sameKeys } from '../align-blocks.ts';
import type { Neutral } from '../neutral.ts';
import { canonicalKey, normalChildren } from '../settle.ts';
import type { MarkupDialect } from './dialect.ts';

/** A stretch of markup as this program writes it, before and after an edit. */
export interface Change {
  readonly before: string;
  readonly after: string;
}

/**
 * A native stretch in which only the words that changed are written anew, so that its breaks, references and escapes stay.
 * Undefined where those words cannot be told in it, or stand in braces or brackets: what is not read there is live to the
 * tracker, and no word of the other side may get into it.
 */
export function patchWords(source: string, change: Change, dialect: MarkupDialect): string | undefined {
  if (!dialect.patchesWords) return undefined;
  const { before, after } = change;
  const { start, end } = changedIn(change);
  const old = before.slice(start, before.length - end);
  const known = placesOf(old, before);
  const places = placesOf(old, source);
  const place = places[known.indexOf(start)];
  if (place === undefined || places.length !== known.length || isEnclosed(source.slice(0, place))) return undefined;
  const text = source.slice(0, place) + after.slice(start, after.length - end) + source.slice(place + old.length);
  return sameKeys(keysOf(text, dialect), keysOf(after, dialect)) ? text : undefined;
}

/** How many characters are the same at the start and at the end, up to where words begin and end. */
function changedIn({ before, after }: Change): { readonly start: number; readonly end: number } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  while (start > 0 && /\S/.test(before.charAt(start - 1))) start -= 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  while (end > 0 && /\S/.test(before.charAt(before.length - end))) end -= 1;
  return { start, end };
}

/** Where words stand by themselves, parted from others by white space or a break. */
function placesOf(words: string, text: string): readonly number[] {
  const places: number[] = [];
  if (words === '') return places;
  for (let place = text.indexOf(words); place >= 0; place = text.indexOf(words, place + words.length)) {
    const end = place + words.length;
    const begins = /(?:^|\s|\\\\)$/.test(text.slice(Math.max(0, place - 2), place));
    if (begins && /^(?:$|\s|\\\\)/.test(text.slice(end, end + 2))) places.push(place);
  }
  return places;
}

function isEnclosed(before: string): boolean {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return Math.max(line.lastIndexOf('{'), line.lastIndexOf('[')) > Math.max(line.lastIndexOf('}'), line.lastIndexOf(']'));
}

function keysOf(text: string, dialect: MarkupDialect): readonly string[] {
  const root: Neutral = { type: 'root', children: dialect.read(text).flatMap(({ blocks }) => [...blocks]) };
  return normalChildren(root).map(canonicalKey);
}
