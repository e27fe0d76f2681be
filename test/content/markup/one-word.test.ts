import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../../src/content/adf.ts';
import { canonicalText } from '../../../src/content/canonical.ts';
import { decodeMarkdown } from '../../../src/content/markdown.ts';
import type { Neutral } from '../../../src/content/neutral.ts';
import { decodeTextile, patchTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, patchWiki } from '../../../src/content/wiki/wiki.ts';
import { adfContext, markdownContext } from '../contexts.ts';
import { textileContext } from '../textile/textile-context.ts';
import { wikiContext } from '../wiki/wiki-context.ts';

const dialects = {
  wiki: {
    decode: (text: string) => decodeWiki(text, wikiContext),
    patch: (native: string, root: Neutral) => patchWiki(native, root, wikiContext),
  },
  textile: {
    decode: (text: string) => decodeTextile(text, textileContext),
    patch: (native: string, root: Neutral) => patchTextile(native, root, textileContext),
  },
} as const;

/** The native text once somebody has put one word for another on Jira Cloud. */
function edited(dialect: keyof typeof dialects, native: string, [from, to]: readonly [string, string]): string {
  const { decode, patch } = dialects[dialect];
  const there: unknown = JSON.parse(JSON.stringify(encodeAdf(decode(native), adfContext)).replace(from, to));
  return patch(native, decodeAdf(there, adfContext));
}

describe('a word that Jira Cloud changes is all that changes', () => {
  it.each([
    ['wiki', 'in the first of two lists', '* one\n- two\n- three'],
    ['wiki', 'in lists of two kinds', '* one\n** two\n# three\n# four'],
    ['textile', 'in lists of two kinds', '* one\n# two\n# three'],
    ['textile', 'in a list that leaves levels out', '* one\n\n** two\n\n*** three\n* four'],
    ['textile', 'in a list that is nested by the number of its signs', '* one\n## two\n* three'],
    ['textile', 'in a quote of a quote', '> one\n> > two\n> > and\n> three'],
    ['textile', 'in a quote of a quote without blanks', '> one\n>> two\n>> and\n> three'],
  ] as const)('%s: %s', (dialect, _, native) => {
    for (const word of ['one', 'two', 'three'])
      expect(edited(dialect, native, [word, 'Quux'])).toBe(native.replace(word, 'Quux'));
  });
});

describe('a list of Textile reads as Redmine shows it', () => {
  it.each([
    ['a numbered list within bullets, by the number of signs', '* a\n## b\n* c', '- a\n  1. b\n- c'],
    ['levels that are left out', '* a\n*** b\n*** c\n* d', '- a\n  - b\n  - c\n- d'],
    ['a list that begins with many signs', '*** a\n*** b', '- a\n- b'],
    ['a level that was not there', '* a\n*** b\n** c', '- a\n  - b\n- c'],
  ])('%s', (_, source, markdown) => {
    expect(canonicalText(decodeTextile(source, textileContext))).toBe(canonicalText(decodeMarkdown(markdown, markdownContext)));
  });
});
