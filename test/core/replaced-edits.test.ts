import { expect, test } from 'vitest';
import { attachmentUrl, type Neutral } from '../../src/content/neutral.ts';
import type { PastEdit } from '../../src/core/model.ts';
import { replacedEdits, saysThat } from '../../src/core/replaced-edits.ts';

/** Edits of one description, one after the other, by a person (`p`) or the connection (`c`). */
function historyOf(first: string, ...edits: readonly (readonly ['p' | 'c', string])[]): readonly PastEdit[] {
  let before = first;
  return edits.map(([who, after], index) => {
    const edit: PastEdit = { kind: 'description', at: index * 1_000, byConnection: who === 'c', before, after, form: 'plain' };
    before = after;
    return edit;
  });
}

const unseen = () => false;

test.each([
  ['that the write shows', historyOf('a\nb', ['p', 'a\nx'], ['p', 'a\ny'], ['c', 'n\nx']), 'a\nx'],
  ['that only took out what the write lacks, too', historyOf('a\nb', ['p', 'a'], ['p', 'z'], ['c', 'a']), 'a'],
  [
    'of which the write shows nothing, whatever else it lacks',
    historyOf('a\nb', ['p', 'a\nx\nb'], ['p', 'a\nx'], ['c', 'a']),
    'a\nb',
  ],
  ['of which the write shows nothing', historyOf('a\nb', ['p', 'a\nx'], ['p', 'a\ny'], ['c', 'n\nb']), 'a\nb'],
  ['that took out what the write has', historyOf('a\nb', ['p', 'a'], ['p', 'z'], ['c', 'n\na\nb']), 'a\nb'],
])('a replaced row of edits begins behind an edit %s', (_name, history, before) => {
  expect(replacedEdits(history, unseen)).toMatchObject([{ edit: { before, after: history.at(-2)?.after }, isLast: true }]);
});

test('an edit that the write shows as a whole was not replaced', () => {
  expect(replacedEdits(historyOf('b', ['p', 'x\nb'], ['c', 'x\nn']), unseen)).toEqual([]);
  expect(replacedEdits(historyOf('b', ['p', 'x\ny\nb'], ['c', 'x\nn']), unseen)).toHaveLength(1);
});

test('an edit that took lines out was replaced where the write has other lines, which may be what became of these', () => {
  expect(replacedEdits(historyOf('a', ['p', ''], ['c', 'n']), unseen)).toHaveLength(1);
  expect(replacedEdits(historyOf('a\nb', ['p', 'a'], ['c', 'a']), unseen)).toEqual([]);
});

test('an edit in one step begins at what it changed', () => {
  expect(replacedEdits(historyOf('a\nb', ['p', 'a\nx'], ['c', 'n\nb']), unseen)).toMatchObject([
    { edit: { before: 'a\nb', after: 'a\nx' } },
  ]);
});

test.each([
  ['leaves its images out', 'Block one.\n', true],
  ['shows them as wiki markup', 'Block one.\n\n!plan.png|width=200,alt="plan.png"!\n[^list.txt]', true],
  ['says something else', 'Block two.\n\n!plan.png|thumbnail!\n', false],
  ['says more', 'Block one. plan.png\n', false],
])('a text with images is known in a history that %s', (_name, after, isKnown) => {
  const children: Neutral['children'] = [
    { type: 'paragraph', children: [{ type: 'text', value: 'Block one.' }] },
    { type: 'paragraph', children: [{ type: 'image', url: 'https://example.org/plan.png', alt: 'plan.png' }] },
    {
      type: 'paragraph',
      children: [{ type: 'link', url: attachmentUrl('public', '1'), children: [{ type: 'text', value: 'list.txt' }] }],
    },
  ];
  expect(saysThat({ native: '', root: { type: 'root', children } }, { after, form: 'plain' })).toBe(isKnown);
});
