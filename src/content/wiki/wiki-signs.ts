import type { MarkName } from '../runs.ts';

/** Delimiters of phrases (Atlassian's "Text Formatting Notation Guide", PhraseRendererComponent). */
export const markOfSign: Readonly<Record<string, MarkName>> = {
  '*': 'strong',
  _: 'emphasis',
  '-': 'delete',
  '+': 'underline',
  '~': 'subscript',
  '^': 'superscript',
};

export const signOfMark: Readonly<Record<MarkName, string>> = {
  strong: '*',
  emphasis: '_',
  delete: '-',
  underline: '+',
  subscript: '~',
  superscript: '^',
};

/** What a backslash makes plain (Atlassian's BackslashEscapeRendererComponent); all else takes a character reference. */
export const escapable = /^[-#*_+?^~|%{}[\]()!@]$/;

/** Emoticons that Jira shows as pictures; the guide's whole list. */
const emoticons: readonly (readonly [string, string])[] = [
  [':)', '🙂'],
  [':(', '🙁'],
  [':P', '😛'],
  [':D', '😃'],
  [';)', '😉'],
  ['(y)', '👍'],
  ['(n)', '👎'],
  ['(i)', 'ℹ️'],
  ['(/)', '✅'],
  ['(x)', '❌'],
  ['(!)', '⚠️'],
  ['(+)', '➕'],
  ['(-)', '➖'],
  ['(?)', '❓'],
  ['(on)', '💡'],
  ['(off)', '🔅'],
  ['(*)', '⭐'],
  ['(*r)', '⭐'],
  ['(*g)', '⭐'],
  ['(*b)', '⭐'],
  ['(*y)', '⭐'],
  ['(flag)', '🚩'],
  ['(flagoff)', '🏳️'],
];

/** What an author may write that reads as something simpler: colours, mentions and links with tips, images with sizes, emoticons, macros. */
export const authoredInWiki: readonly RegExp[] = [
  // Of what is read as more than its words only anchors stand alone.
  /(?<!\\)\{(?!(?:color|code|noformat|quote|panel)\b)[a-z][\w-]{0,40}(?::[^{}\n]{1,200})?\}/gi,
  /(?<!\\)\{color:[^}\n]{1,200}\}[^{}\\\n]+\{color\}/gi,
  /(?<!\\)\[[^[\]\n]+\]/g,
  /(?<!\\)\?\?[^?\n\\]+\?\?/g,
  /(?<!\\)![^\s!][^!\n]*!/g,
  /(?<![\p{L}\p{N}[|!:])https?:\/\/[^\s|[\]{}\\]+/gu,
  new RegExp(emoticons.map(([written]) => written.replaceAll(/[()*?+/!]/g, String.raw`\$&`)).join('|'), 'g'),
];

/** A picture with its parameters. */
export const pictureInWiki = /(?<![\p{L}\p{N}\\])![^\s!|\\{}()[\]][^!|\n]*(?:\|[^!\n]*)?!/gu;

/** A picture with the description of another one: one of its parameters, which commas part. */
export function describedInWiki(authored: string, written: { readonly authored: string }): string {
  const [source = '', parameters = ''] = authored.slice(1, -1).split('|');
  const isAlt = (one: string): boolean => /^\s*alt=/.test(one);
  const alt = /alt=[^,!]*/.exec(written.authored)?.[0] ?? '';
  const own = parameters.split(',').map((one) => (isAlt(one) ? alt : one));
  const all = (own.some(isAlt) ? own : [...own, alt]).filter((one) => one.trim() !== '').join(',');
  return all === '' ? `!${source}!` : `!${source}|${all}!`;
}

/** The emoticon that is written at an index, standing by itself. */
export function emoticonAt(text: string, index: number): readonly [string, string] | undefined {
  if (!/^[:;(]$/.test(text.charAt(index)) || /^[\p{L}\p{N}\\]$/u.test(text.charAt(index - 1))) return undefined;
  return emoticons.find(
    ([written]) => text.startsWith(written, index) && !/^[\p{L}\p{N}]$/u.test(text.charAt(index + written.length)),
  );
}

const reference = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{0,31});/iy;

/** The character reference that begins at an index. */
export function referenceAt(text: string, index: number): string | undefined {
  reference.lastIndex = index;
  return reference.exec(text)?.[0];
}
