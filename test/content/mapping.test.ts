import { describe, expect, it } from 'vitest';
import { decodeAdf, encodeAdf, patchAdf } from '../../src/content/adf.ts';
import { contentOf, type AdfNode } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown, encodeMarkdown, patchMarkdown } from '../../src/content/markdown.ts';
import { attachmentUrl } from '../../src/content/neutral.ts';
import { mapAttachments } from '../../src/content/references.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';

const words = (text: string, ...marks: AdfNode[]): AdfNode =>
  marks.length === 0 ? { type: 'text', text } : { type: 'text', text, marks };
const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const doc = (...content: AdfNode[]): AdfNode => ({ version: 1, type: 'doc', content });
const item = (...content: AdfNode[]): AdfNode => ({ type: 'listItem', content });
const cell = (...content: AdfNode[]): AdfNode => ({ type: 'tableCell', content });
const hardBreak: AdfNode = { type: 'hardBreak' };
const linesOf = (lines: readonly string[]): AdfNode =>
  paragraph(...lines.flatMap((line, index) => (index === 0 ? [words(line)] : [hardBreak, words(line)])));
const image = (id: string, alt = 'a.png'): AdfNode => ({
  type: 'mediaSingle',
  attrs: { layout: 'center' },
  content: [{ type: 'media', attrs: { type: 'file', id, collection: '', alt } }],
});

function toMarkdown(...content: AdfNode[]): string {
  const root = decodeAdf(doc(...content), adfContext);
  return encodeMarkdown(
    mapAttachments(root, ({ id }) => attachmentUrl('private', id)),
    markdownContext,
  );
}

function toAdf(source: string): readonly AdfNode[] {
  const document = encodeAdf(decodeMarkdown(source, markdownContext), adfContext);
  expect(schemaProblem(document)).toBeUndefined();
  return document.content;
}

