import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf } from '../../src/content/adf.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown } from '../../src/content/markdown.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { mapAttachments } from '../../src/content/references.ts';
import { adfContext, markdownContext } from './contexts.ts';

/** GitHub Markdown as Jira would store it. */
const toAdf = (markdown: string) =>
  encodeAdf(
    mapAttachments(decodeMarkdown(markdown, markdownContext), ({ id }) => `attachment:public/${id}`),
    adfContext,
  );
const asset = (id: string): string => `https://github.example/user-attachments/assets/${id}`;

describe('a linked image', () => {
  it('keeps its link where Jira does not tell the media of the file', () => {
    const { content } = toAdf(
      `[![plot](${asset('9')})](https://example.org/x)\n\ntext [![](${asset('9')})](https://example.org/y)`,
    );
    expect(content.map((node) => node['content'])).toEqual([
      [{ type: 'text', text: 'plot', marks: [{ type: 'link', attrs: { href: 'https://example.org/x' } }] }],
      [
        { type: 'text', text: 'text ' },
        {
          type: 'text',
          text: 'https://site/attachment/9',
          marks: [{ type: 'link', attrs: { href: 'https://example.org/y' } }],
        },
      ],
    ]);
  });
});

describe('links to one attachment', () => {
  const url = asset('2');
  it.each([
    ['beside each other', `[one](${url})[two](${url})`, ['one', 'two']],
    ['of HTML', `a <a href="${url}">one</a><a href="${url}">two</a>`, ['one', 'two']],
    ['with marks', `**[one](${url})**[two](${url})`, ['one', 'two']],
    ['with a picture and words', `[![thumb](${asset('1')}) words](${url})`, ['thumb', 'words']],
    ['of a picture to itself', `[![one](${url})](${url})`, ['one']],
    ['without words', `a [](${url}) b`, []],
  ])('%s are as many as they are', (_, markdown, expected) => {
    const root = decodeMarkdown(markdown, markdownContext);
    const shown = [...canonicalText({ ...root, children: [...root.children, end] }).matchAll(/!\[(\w*)\]/g)];
    expect(shown.map((match) => match[1])).toEqual(expected);
    const again = decodeMarkdown(encodeMarkdown(root, markdownContext), markdownContext);
    expect(canonicalText(again)).toBe(canonicalText(root));
    const adf = toAdf(markdown);
    expect(canonicalText(privately(decodeAdf(adf, adfContext)))).toBe(canonicalText(root));
  });
});

describe('the address of a file among words of HTML', () => {
  it.each([
    '<details>\n<summary>Screenshots</summary>\n![shot](U)\n</details>',
    '<details>\n<summary>Log</summary>\n[log](U)\n</details>',
    '<div>\nSee U.\n</div>',
    '<p align="center">\n![shot](U)\n</p>',
    '<table><tr><td>![shot](U)</td></tr></table>',
    '<table><tr><td>a</td></tr></table> U',
  ])('is the file, which crosses: %j', (text) => {
    const root = decodeMarkdown(text.replace('U', asset('1')), markdownContext);
    expect(canonicalText({ ...root, children: [...root.children, end] })).toContain('(attachment:private/1)');
    const back = privately(decodeAdf(toAdf(text.replace('U', asset('1'))), adfContext));
    expect(canonicalText(back)).toBe(canonicalText(root));
    expect(canonicalText(decodeMarkdown(encodeMarkdown(back, markdownContext), markdownContext))).toBe(canonicalText(root));
  });

  it('is words in code', () => {
    const root = decodeMarkdown(`<pre>\n${asset('1')}\n</pre>`, markdownContext);
    expect(canonicalText(root)).toContain(asset('1'));
  });
});

describe('a file right after an exclamation mark', () => {
  it.each(['Look\\![a.pdf](U)', '| \\![a.pdf](U) |\n| --- |'])('stays a file, and the mark with it: %s', (text) => {
    const root = decodeMarkdown(text.replace('U', asset('1')), markdownContext);
    expect(canonicalText(root)).toContain('!![a.pdf](attachment:private/1)');
    const written = encodeMarkdown(root, markdownContext);
    expect(canonicalText(decodeMarkdown(written, markdownContext))).toBe(canonicalText(root));
  });
});

const end = { type: 'thematicBreak' } as const;
const privately = (root: Neutral): Neutral => mapAttachments(root, ({ id }) => `attachment:private/${id}`);
