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
