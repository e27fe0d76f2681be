import { defuse } from '../content/defuse.ts';
import { plainLine } from './plain-line.ts';

/** Every character that Markdown, a table or HTML could take for syntax, wherever it stands. */
const syntax = /[!#$&()*+\-.<=>@[\\\]^_`{|}~]/g;

/**
 * A text of unknown origin as inline Markdown that shows exactly that text: no mark-up, HTML, table cell, link, mention or
 * reference arises from it. Character references are used in place of backslashes because CommonMark never takes one for
 * structure, not even inside a table, where the meaning of a backslash differs between parsers.
 */
export function markdownText(text: string, lengthMax?: number): string {
  return withoutAutolinks(defuse(plainLine(text, lengthMax))).replaceAll(syntax, (character) => `&#${character.charCodeAt(0)};`);
}

/** A link with a label of unknown origin; the label alone where the URL is none that may be followed. */
export function markdownLink(label: string, url: string): string {
  const target = linkTarget(url);
  return target === undefined ? markdownText(label) : `[${markdownText(label)}](<${target}>)`;
}

/** Autolinks are found in the text as it reads, after character references are resolved: only its letters can prevent them. */
function withoutAutolinks(text: string): string {
  return text
    .replaceAll(/@(?=[A-Za-z0-9])/g, '@\u200B')
    .replaceAll('://', ':\u200B//')
    .replaceAll(/\bwww\./gi, (match) => `${match.slice(0, -1)}\u200B.`);
}

const urlLengthMax = 2_000;

/** An http or https URL in a form that cannot leave `(<…>)`; undefined for every other one. */
function linkTarget(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, href } = new URL(url);
  if ((protocol !== 'https:' && protocol !== 'http:') || href.length > urlLengthMax) return undefined;
  const encoded = href.replaceAll(
    /[<>()[\]|\\`"'\s]/g,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
  return encoded.replaceAll('&', '&amp;');
}

/** A block of code, fenced more strongly than anything inside it. */
export function markdownCode(text: string, language: 'text' | 'diff' = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
