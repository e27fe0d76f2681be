import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../src/content/canonical.ts';
import { decodeMarkdown } from '../../../src/content/markdown.ts';
import type { MarkupContext } from '../../../src/content/markup/markup-context.ts';
import { decodeTextile, encodeTextile, patchTextile } from '../../../src/content/textile/textile.ts';
import { decodeWiki, encodeWiki } from '../../../src/content/wiki/wiki.ts';
import { markdownContext, toPrivate } from '../contexts.ts';

const odd = [
  'Screenshot [1].png',
  'Q&A.png',
  'Q&amp;A.png',
  'a^b.png',
  '^a.png',
  'a,b!|c\\.png',
  'rep{1}.png',
  'Q&A.pdf',
  'rep{1}.pdf',
  'a [1].pdf',
  'a b.pdf',
  'say "x".pdf',
  ' edge .pdf',
  '@joe.pdf',
  'x @joe {{toc}} [[y]] &amp;.pdf',
];

/** An issue whose files are the odd one and a plain one; the addresses are as told. */
function contextOf(name: string, address: (id: string) => string, known: boolean): MarkupContext {
  const names: Readonly<Record<string, string>> = { 1: name, 2: 'b.png' };
  return {
    attachmentId: (wanted) => Object.keys(names).find((id) => names[id] === wanted),
    attachmentName: (id) => names[id],
    attachmentIdOfLink: (url) => (known ? Object.keys(names).find((id) => address(id) === url) : undefined),
    attachmentLink: address,
  };
}

const contexts: Readonly<Record<string, (name: string) => MarkupContext>> = {
  'with addresses that it knows again': (name) => contextOf(name, (id) => `https://x.example/files/${id}`, true),
  'with addresses that it does not know again': (name) => contextOf(name, (id) => `https://x.example/files/${id}`, false),
  'without addresses of the web': (name) => contextOf(name, (id) => `attachment:${id}`, true),
};

const asset = 'https://github.example/user-attachments/assets/';
const places: Readonly<Record<string, string>> = {
  'a paragraph': `See ![](${asset}1) and ![](${asset}2) end`,
  'a paragraph, with descriptions': `See ![shown](${asset}1) and ![too](${asset}2) end`,
  'an item': `- See ![](${asset}1) and ![](${asset}2) end`,
  'a cell': `| h | i |\n| --- | --- |\n| ![](${asset}1) and ![](${asset}2) | end |`,
  'a quote': `> See ![](${asset}1) and ![](${asset}2) end`,
};

const cases = Object.entries(contexts).flatMap(([told, of]) =>
  Object.entries(places).flatMap(([place, text]) => odd.map((name) => [name, place, told, of(name), text] as const)),
);

describe('an attachment', () => {
  it.each(cases)('%s in %s stays in wiki markup, with the one beside it, %s', (name, _place, _told, context, text) => {
    const wiki = { ...context, userName: () => undefined };
    const written = encodeWiki(toPrivate(decodeMarkdown(text, markdownContext)), wiki);
    const read = JSON.stringify(decodeWiki(written, wiki));
    expect(read).toContain('attachment:private/2');
    expect(read.includes('attachment:private/1') || read.includes(context.attachmentLink('1')) || written.includes(name)).toBe(
      true,
    );
  });

  it.each(cases)('%s in %s stays in Textile, with the one beside it, %s', (name, _place, _told, context, text) => {
    const written = encodeTextile(toPrivate(decodeMarkdown(text, markdownContext)), context);
    const read = JSON.stringify(decodeTextile(written, context));
    expect(read).toContain('attachment:private/2');
    const names = JSON.stringify(name).slice(1, -1);
    expect(read.includes('attachment:private/1') || read.includes(context.attachmentLink('1')) || read.includes(names)).toBe(
      true,
    );
  });
});

describe('a link around an attachment', () => {
  const context = contextOf('a b.png', (id) => `/files/${id}`, true);
  const wiki = { ...context, userName: () => undefined };
  it.each([
    [
      `See [![](${asset}1)](https://example.org/z) end`,
      'See !a%20b.png!:https://example.org/z end',
      'See [!a b.png!|https://example.org/z] end',
    ],
    [
      `[see ![T](${asset}1) it](https://example.org/z)`,
      '"see ":https://example.org/z<notextile></notextile>!a%20b.png(T)!:https://example.org/z<notextile></notextile>" it":https://example.org/z',
      '[see !a b.png|alt=T! it|https://example.org/z]',
    ],
  ])('is said by both: %s', (markdown, textile, markup) => {
    const root = toPrivate(decodeMarkdown(markdown, markdownContext));
    expect(encodeTextile(root, context)).toBe(textile);
    expect(canonicalText(decodeTextile(textile, context))).toBe(canonicalText(root));
    expect(encodeWiki(root, wiki)).toBe(markup);
    expect(canonicalText(decodeWiki(markup, wiki))).toBe(canonicalText(root));
  });

  it('stands beside a file that is shown by its name', () => {
    const root = toPrivate(decodeMarkdown(`[see ![](${asset}1)](https://example.org/z)`, markdownContext));
    const other = contextOf('a.pdf', (id) => `/files/${id}`, true);
    expect(encodeTextile(root, other)).toBe('"see":https://example.org/z attachment:"a.pdf"');
    expect(encodeWiki(root, { ...other, userName: () => undefined })).toBe('[see|https://example.org/z] [^a.pdf]');
  });
});

describe('the name of a picture that wiki markup cannot hold as it is', () => {
  it('becomes an address that opens it, else a name in character references', () => {
    const root = decodeMarkdown(`See ![](${asset}1) end`, markdownContext);
    const shown = Object.values(contexts).map((of) =>
      encodeWiki(toPrivate(root), { ...of('Screenshot [1].png'), userName: () => undefined }),
    );
    expect(shown).toEqual([
      'See [https://x.example/files/1] end',
      'See !Screenshot &#91;1&#93;.png! end',
      'See !Screenshot &#91;1&#93;.png! end',
    ]);
  });
});

describe('a file whose name would call somebody on Redmine or run a macro there', () => {
  const name = 'x @joe {{toc}} [[y]] &amp;.pdf';
  const context = contextOf(name, (id) => `/files/${id}`, true);

  it('is shown by its name, in character references', () => {
    const root = toPrivate(decodeMarkdown(`See ![](${asset}1) end`, markdownContext));
    const written = encodeTextile(root, context);
    expect(written).toBe('See attachment:"x &#64;joe &#123;&#123;toc}} &#91;&#91;y]] &#38;amp;.pdf" end');
    expect(canonicalText(decodeTextile(written, context))).toBe(canonicalText(root));
  });

  it('stays in an edited line as its author wrote it', () => {
    const native = 'See attachment:"x @joe {{toc}} [[y]] &amp;.pdf" old word';
    const edited = native.replace('old', 'new');
    expect(patchTextile(native, decodeTextile(edited, context), context)).toBe(edited);
  });
});