describe('from Jira to GitHub', () => {
  it.each<[string, AdfNode, string]>([
    [
      'a panel becomes an alert',
      { type: 'panel', attrs: { panelType: 'success' }, content: [paragraph(words('Done'))] },
      '> [!TIP]\n> Done',
    ],
    [
      'an expand becomes details',
      { type: 'expand', attrs: { title: 'More <b>' }, content: [paragraph(words('x'))] },
      '<details>\n<summary>More &lt;b&gt;</summary>\n\nx\n\n</details>',
    ],
    [
      'a mention becomes a bold name, never a live @',
      paragraph({ type: 'mention', attrs: { id: '1', text: '@Mia Krystof' } }),
      '**Mia Krystof**',
    ],
    ['an emoji becomes Unicode', paragraph({ type: 'emoji', attrs: { shortName: ':smile:', text: '😄' } }), '😄'],
    ['a status becomes bold text', paragraph({ type: 'status', attrs: { text: 'IN REVIEW', color: 'blue' } }), '**IN REVIEW**'],
    ['a date becomes its day', paragraph({ type: 'date', attrs: { timestamp: '1700006400000' } }), '2023-11-15'],
    ['a card becomes a link', { type: 'blockCard', attrs: { url: 'https://example.org/x' } }, '<https://example.org/x>'],
    [
      'tasks become a task list',
      {
        type: 'taskList',
        attrs: { localId: 'a' },
        content: [
          { type: 'taskItem', attrs: { localId: 'b', state: 'DONE' }, content: [words('one')] },
          {
            type: 'taskList',
            attrs: { localId: 'c' },
            content: [{ type: 'taskItem', attrs: { localId: 'd', state: 'TODO' }, content: [words('two')] }],
          },
        ],
      },
      '- [x] one\n  - [ ] two',
    ],
    [
      'a table without header cells gets the one header that GFM demands',
      {
        type: 'table',
        content: [
          { type: 'tableRow', content: [cell(paragraph(words('a|b'))), cell(paragraph(words('c')), paragraph(words('d')))] },
        ],
      },
      '| a\\|b | c<br><br>d |\n| --- | --- |',
    ],
    [
      'cells that GFM cannot hold make an HTML table',
      {
        type: 'table',
        content: [{ type: 'tableRow', content: [cell({ type: 'bulletList', content: [item(paragraph(words('a')))] })] }],
      },
      '<table>\n<tr>\n<td>\n\n- a\n\n</td>\n</tr>\n</table>',
    ],
    [
      'underline and subscript become tags',
      paragraph(words('u', { type: 'underline' }), words('2', { type: 'subsup', attrs: { type: 'sub' } })),
      '<ins>u</ins><sub>2</sub>',
    ],
    ['marks within a word become tags', paragraph(words('in'), words('word', { type: 'em' }), words('ed')), 'in*word*ed'],
    [
      'code with backticks gets a longer fence',
      { type: 'codeBlock', attrs: { language: 'md' }, content: [words('```\nx\n```')] },
      '````md\n```\nx\n```\n````',
    ],
    ['an image points to its copy', image('m1'), '![a.png](https://github.example/user-attachments/assets/1)'],
    ['a file is linked, not shown', image('m1', 'a.pdf'), '[a.pdf](https://github.example/user-attachments/assets/1)'],
    [
      'what only looks like Markdown stays text',
      paragraph(words('1. *not* [a](b) <b> # &amp; snake_case')),
      '1\\. \\*not\\* [a\\](b) \\<b> # \\&amp; snake_case',
    ],
    [
      'two breaks in a row part paragraphs',
      paragraph(words('a'), { type: 'hardBreak' }, { type: 'hardBreak' }, words('b')),
      'a\n\nb',
    ],
    [
      'numbers of items end where Markdown stops counting',
      {
        type: 'orderedList',
        attrs: { order: 999_999_999 },
        content: [item(paragraph(words('a'))), item(paragraph(words('b')))],
      },
      '999999999. a\n999999999. b',
    ],
    [
      'a list that could not interrupt a paragraph stands apart from the kind of the alert',
      {
        type: 'panel',
        attrs: { panelType: 'info' },
        content: [{ type: 'orderedList', attrs: { order: 2 }, content: [item(paragraph(words('a')))] }],
      },
      '> [!NOTE]\n>\n> 2. a',
    ],
    ['an unknown node is read for its text', { type: 'someday', content: [paragraph(words('still here'))] }, 'still here'],
  ])('%s', (_name, node, markdown) => {
    expect(toMarkdown(node)).toBe(markdown);
  });
});

