import fc from 'fast-check';
import type { PhrasingContent } from 'mdast';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import type { Neutral } from '../../../src/content/neutral.ts';
import { attachmentReferences } from '../../../src/content/references.ts';
import { decodeTextile, encodeTextile, patchTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki, patchWiki } from '../../../src/content/wiki/wiki.ts';
import { within2s, withWord } from '../cpu-time.ts';
import { textileContext } from '../textile/textile-context.ts';
import { wikiContext } from '../wiki/wiki-context.ts';

const units = [
  '*a _b ',
  '*a ',
  '{*}a',
  '{{a',
  '[a',
  '[a|b',
  '[a|http://b.c]',
  '|a',
  '|[',
  '|!a',
  '||a',
  '|a\n',
  '!a|b',
  '{code}',
  '{quote}{panel}',
  '{panel:a}',
  '{anchor:a',
  '{color:red}',
  '*# a\n',
  '\\',
  '&amp;',
  ':)',
  '??a',
  'h1. a\n',
  'bq. a\n',
  'a\n\n',
  '"a":/',
  '"a":http://b.c ',
  '@a',
  '!a(b)',
  '==a ',
  '%{a}b',
  '*(a',
  '<pre>',
  '<code>a</code>',
  '<!--',
  '> a\n',
  '>> ',
  '{{collapse(a)\n',
  '{{collapse\n}}\n',
  '|\\2. a|\n',
  'attachment:a ',
  '[[a|b]]',
  '[^a]',
  '^a^ ',
  'a\n',
  '(',
  '^',
  'xq ',
  '!~[',
  '&',
  ':a',
  '(-)',
  '(=)',
  '\u200b@',
  '@a@b',
  'a',
];
const bodies = [
  ...units.map((unit) => [unit, unit.repeat(Math.floor(65_536 / unit.length))] as const),
  ...['', '|'].map((sign) => [`${sign}a   …b${sign}`, `${sign}a${' '.repeat(65_000)}b${sign}`] as const),
  ...['<', '{a}', '(a)'].map((sign) => [`!${sign}${sign}…`, `!${sign.repeat(Math.floor(65_536 / sign.length))}`] as const),
];

describe('64 KB of anything', () => {
  it.each(bodies)('is read, written and patched in 2 s each: %j', { timeout: 120_000 }, (_unit, body) => {
    const wiki = within2s('read as wiki markup', () => decodeWiki(body, wikiContext));
    within2s('written as wiki markup', () => encodeWiki(structuredClone(wiki), wikiContext));
    within2s('patched with a word', () => patchWiki(body, withWord(wiki), wikiContext));
    const textile = within2s('read as Textile', () => decodeTextile(body, textileContext));
    within2s('written as Textile', () => encodeTextile(structuredClone(textile), textileContext));
    within2s('patched with a word', () => patchTextile(body, withWord(textile), textileContext));
  });

  it.each(bodies)('is stable after one crossing: %j', { timeout: 30_000 }, (_unit, body) => {
    const wiki = decodeWiki(encodeWiki(decodeWiki(body.slice(0, 3000), wikiContext), wikiContext), wikiContext);
    expect(canonicalText(decodeWiki(encodeWiki(wiki, wikiContext), wikiContext))).toBe(canonicalText(wiki));
    const textile = decodeTextile(
      encodeTextile(decodeTextile(body.slice(0, 3000), textileContext), textileContext),
      textileContext,
    );
    expect(canonicalText(decodeTextile(encodeTextile(textile, textileContext), textileContext))).toBe(canonicalText(textile));
  });

  it.each(['\\', '{', '*', '!', '<', '@', '"'])('is written from words of one sign alone: %s', (sign) => {
    const root: Neutral = {
      type: 'root',
      children: [{ type: 'paragraph', children: [{ type: 'text', value: sign.repeat(65_536) }] }],
    };
    within2s('written as wiki markup', () => encodeWiki(structuredClone(root), wikiContext));
    within2s('written as Textile', () => encodeTextile(structuredClone(root), textileContext));
  });

  it('is written from words with code between them', () => {
    const words = Array.from(
      { length: 16_384 },
      (_, index): PhrasingContent => (index % 2 === 0 ? { type: 'text', value: 'a' } : { type: 'inlineCode', value: 'x' }),
    );
    const root: Neutral = { type: 'root', children: [{ type: 'paragraph', children: words }] };
    within2s('written as wiki markup', () => encodeWiki(structuredClone(root), wikiContext));
    within2s('written as Textile', () => encodeTextile(structuredClone(root), textileContext));
  });

  it('is read as its source where it is a table of thousands of cells', () => {
    const body = `${'|a'.repeat(5000)}|`;
    expect(decodeWiki(body, wikiContext).children).toEqual([{ type: 'code', value: body }]);
    expect(decodeTextile(body, textileContext).children).toEqual([{ type: 'code', value: body }]);
  });
});

describe('code of 20,000 lines', () => {
  const root: Neutral = { type: 'root', children: [{ type: 'code', value: 'a\n'.repeat(20_000).trimEnd() }] };

  it('stays one block, within what is read of a text', () => {
    const wiki = encodeWiki(root, wikiContext);
    expect(wiki).toMatch(/^\{noformat\}\na\n[a\n]*\{noformat\}$/);
    expect(canonicalText(decodeWiki(wiki, wikiContext))).toBe(canonicalText(root));
    const textile = encodeTextile(root, textileContext);
    expect(textile).toMatch(/^<pre>\na\n[a\n]*<\/pre>$/);
    expect(canonicalText(decodeTextile(textile, textileContext))).toBe(canonicalText(root));
  });

  it('hides no other lines: a sign that nothing ends, or that ends on its line, begins none', () => {
    for (const [body, read] of [
      [`{code}\n${'a\n'.repeat(20_000)}`, decodeWiki],
      ['{code}a{code}\n'.repeat(7000), decodeWiki],
      [`<pre>\n${'a\n'.repeat(20_000)}`, decodeTextile],
      ['<pre>a</pre>\n'.repeat(7000), decodeTextile],
    ] as const) {
      const last = read(body, { ...textileContext, ...wikiContext }).children.at(-1);
      const rest = last?.type === 'code' ? last.value : '';
      expect(rest.length).toBeGreaterThan(body.length / 3);
      expect(body.endsWith(`${rest}\n`)).toBe(true);
    }
  });
});

describe('a text that is longer than any tracker takes', () => {
  const lines = 'a\n'.repeat(130_000).trimEnd();

  it('is written as the one block of code that it is read as', { timeout: 60_000 }, () => {
    const root: Neutral = { type: 'root', children: [{ type: 'code', value: lines }] };
    expect(encodeWiki(root, wikiContext)).toBe(`{noformat}\n${lines}\n{noformat}`);
    expect(encodeTextile(root, textileContext)).toBe(`<pre>\n${lines}\n</pre>`);
  });

  it('is looked through for attachments', () => {
    const children: PhrasingContent[] = lines.split('\n').map((value) => ({ type: 'text', value }));
    expect(attachmentReferences({ type: 'root', children: [{ type: 'paragraph', children }] })).toEqual([]);
  });
});

describe('totality', () => {
  it('reads and keeps any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(patchWiki(text, decodeWiki(text, wikiContext), wikiContext)).toBe(text);
        expect(patchTextile(text, decodeTextile(text, textileContext), textileContext)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});
