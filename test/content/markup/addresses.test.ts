import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import type { Neutral } from '../../../src/content/neutral.ts';
import { decodeTextile, encodeTextile, patchTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki } from '../../../src/content/wiki/wiki.ts';
import { redmineMentions } from '../redmine-mentions.ts';
import { textileContext } from '../textile/textile-context.ts';
import { wikiContext } from '../wiki/wiki-context.ts';

const link = (url: string): Neutral => ({
  type: 'root',
  children: [{ type: 'paragraph', children: [{ type: 'link', url, children: [{ type: 'text', value: 'shown' }] }] }],
});

const image = (url: string): Neutral => ({
  type: 'root',
  children: [{ type: 'paragraph', children: [{ type: 'image', url, alt: '' }] }],
});

describe('an address', () => {
  it.each([
    'https://x.example/#',
    'https://x.example/x?',
    'https://x.example/a?b=c&',
    'https://x.example/(y)',
    'https://x.example/#!/home!',
  ])('%s stays as it is in wiki markup', (url) => {
    const written = encodeWiki(link(url), wikiContext);
    expect(written).toBe(`[shown|${url}]`);
    expect(JSON.stringify(decodeWiki(written, wikiContext))).toContain(JSON.stringify(url));
  });

  it.each([
    ['an empty fragment', 'https://x.example/#', 'https://x.example/'],
    ['an empty query', 'https://x.example/x?', 'https://x.example/x'],
    ['an empty query and fragment', 'https://x.example/x?#', 'https://x.example/x'],
    ['an empty parameter', 'https://x.example/a?b=c&', 'https://x.example/a?b=c'],
    ['a space at the end of a query', 'https://x.example/a?b=c+', 'https://x.example/a?b=c%20'],
    ['parentheses', 'https://x.example/(y)', 'https://x.example/(y)'],
    ['a parenthesis that nothing opens', 'https://x.example/y)', 'https://x.example/y%29'],
    ['exclamation marks in the fragment', 'https://x.example/#!/home', 'https://x.example/#!/home'],
    ['a question mark in the query', 'https://x.example/a?b=c?', 'https://x.example/a?b=c%3F'],
    ['an ampersand in the path', 'https://x.example/R&', 'https://x.example/R%26'],
  ])('leads to the same target in Textile: %s', (_name, url, target) => {
    const written = encodeTextile(link(url), textileContext);
    expect(written).toBe(`"shown":${target}`);
    expect(JSON.stringify(decodeTextile(written, textileContext))).toContain(JSON.stringify(target));
  });

  it.each([
    ['"shown":https://medium.com/%40joe', link('https://medium.com/@joe')],
    ['!https://x.example/%40joe.png!<notextile></notextile>', image('https://x.example/@joe.png')],
  ])('%s holds no mention to Redmine, and is read as it was', (expected, root) => {
    const written = encodeTextile(root, textileContext);
    expect(written).toBe(expected);
    expect(redmineMentions(written, 'textile')).toEqual([]);
    expect(canonicalText(decodeTextile(written, textileContext))).toBe(canonicalText(root));
  });

  it('stays as its author wrote it in Textile, beside an edit', () => {
    const native = 'By "joe":https://medium.com/@joe and !https://x.example/@joe.png! old\n\nhttps://x.example/@ann';
    const edited = native.replace('old', 'new');
    expect(patchTextile(native, decodeTextile(edited, textileContext), textileContext)).toBe(edited);
  });

  it.each([
    '[shown|https://x.example/{id}/a^b]',
    String.raw`[https://x.example/a\b]`,
    '[shown|https://x.example/a b]',
    '!https://x.example/{a},b.png!',
  ])('%s of wiki markup is read as it is written', (native) => {
    const read = decodeWiki(native, wikiContext);
    expect(canonicalText(decodeWiki(encodeWiki(read, wikiContext), wikiContext))).toBe(canonicalText(read));
  });

  it.each([
    '"shown":https://x.example/a|b"c',
    '!https://x.example/a|b.png!',
    '!https://x.example/b.png!:https://x.example/a|b',
    '"shown":https://x.example/a&lt;b',
  ])('%s of Textile is read as it is written', (native) => {
    const read = decodeTextile(native, textileContext);
    expect(canonicalText(decodeTextile(encodeTextile(read, textileContext), textileContext))).toBe(canonicalText(read));
  });

  it('with exclamation marks leaves the cells of wiki markup apart', () => {
    const row = '|| h || i ||\n| [https://x.example/#!a] | [https://x.example/#!b] |';
    expect(encodeWiki(decodeWiki(row, wikiContext), wikiContext)).toBe(row);
  });
});