describe('from GitHub to Jira', () => {
  it.each<[string, string, AdfNode[]]>([
    [
      'an alert becomes a panel',
      '> [!CAUTION]\n> Hot',
      [{ type: 'panel', attrs: { panelType: 'error' }, content: [paragraph(words('Hot'))] }],
    ],
    [
      'details become an expand',
      '<details><summary>S <b>x</b></summary>\n\ninside\n\n</details>',
      [{ type: 'expand', attrs: { title: 'S x' }, content: [paragraph(words('inside'))] }],
    ],
    ['a line end is a break, as in issues', 'a\nb', [paragraph(words('a'), { type: 'hardBreak' }, words('b'))]],
    ['a comment vanishes', 'a\n\n<!-- hidden -->\n\nb', [paragraph(words('a')), paragraph(words('b'))]],
    [
      'what cannot stand in a quote parts it',
      '> a\n>\n> # c',
      [
        { type: 'blockquote', content: [paragraph(words('a'))] },
        { type: 'heading', attrs: { level: 1 }, content: [words('c')] },
      ],
    ],
    [
      'code, lists and images stand in a quote',
      '> a\n>\n> ```\n> c\n> ```\n>\n> - d\n>\n> ![e](https://example.org/e.png)',
      [
        {
          type: 'blockquote',
          content: [
            paragraph(words('a')),
            { type: 'codeBlock', content: [words('c')] },
            { type: 'bulletList', content: [item(paragraph(words('d')))] },
            {
              type: 'mediaSingle',
              attrs: { layout: 'center' },
              content: [{ type: 'media', attrs: { type: 'external', url: 'https://example.org/e.png', alt: 'e' } }],
            },
          ],
        },
      ],
    ],
    [
      'code, tasks and a rule stand in a panel',
      '> [!TIP]\n>\n> ---\n>\n> ```\n> c\n> ```\n>\n> - [ ] d',
      [
        {
          type: 'panel',
          attrs: { panelType: 'success' },
          content: [
            { type: 'rule' },
            { type: 'codeBlock', content: [words('c')] },
            {
              type: 'taskList',
              attrs: { localId: '' },
              content: [{ type: 'taskItem', attrs: { localId: '', state: 'TODO' }, content: [words('d')] }],
            },
          ],
        },
      ],
    ],
    [
      'tasks stand in an item',
      '- a\n  - [x] b',
      [
        {
          type: 'bulletList',
          content: [
            item(paragraph(words('a')), {
              type: 'taskList',
              attrs: { localId: '' },
              content: [{ type: 'taskItem', attrs: { localId: '', state: 'DONE' }, content: [words('b')] }],
            }),
          ],
        },
      ],
    ],
    [
      'a task has paragraphs',
      '- [ ] a\n\n  b',
      [
        {
          type: 'taskList',
          attrs: { localId: '' },
          content: [
            {
              type: 'blockTaskItem',
              attrs: { localId: '', state: 'TODO' },
              content: [paragraph(words('a')), paragraph(words('b'))],
            },
          ],
        },
      ],
    ],
    [
      'details stand in details',
      '<details>\n<summary>a</summary>\n\n<details>\n<summary>b</summary>\n\n> c\n\n</details>\n\n</details>',
      [
        {
          type: 'expand',
          attrs: { title: 'a' },
          content: [
            {
              type: 'nestedExpand',
              attrs: { title: 'b' },
              content: [{ type: 'blockquote', content: [paragraph(words('c'))] }],
            },
          ],
        },
      ],
    ],
    ['a list counts from zero', '0. a', [{ type: 'orderedList', attrs: { order: 0 }, content: [item(paragraph(words('a')))] }]],
    [
      'a list goes on counting after what parts it',
      '1. a\n\n   > q\n2. b',
      [
        { type: 'orderedList', content: [item(paragraph(words('a')))] },
        { type: 'blockquote', content: [paragraph(words('q'))] },
        { type: 'orderedList', attrs: { order: 2 }, content: [item(paragraph(words('b')))] },
      ],
    ],
    ['a footnote is readable', 'a[^n]\n\n[^n]: the note', [paragraph(words('a[n]')), paragraph(words('[n] the note'))]],
    [
      'an address is linked',
      'https://example.org',
      [paragraph(words('https://example.org', { type: 'link', attrs: { href: 'https://example.org' } }))],
    ],
    ['a script address is not', '[x](javascript:alert)', [paragraph(words('x'))]],
    ['short names of emoji become Unicode', 'Done :tada:', [paragraph(words('Done 🎉'))]],
    [
      'HTML is read for its content',
      '<p align="center"><b>Hi</b> &amp; bye</p>',
      [paragraph(words('Hi', { type: 'strong' }), words(' & bye'))],
    ],
    [
      'HTML blocks in a heading are parted by blanks',
      '## H <p>a</p><p>b</p>',
      [{ type: 'heading', attrs: { level: 2 }, content: [words('H a b')] }],
    ],
    [
      'HTML blocks in an item are parted by breaks',
      '- x <p>a</p><p>b</p>',
      [{ type: 'bulletList', content: [item(paragraph(words('x'), hardBreak, words('a'), hardBreak, words('b')))] }],
    ],
    ['a mention stays plain text', '@octocat', [paragraph(words('@octocat'))]],
    [
      'an image of the web alone in its paragraph is shown',
      '![x](https://e.org/x.png)',
      [
        {
          type: 'mediaSingle',
          attrs: { layout: 'center' },
          content: [{ type: 'media', attrs: { type: 'external', url: 'https://e.org/x.png', alt: 'x' } }],
        },
      ],
    ],
    [
      'an image of the web in a line is linked',
      'see ![x](https://e.org/x.png)',
      [paragraph(words('see '), words('x', { type: 'link', attrs: { href: 'https://e.org/x.png' } }))],
    ],
  ])('%s', (_name, markdown, content) => {
    expect(toAdf(markdown)).toEqual(content);
  });
});

