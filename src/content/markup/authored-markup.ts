import type { Nodes } from 'mdast';
import { formsMax, withAuthoredForms, type AuthoredForm } from '../authored-forms.ts';
import { besideOf } from '../beside.ts';
import type { MarkupDialect, Stretch } from './dialect.ts';
import { lowerBlocks } from './lower.ts';
import { patchWords, type Change } from './patch-words.ts';

/**
 * What is written in the place of a stretch of the native text, with what its author wrote there where that reads so. `before`
 * is how the stretch would be written as it was; undefined where it was something else.
 */
export function asAuthoredMarkup(
  { before, after }: Pick<Change, 'after'> & { readonly before: string | undefined },
  { native, dialect }: { readonly native: string; readonly dialect: MarkupDialect },
  replaced: Stretch | undefined,
): string {
  if (replaced === undefined) return after;
  const source = native.slice(replaced.start, replaced.end).replaceAll('\r\n', '\n');
  const patched = before === undefined ? undefined : patchWords(source, { before, after }, dialect);
  return patched ?? withAuthoredForms(after, formsIn(source, dialect)).text;
}

function formsIn(source: string, dialect: MarkupDialect): readonly AuthoredForm[] {
  // The sign of a heading is no word beside another.
  const words = source.replace(/^h[1-6]\. /, '    ');
  const found = dialect.authored.flatMap((pattern) => amidText(source, [...source.matchAll(pattern)], dialect));
  return found.slice(0, formsMax).flatMap(({ 0: authored, index }): AuthoredForm[] => {
    const end = index + authored.length;
    const beside = besideOf(words, index, end);
    // A picture of the web is a link amid words, and a picture where it stands alone.
    const written = new Set([
      writtenAmidWords(authored, dialect),
      authored.startsWith('!') ? writtenAlone(authored, dialect) : undefined,
    ]);
    return [...written].flatMap((one) => (one === undefined ? [] : [{ start: index, end, authored, written: one, beside }]));
  });
}

/** Those that stand in plain text: in code, titles and descriptions nothing is what it looks like. */
function amidText(source: string, matches: readonly RegExpExecArray[], dialect: MarkupDialect): readonly RegExpExecArray[] {
  const sign = matches.length === 0 ? undefined : placeholderFor(source);
  if (sign === undefined) return [];
  let marked = '';
  let done = 0;
  for (const [number, { 0: authored, index }] of matches.entries()) {
    marked += `${source.slice(done, index)}${sign}${number}${sign}`;
    done = index + authored.length;
  }
  const texts = textsIn(dialect.read(marked + source.slice(done)).flatMap(({ blocks }) => blocks));
  const shown = new Set([...texts.matchAll(new RegExp(`${sign}(\\d+)${sign}`, 'g'))].map(([, number]) => Number(number)));
  return matches.filter((_, number) => shown.has(number));
}

/** A word that does not occur: longer than all of its kind that do. Undefined where it would be one that nobody writes. */
function placeholderFor(source: string): string | undefined {
  const longest = [...source.matchAll(/xq*/g)].reduce((length, [word]) => Math.max(length, word.length), 1);
  return longest > 20 ? undefined : `x${'q'.repeat(longest)}`;
}

function textsIn(blocks: readonly Nodes[]): string {
  const texts: string[] = [];
  const waiting: Nodes[] = [...blocks];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'text') texts.push(node.value);
    else if ('children' in node && node.type !== 'link') waiting.push(...node.children);
  }
  return texts.join(' ');
}

function writtenAmidWords(authored: string, dialect: MarkupDialect): string | undefined {
  return /^x (|\S|\S.*\S) ?x$/.exec(writtenOf(`x ${authored} x`, dialect) ?? '')?.[1];
}

function writtenAlone(authored: string, dialect: MarkupDialect): string | undefined {
  return /^\S.*\S$/.exec(writtenOf(authored, dialect) ?? '')?.[0];
}

/** What this program writes for a text that is one block. */
function writtenOf(text: string, dialect: MarkupDialect): string | undefined {
  const blocks = dialect.read(text).flatMap((piece) => [...piece.blocks]);
  const [only, ...others] = lowerBlocks({ type: 'root', children: blocks }, dialect);
  return only === undefined || others.length > 0 ? undefined : dialect.write(only);
}
