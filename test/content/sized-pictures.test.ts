import { describe, expect, it } from 'vitest';
import { decodeAdf, patchAdf } from '../../src/content/adf.ts';
import type { AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { commonMarkContext } from '../../src/content/commonmark.ts';
import { decodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { pairPictures } from '../../src/content/pair-pictures.ts';
import { decodeTextile, patchTextile } from '../../src/content/textile/textile.ts';
import { decodeWiki, patchWiki } from '../../src/content/wiki/wiki.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';
import { textileContext } from './textile/textile-context.ts';
import { wikiContext } from './wiki/wiki-context.ts';

const asset = 'https://github.example/user-attachments/assets/1';
const image = (width: number, alt: string): string => `<img width="${width}" alt="${alt}" src="${asset}" />`;

describe('a picture of GitHub whose description Jira edits keeps its size', () => {
  it.each([
    ['alone', `a\n\n${image(300, 'old')}\n\nb`],
    ['amid words', `a ${image(300, 'old')} b`],
    ['in an item', `- ${image(300, 'old')}\n- b`],
    ['in a cell', `| ${image(300, 'old')} | b |\n| - | - |`],
    ['in a quote', `> ${image(300, 'old')}\n\nb`],
    ['within a link', `a [${image(300, 'old')}](https://example.org/y) b`],
    ['beside another of the same file', `${image(200, 'first')}\n\n${image(300, 'old')}\n\nb`],
    ['of the web', 'a\n\n<img src="https://example.org/x.png" alt=\'old\' height=20>\n\nb'],
    ['with a title', `a ![old](${asset} "Title") b`],
  ])('%s', (_name, native) => {
    const edited = native.replace('old', 'new').replace("'new'", '"new"');
    expect(patchMarkdown(native, decodeMarkdown(edited, markdownContext), markdownContext)).toBe(edited);
  });

  it('also where it had no description, and where the new one has signs', () => {
    const native = `a <img width=9 src="${asset}"> b`;
    const root = decodeMarkdown(`a ![x "1" | <2> & \\@octocat](${asset}) b`, markdownContext);
    const alt = 'x &quot;1&quot; &#124; &lt;2&gt; &amp; @\u200boctocat';
    expect(patchMarkdown(native, root, markdownContext)).toBe(`a <img alt="${alt}" width=9 src="${asset}"> b`);
  });

  it('in Redmine’s Markdown, too', () => {
    const context = commonMarkContext(textileContext);
    const native = 'a <img width="300" alt="old" src="/attachments/1"> b';
    const edited = native.replace('old', 'new');
    expect(patchMarkdown(native, decodeMarkdown(edited, context), context)).toBe(edited);
  });
});

describe('a picture of GitHub that Jira moves keeps its size', () => {
  it.each([
    ['to another line', `a ${image(300, 'x')} b\n\nc`, `a b\n\nc ${image(300, 'x')}`],
    ['from its own line into words', `${image(300, 'x')}\n\nc`, `c ${image(300, 'x')} d`],
    ['into an item', `${image(300, 'x')}\n\n- c`, `- c ${image(300, 'x')} d`],
  ])('%s', (_name, native, edited) => {
    expect(patchMarkdown(native, decodeMarkdown(edited, markdownContext), markdownContext)).toBe(edited);
  });

  it('and gives it to no other one of the file', () => {
    const native = `a ${image(300, 'x')} b ![x](${asset})`;
    const edited = `a b ![x](${asset}) c ![y](${asset}) d`;
    expect(patchMarkdown(native, decodeMarkdown(edited, markdownContext), markdownContext)).toContain(`b ![x](${asset})`);
  });
});

describe('a picture of wiki markup that is edited keeps its size', () => {
  it.each([
    ['alone', '!a.png|width=300,alt=old!\n\n[~mia]', 'old', 'new'],
    ['amid words', 'a !a.png|alt=old,width=300! b', 'old', 'new'],
    ['within a link', 'a [!a.png|width=300,alt=old!|https://example.org/y] b', 'old', 'new'],
    ['that gets a description', 'a !a.png|thumbnail! b', 'thumbnail', 'thumbnail,alt=new'],
    ['that loses it', 'a !a.png|width=300,alt=old! b', ',alt=old', ''],
    ['of the web', '!https://example.org/x.png|width=300,alt=old!', 'old', 'new'],
    ['in an item', '* !a.png|width=300,alt=old!\n* [~mia]', 'old', 'new'],
    ['that moves to another line', 'a !a.png|width=300! b\n\nc', ' !a.png|width=300! b\n\nc', ' b\n\nc !a.png|width=300!'],
  ])('%s', (_name, native, from, to) => {
    const edited = native.replace(from, to);
    expect(patchWiki(native, decodeWiki(edited, wikiContext), wikiContext)).toBe(edited);
  });
});

describe('a picture of Textile that is edited keeps its size', () => {
  it.each([
    ['alone', '!{width:300px}a%20b.png(old)!\n\n%{color:red}x%'],
    ['amid words', 'a !>{width:300px}a%20b.png(old)! b'],
    ['within a link', '!{width:300px}https://example.org/x.png(old)!:https://example.org/y'],
    ['of the web', '!(wide). https://example.org/x.png(old)!'],
    ['in an item', '* !{width:300px}a%20b.png(old)!\n* %{color:red}x%'],
  ])('%s', (_name, native) => {
    const edited = native.replace('old', 'new');
    const patched = patchTextile(native, decodeTextile(edited, textileContext), textileContext);
    expect(patched.replace('<notextile></notextile>', '')).toBe(edited);
  });

  it('that moves to another line', () => {
    const native = 'a !{width:300px}a%20b.png! b\n\nc';
    const edited = decodeTextile('a b\n\nc !a%20b.png!', textileContext);
    expect(patchTextile(native, edited, textileContext)).toMatch(/^a b\n\nc !\{width:300px\}a%20b\.png!/);
  });
});

describe('a medium of Jira that is edited keeps its size, border and place', () => {
  const border = { type: 'border', attrs: { size: 2, color: '#091e4224' } };
  const link = (href: string): AdfNode => ({ type: 'link', attrs: { href } });
  const media = (attrs: object, ...marks: readonly object[]): AdfNode => ({
    type: 'media',
    attrs: { type: 'file', id: 'm1', collection: '', width: 640, height: 480, ...attrs },
    ...(marks.length === 0 ? {} : { marks }),
  });
  const single = (...content: readonly object[]): AdfNode => ({
    type: 'mediaSingle',
    attrs: { layout: 'wrap-right', width: 50 },
    content,
  });
  const inline = (alt: string): AdfNode => ({
    type: 'mediaInline',
    attrs: { type: 'image', id: 'm1', collection: '', alt, width: 64, height: 48 },
    marks: [border],
  });
  const text = (value: string): AdfNode => ({ type: 'text', text: value });
  const paragraph = (...content: readonly object[]): AdfNode => ({ type: 'paragraph', content });
  const caption = { type: 'caption', content: [text('what it shows '), { type: 'status', attrs: { text: 'X', color: 'red' } }] };
  const item = (...content: readonly object[]): AdfNode => ({ type: 'bulletList', content: [{ type: 'listItem', content }] });
  const cell = (...content: readonly object[]): AdfNode => ({
    type: 'table',
    content: [{ type: 'tableRow', content: [{ type: 'tableCell', content }] }],
  });
  const end = paragraph(text('end'));

  /** The blocks after GitHub has edited the text that they read as. */
  function edited(native: readonly AdfNode[], change: (text: string) => string): readonly AdfNode[] {
    const document = { type: 'doc', version: 1, content: native };
    const before = canonicalText(decodeAdf(document, adfContext));
    const root = decodeMarkdown(change(before), markdownContext);
    expect(canonicalText(root)).not.toBe(before);
    const patched = patchAdf(document, root, adfContext);
    expect(canonicalText(decodeAdf(patched, adfContext))).toBe(canonicalText(root));
    expect(schemaProblem(patched)).toBeUndefined();
    return patched.content;
  }

  it.each<readonly [string, (alt: string) => readonly AdfNode[]]>([
    ['alone', (alt) => [single(media({ alt }))]],
    ['with a border and a link', (alt) => [single(media({ alt }, border, link('https://example.org/y')))]],
    ['with a caption', (alt) => [single(media({ alt }, border), caption)]],
    ['of the web', (alt) => [single({ type: 'media', attrs: { type: 'external', url: 'https://e.org/x.png', alt, width: 7 } })]],
    ['amid words', (alt) => [paragraph(text('a '), inline(alt), text(' b'))]],
    ['in an item', (alt) => [item(single(media({ alt })))]],
    ['in a cell', (alt) => [cell(single(media({ alt })))]],
    ['beside another of the same file', (alt) => [single(media({ alt: 'first', width: 9 })), single(media({ alt }))]],
  ])('where its description changes: %s', (_name, native) => {
    expect(edited([...native('old'), end], (shown) => shown.replace('old', 'new'))).toEqual([...native('new'), end]);
  });

  it('where a word beside it changes', () => {
    const native = (word: string): AdfNode => paragraph(text(`${word} `), inline('x'), text(' b'));
    expect(edited([native('old'), end], (shown) => shown.replace('old', 'new'))).toEqual([native('new'), end]);
  });

  it('where its link changes', () => {
    const native = (href: string): AdfNode => single(media({ alt: 'x' }, border, link(href)));
    const [medium] = edited([native('https://example.org/old'), end], (shown) => shown.replace('/old', '/new'));
    expect(medium).toEqual(native('https://example.org/new'));
  });

  it('where it moves into an item', () => {
    const shown = single(media({ alt: 'x' }));
    const moved = edited([shown, item(paragraph(text('a'))), end], (before) =>
      before.replace(/^(!\S+)\n\n- a/, (_, picture: string) => `- a\n\n  ${picture}`),
    );
    expect(moved).toEqual([item(paragraph(text('a')), shown), end]);
  });

  it('and gives it to no other file', () => {
    const [first] = edited([single(media({ alt: 'x' })), end], (shown) => shown.replace('public/1', 'public/2'));
    expect(first).toEqual({
      type: 'mediaSingle',
      attrs: { layout: 'center' },
      content: [{ type: 'media', attrs: { type: 'file', id: 'm2', collection: '', alt: 'x' } }],
    });
  });
});

describe('pictures that came for others', () => {
  const picture = (url: string, alt: string): { url: string; alt: string } => ({ url, alt });

  it('are of the same file, those with the same description first', () => {
    const gone = [picture('a', 'one'), picture('a', 'two'), picture('b', 'three')];
    expect(pairPictures(gone, [picture('a', 'two'), picture('a', 'new'), picture('c', 'three')])).toEqual([
      gone[1],
      gone[0],
      undefined,
    ]);
  });

  it('are none where others of the file came or went besides', () => {
    expect(pairPictures([picture('a', 'one'), picture('a', 'two')], [picture('a', 'new')])).toEqual([undefined]);
    expect(pairPictures([picture('a', 'one')], [picture('a', 'new'), picture('a', 'other')])).toEqual([undefined, undefined]);
  });
});