describe('HTML blocks that stand in a line', () => {
  const cases: [string, string, string[]][] = [
    ['items of a list', 'Options: <ul><li>first</li> <li>second</li></ul> end', ['Options:', '• first', '• second', 'end']],
    ['items of a numbered list', 'So: <ol start="3"><li>a<li>b</ol>', ['So:', '3. a', '4. b']],
    ['paragraphs', 'Text <p>one</p><p>two</p>', ['Text', 'one', 'two']],
    ['paragraphs with a line end between them', 'Text <p>one</p>\n<br><p>two</p>', ['Text', 'one', 'two']],
    ['details', 'before <details><summary>in a line</summary>x</details> after', ['before', 'in a line', 'x', 'after']],
    ['a rule', 'done <hr>x', ['done', 'x']],
    ['rows and cells', 'T: <table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', ['T:', 'a b', 'c']],
  ];

  it.each(cases)('are lines on Jira: %s', (_name, markdown, lines) => {
    expect(toAdf(markdown)).toEqual([linesOf(lines)]);
  });

  it.each(cases)('are lines in a cell, and stay as they are written: %s', (_name, markdown, lines) => {
    const table = `| a |\n| - |\n| ${markdown.replaceAll('\n', '')} |`;
    const [row] = toAdf(table).flatMap((node) => contentOf(node).slice(1));
    expect(row === undefined ? [] : contentOf(row).flatMap(contentOf)).toEqual([linesOf(lines)]);
    const crossed = decodeAdf(doc(...toAdf(table)), adfContext);
    expect(patchMarkdown(table, crossed, markdownContext)).toBe(table);
    expect(encodeAdf(decodeMarkdown(encodeMarkdown(crossed, markdownContext), markdownContext), adfContext)).toEqual(
      doc(...toAdf(table)),
    );
  });
});

