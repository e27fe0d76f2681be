import { describe, expect, it } from 'vitest';
import { decodeAdf, patchAdf } from '../../src/content/adf.ts';
import type { AdfDocument } from '../../src/content/adf-document.ts';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown } from '../../src/content/markdown.ts';
import { schemaProblem } from './adf-schema.ts';
import { adfContext, markdownContext } from './contexts.ts';

const text = (value: string, ...marks: readonly object[]) => ({
  type: 'text',
  text: value,
  ...(marks.length === 0 ? {} : { marks }),
});
const mention = { type: 'mention', attrs: { id: 'u1', text: '@Ann' } };
const status = { type: 'status', attrs: { text: 'DONE', color: 'green', localId: 's' } };
const date = { type: 'date', attrs: { timestamp: '1700000000000' } };
const card = { type: 'inlineCard', attrs: { url: 'https://a.org/b' } };
const emoji = { type: 'emoji', attrs: { shortName: ':smile:', id: '1f604', text: '😄' } };
const red = { type: 'textColor', attrs: { color: '#ff0000' } };
const comment = { type: 'annotation', attrs: { id: 'c1', annotationType: 'inlineComment' } };
const documentOf = (...content: readonly object[]): AdfDocument => ({ type: 'doc', version: 1, content }) as never;

const line = (word: string) => [
  text(`${word} `),
  mention,
  text(', it is '),
  status,
  text(' since '),
  date,
  text(': '),
  card,
  text(' '),
  emoji,
  text(' in '),
  text('red', red),
  text(' and '),
  text('discussed words', comment),
  text('.'),
];

/** The document after somebody has put `to` in the place of `from` on GitHub. */
function editedOnGitHub(native: AdfDocument, from: string, to: string): AdfDocument {
  const before = canonicalText(decodeAdf(native, adfContext));
  expect(before).toContain(from);
  const root = decodeMarkdown(before.replace(from, to), markdownContext);
  const patched = patchAdf(native, root, adfContext);
  expect(canonicalText(decodeAdf(patched, adfContext))).toBe(canonicalText(root));
  expect(schemaProblem(patched)).toBeUndefined();
  return patched;
}

describe('a line of which GitHub changes a word keeps what only Jira shows of the others', () => {
  const cell = (content: readonly object[]) => ({ type: 'tableCell', attrs: {}, content: [{ type: 'paragraph', content }] });
  it.each<readonly [string, (content: readonly object[]) => object]>([
    ['a paragraph', (content) => ({ type: 'paragraph', content })],
    ['a heading', (content) => ({ type: 'heading', attrs: { level: 2 }, content })],
    [
      'a decision',
      (content) => ({
        type: 'decisionList',
        attrs: { localId: 'l' },
        content: [{ type: 'decisionItem', attrs: { localId: 'i', state: 'DECIDED' }, content }],
      }),
    ],
    [
      'a caption',
      (content) => ({
        type: 'mediaSingle',
        attrs: { layout: 'center' },
        content: [
          { type: 'media', attrs: { type: 'external', url: 'https://a.org/x.png' } },
          { type: 'caption', content },
        ],
      }),
    ],
    [
      'an item',
      (content) => ({ type: 'bulletList', content: [{ type: 'listItem', content: [{ type: 'paragraph', content }] }] }),
    ],
    ['a panel', (content) => ({ type: 'panel', attrs: { panelType: 'info' }, content: [{ type: 'paragraph', content }] })],
    [
      'a cell',
      (content) => ({
        type: 'table',
        attrs: {},
        content: [
          { type: 'tableRow', content: [cell([text('a')])] },
          { type: 'tableRow', content: [cell(content)] },
        ],
      }),
    ],
    [
      'a task',
      (content) => ({
        type: 'taskList',
        attrs: { localId: 'l' },
        content: [{ type: 'taskItem', attrs: { localId: 't', state: 'TODO' }, content }],
      }),
    ],
  ])('in %s', (_, block) => {
    const edited = editedOnGitHub(documentOf(block(line('Ask'))), 'Ask', 'Tell');
    expect(edited).toEqual(documentOf(block(line('Tell'))));
  });

  it('but nothing of what GitHub takes out, and nothing for words that come', () => {
    const native = documentOf({
      type: 'paragraph',
      content: [text('Ask '), mention, text(' or '), text('red', red), text(' today.')],
    });
    const gone = editedOnGitHub(native, '**Ann** or ', '');
    expect(gone.content[0]).toEqual({ type: 'paragraph', content: [text('Ask '), text('red', red), text(' today.')] });
    const moved = editedOnGitHub(native, 'Ask **Ann** or red today.', 'The red herring.');
    expect(moved.content[0]).toEqual({ type: 'paragraph', content: [text('The red herring.')] });
    const longer = editedOnGitHub(native, 'red today', 'reduced today');
    expect(longer.content[0]).toEqual({ type: 'paragraph', content: [text('Ask '), mention, text(' or reduced today.')] });
  });
});
