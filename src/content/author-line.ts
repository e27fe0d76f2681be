import type { Neutral } from './neutral.ts';
import { normalize } from './normalize.ts';
import { buildInline, flattenInline } from './runs.ts';

const ending = ' commented:';
const nameLengthMax = 100;

/* oxlint-disable no-control-regex -- Control and direction characters are what has to go from a name. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A person's name as it may stand in text: one line, nothing invisible, at most 100 characters, never empty. */
export function safeDisplayName(name: string): string {
  const line = name.toWellFormed().replaceAll(/\s/g, ' ').replaceAll(invisible, '').replaceAll(/ +/g, ' ').trim();
  const cut = [...line].slice(0, nameLengthMax).join('').trim();
  return cut === '' ? 'Someone' : cut;
}

/** The tree of a comment's copy: `<display name> commented:` before the content (Basic rule 3). */
export function withAuthorLine(root: Neutral, displayName: string): Neutral {
  const line = {
    type: 'paragraph' as const,
    children: [{ type: 'text' as const, value: safeDisplayName(displayName) + ending }],
  };
  return { type: 'root', children: [line, ...root.children] };
}

/**
 * Takes the author line off a copy, in normal form. Only the first line of the first paragraph is looked at; text that
 * somebody joined to it after a line break stays. `author` is undefined where there is no such line.
 */
export function withoutAuthorLine(root: Neutral): { readonly author: string | undefined; readonly root: Neutral } {
  const normal = normalize(root);
  const [first, ...rest] = normal.children;
  if (first?.type !== 'paragraph') return { author: undefined, root: normal };
  const runs = flattenInline(first.children);
  const found = runs.findIndex((run) => run.kind === 'break');
  const end = found < 0 ? runs.length : found;
  const line = runs
    .slice(0, end)
    .map((run) => (run.kind === 'text' || run.kind === 'code' ? run.text : ''))
    .join('');
  if (!line.endsWith(ending) || line.length === ending.length) return { author: undefined, root: normal };
  const below = buildInline(runs.slice(end + 1));
  const children = below.length === 0 ? rest : [{ type: 'paragraph' as const, children: below }, ...rest];
  return { author: line.slice(0, -ending.length), root: normalize({ type: 'root', children }) };
}

/**
 * The same of the copy of a comment that says `origin`. Where somebody took the author line off, a first line of the comment's
 * own may have the shape of one, and stays (I3). What the line names tells nothing: people's names change.
 */
export function withoutAuthorLineOf(copy: Neutral, origin: Neutral): Neutral {
  const { author, root } = withoutAuthorLine(copy);
  const begins = (text: Neutral): boolean => author !== undefined && withoutAuthorLine(text).author === author;
  return begins(origin) && !begins(root) ? normalize(copy) : root;
}