describe('keeping what is native', () => {
  it('keeps the Jira panel, its macro and its mention when the GitHub side edits the paragraph above them', () => {
    const kept: AdfNode[] = [
      { type: 'panel', attrs: { panelType: 'custom', panelColor: '#abcdef' }, content: [paragraph(words('P'))] },
      { type: 'extension', attrs: { extensionKey: 'toc', extensionType: 'macro' } },
      paragraph({ type: 'mention', attrs: { id: '1', text: '@Mia' } }, words(' hello')),
    ];
    const native = doc(paragraph(words('old')), ...kept);
    const edited = encodeMarkdown(decodeAdf(native, adfContext), markdownContext).replace('old', 'new');
    const patched = patchAdf(native, decodeMarkdown(edited, markdownContext), adfContext);
    expect(patched.content).toEqual([paragraph(words('new')), ...kept]);
    expect(patched.content.slice(1).every((node, index) => node === kept[index])).toBe(true);
  });

  it('keeps unchanged items, rows and cells while another one changes', () => {
    const emoji = { type: 'emoji', attrs: { shortName: ':smile:', text: '😄', id: 'e' } };
    const items = ['a', 'b', 'c'].map((text) => item(paragraph(words(text), emoji)));
    const rows = [
      {
        type: 'tableRow',
        content: [
          { type: 'tableHeader', attrs: { colwidth: [100] }, content: [paragraph(words('h'))] },
          cell(paragraph(words('i'))),
        ],
      },
      {
        type: 'tableRow',
        content: [
          { type: 'tableHeader', content: [paragraph(words('j'))] },
          { type: 'tableCell', attrs: { background: '#fff' }, content: [paragraph(words('k'))] },
        ],
      },
    ];
    const native = doc({ type: 'bulletList', content: items }, { type: 'table', attrs: { layout: 'wide' }, content: rows });
    const edited = encodeMarkdown(decodeAdf(native, adfContext), markdownContext).replace('- b', '- B').replace('| k', '| K');
    const patched = patchAdf(native, decodeMarkdown(edited, markdownContext), adfContext);
    expect(schemaProblem(patched)).toBeUndefined();
    const [list, table] = patched.content;
    expect(list?.['content']).toEqual([items[0], item(paragraph(words('B'), emoji)), items[2]]);
    expect(table).toEqual({
      type: 'table',
      attrs: { layout: 'wide' },
      content: [
        rows[0],
        {
          type: 'tableRow',
          content: [
            { type: 'tableHeader', content: [paragraph(words('j'))] },
            { type: 'tableCell', attrs: { background: '#fff' }, content: [paragraph(words('K'))] },
          ],
        },
      ],
    });
  });

  it('moves the medium of an origin to the end when the other side removed the image, and then finds nothing changed', () => {
    const native = doc(paragraph(words('a')), image('m1'), paragraph(words('b')));
    const without = decodeMarkdown('a\n\nb', markdownContext);
    const patched = patchAdf(native, without, adfContext);
    expect(patched.content).toEqual([paragraph(words('a')), paragraph(words('b')), image('m1')]);
    expect(canonicalText(decodeAdf(patched, adfContext))).toBe(canonicalText(without));
  });

  it('lets the medium of a copy go', () => {
    const native = doc(paragraph(words('a')), image('m1'), paragraph(words('b')));
    const patched = patchAdf(native, decodeMarkdown('a\n\nb', markdownContext), { ...adfContext, hasToStay: () => false });
    expect(patched.content).toEqual([paragraph(words('a')), paragraph(words('b'))]);
  });

  it('keeps comments, definitions and odd styles on GitHub while a paragraph changes', () => {
    const native = 'Title\n=====\n\n<!-- template: keep -->\n\n* one\n* two [x][r]\n\nold  \nline\n\n[r]: https://example.org\n';
    const document = encodeAdf(decodeMarkdown(native, markdownContext), adfContext);
    const edited = JSON.parse(JSON.stringify(document).replace('"old"', '"new"')) as unknown;
    expect(patchMarkdown(native, decodeAdf(edited, adfContext), markdownContext)).toBe(native.replace('old  \n', 'new\n'));
  });

  it('keeps the other items and rows on GitHub byte for byte', () => {
    const native = '3) one\n3) two *x*\n\n   more\n3) three\n\n| a|b |\n|:-:|---|\n|c | d|\n| e | f |\n';
    const document = encodeAdf(decodeMarkdown(native, markdownContext), adfContext);
    const edited = JSON.parse(JSON.stringify(document).replace('"three"', '"drei"').replace('"c"', '"C"')) as unknown;
    expect(patchMarkdown(native, decodeAdf(edited, adfContext), markdownContext)).toBe(
      native.replace('three', 'drei').replace('|c | d|', '|C | d|'),
    );
  });

  it('keeps the picture and its place when only its caption is edited', () => {
    const picture = (caption: string): AdfNode => ({
      type: 'mediaSingle',
      attrs: { layout: 'wrap-right', width: 50 },
      content: [
        { type: 'media', attrs: { type: 'external', url: 'https://example.org/x.png', width: 7 } },
        { type: 'caption', content: [words(caption)] },
      ],
    });
    const native = { version: 1, type: 'doc', content: [picture('old words')] };
    const there = encodeMarkdown(decodeAdf(native, adfContext), markdownContext);
    const edited = decodeMarkdown(there.replace('old words', 'new words'), markdownContext);
    expect(patchAdf(native, edited, adfContext)).toEqual({ ...native, content: [picture('new words')] });
  });

  it('keeps a footnote a footnote when its text is edited', () => {
    const native = 'See[^a].\n\n[^a]: old note\n';
    const document = encodeAdf(decodeMarkdown(native, markdownContext), adfContext);
    const edited = JSON.parse(JSON.stringify(document).replace('old note', 'new note')) as unknown;
    expect(patchMarkdown(native, decodeAdf(edited, adfContext), markdownContext)).toBe('See[^a].\n\n[^a]: new note\n');
  });
});
