import type { Paragraph, PhrasingContent } from 'mdast';
import type { Neutral } from './neutral.ts';

const suffix = ' commented:';
const nameLengthMax = 100;

/** A name as it may stand in a text: one line without control or direction characters, at most 100 characters. */
function cleanName(displayName: string): string {
  const clean = displayName
    .replaceAll(/[\u0000-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2028\u2029\u2066-\u2069]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return clean === '' ? 'Somebody' : [...clean].slice(0, nameLengthMax).join('');
}

/** Rule 3: the text of a copy of a comment, begun by its author: `<display name> commented:`. */
export function withAuthorLine(root: Neutral, displayName: string): Neutral {
  const line: Paragraph = { type: 'paragraph', children: [{ type: 'text', value: `${cleanName(displayName)}${suffix}` }] };
  return { ...root, children: [line, ...root.children] };
}

/**
 * Takes the author line off, if the text begins with one: a paragraph of its own, or the first line of a paragraph to
 * which somebody, or a server, joined the content.
 */
export function withoutAuthorLine(root: Neutral): { readonly author: string | undefined; readonly root: Neutral } {
  const [first, ...rest] = root.children;
  if (first?.type !== 'paragraph') return { author: undefined, root };
  const end = endOfLine(first.children);
  if (end === undefined) return { author: undefined, root };
  const children = end.rest.length === 0 ? rest : [{ ...first, children: end.rest }, ...rest];
  return { author: end.author, root: { ...root, children } };
}

function endOfLine(children: readonly PhrasingContent[]): { author: string; rest: PhrasingContent[] } | undefined {
  const [first, second, ...others] = children;
  if (first?.type !== 'text') return undefined;
  const newline = first.value.indexOf('\n');
  const line = (newline === -1 ? first.value : first.value.slice(0, newline)).trimEnd();
  if (!line.endsWith(suffix) || line.length > nameLengthMax * 2 + suffix.length) return undefined;
  const author = line.slice(0, -suffix.length);
  if (newline !== -1) {
    const remainder: PhrasingContent[] = [{ ...first, value: first.value.slice(newline + 1) }];
    return { author, rest: second === undefined ? remainder : [...remainder, second, ...others] };
  }
  if (second === undefined) return { author, rest: [] };
  return second.type === 'break' ? { author, rest: others } : undefined;
}
