import fc from 'fast-check';
import type { BlockContent, ListItem, PhrasingContent } from 'mdast';
import type { Neutral } from '../../src/content/neutral.ts';

const fragments = [
  'a',
  'word',
  'Straße',
  'x1',
  ' ',
  '  ',
  '\xA0',
  '*',
  '**',
  '_',
  '__',
  '~',
  '~~',
  '`',
  '``',
  '[',
  ']',
  '](',
  '!',
  '![',
  '<',
  '>',
  '</',
  '<b>',
  '&',
  '&amp;',
  '\\',
  '#',
  '# ',
  '- ',
  '+ ',
  '1. ',
  '1)',
  '> ',
  '---',
  '===',
  '|',
  '| --- |',
  ':',
  ':-',
  '(',
  ')',
  '"',
  "'",
  '$',
  '@',
  '@user',
  '@org/team',
  '#12',
  'GH-7',
  'o/r#3',
  '.',
  ',',
  '\n',
  'https://example.org/a_b',
  'http://x.y).',
  'www.example.org',
  'me@example.org',
  'https://github.com/o/r/issues/5',
  ':tada:',
  ':nope:',
  '😀',
  '​',
  '\0',
  '\x07',
  '\r\n',
  '	',
  '[ ] ',
  '[x] ',
  '[!NOTE]',
  '[^1]',
  '[a]: b',
  '<!-- c -->',
  '<details>',
  '</details>',
  '<br>',
  '```',
  '~~~',
  '\ud83d',
  '﻿',
  '：',
  '！',
  '“',
  '”',
] as const;

export const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 7 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.constantFrom('plain words here', 'snake_case and 2 * 3', 'end.', 'a') },
);

const url = fc.constantFrom(
  'https://example.org/',
  'https://example.org/a_(b)?q=1&amp;r=<2>',
  'attachment:public/1',
  'attachment:public/2',
  './local.png',
  'mailto:me@example.org',
  'https://github.com/o/r/issues/5',
  'javascript:alert(1)',
  '',
  'https://x.y/a b|c',
  'https://example.org/\\*',
);

const { inline } = fc.letrec<{ inline: PhrasingContent[]; node: PhrasingContent }>((tie) => ({
  inline: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: text.map((value): PhrasingContent => ({ type: 'text', value })) },
    { weight: 1, arbitrary: text.map((value): PhrasingContent => ({ type: 'inlineCode', value })) },
    { weight: 1, arbitrary: fc.constant<PhrasingContent>({ type: 'break' }) },
    { weight: 1, arbitrary: fc.tuple(url, text).map(([target, alt]): PhrasingContent => ({ type: 'image', url: target, alt })) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom('strong', 'emphasis', 'delete', 'underline', 'subscript', 'superscript'), tie('inline'))
        .map(([type, children]) => ({ type, children }) as PhrasingContent),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(url, tie('inline'))
        .map(([target, children]): PhrasingContent => ({ type: 'link', url: target, children })),
    },
  ),
}));

const { blocks } = fc.letrec<{ blocks: BlockContent[]; block: BlockContent; item: ListItem }>((tie) => ({
  blocks: fc.array(tie('block'), { maxLength: 4 }),
  item: fc
    .tuple(fc.constantFrom(undefined, undefined, undefined, true, false), tie('blocks'))
    .map(
      ([checked, children]) =>
        (checked === undefined ? { type: 'listItem', children } : { type: 'listItem', checked, children }) as ListItem,
    ),
  block: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: inline.map((children): BlockContent => ({ type: 'paragraph', children })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6), inline)
        .map(([depth, children]) => ({ type: 'heading', depth, children }) as BlockContent),
    },
    { weight: 1, arbitrary: fc.constant<BlockContent>({ type: 'thematicBreak' }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(null, 'js', 'c++', 'a b', '`x', '&amp;'), text)
        .map(([lang, value]): BlockContent => ({ type: 'code', lang, value })),
    },
    { weight: 1, arbitrary: tie('blocks').map((children) => ({ type: 'blockquote', children }) as BlockContent) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('note', 'important', 'tip', 'warning', 'caution'), tie('blocks'))
        .map(([kind, children]) => ({ type: 'alert', kind, children }) as BlockContent),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, tie('blocks'))
        .map(([summary, children]): BlockContent => ({ type: 'details', summary, children })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.boolean(), fc.constantFrom(null, 0, 1, 2, 7, 999999999), fc.array(tie('item'), { maxLength: 3 }))
        .map(([ordered, start, children]): BlockContent => ({ type: 'list', ordered, start, children })),
    },
    {
      weight: 1,
      arbitrary: fc.array(fc.array(inline, { maxLength: 3 }), { maxLength: 3 }).map(
        (rows): BlockContent => ({
          type: 'table',
          children: rows.map((cells) => ({
            type: 'tableRow',
            children: cells.map((children) => ({ type: 'tableCell', children })),
          })),
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.array(fc.tuple(fc.boolean(), fc.constantFrom(1, 1, 1, 2), tie('blocks')), { maxLength: 3 }), { maxLength: 3 })
        .map(
          (rows): BlockContent => ({
            type: 'grid',
            children: rows.map((cells) => ({
              type: 'gridRow',
              children: cells.map(([header, columnSpan, children]) => ({
                type: 'gridCell',
                header,
                columnSpan,
                rowSpan: 1,
                children,
              })),
            })),
          }),
        ),
    },
  ),
}));

/** Neutral trees, many of them not normal. */
export const neutral = blocks.map((children): Neutral => ({ type: 'root', children }));

/** Markdown as soup: lines of fragments under any mix of containers. */
export const markdown = fc
  .array(
    fc
      .tuple(
        fc.array(fc.constantFrom('', '', '', '> ', '- ', '1. ', '  ', '    ', '# ', '* ', '- [ ] ', '| '), { maxLength: 3 }),
        fc.oneof(
          text,
          fc.constantFrom(
            '',
            '',
            '---',
            '| a | b |',
            '|---|---|',
            '```js',
            '```',
            '<table><tr><td>',
            '</td></tr></table>',
            '</details>',
            '<summary>s</summary>',
            '[a]: https://example.org',
            '[a]',
            '[^1]: note',
          ),
        ),
      )
      .map(([prefix, content]) => prefix.join('') + content),
    { maxLength: 12 },
  )
  .map((lines) => lines.join('\n'));
