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

test('an edit of formatting alone was replaced where what was told differs, though the words read of it are the same', () => {
  const one = { kind: 'description', at: 0, before: 'a', after: 'a', form: 'plain' } as const;
  const history: readonly PastEdit[] = [
    { ...one, byConnection: false, told: '*a*' },
    { ...one, byConnection: true, told: 'a' },
  ];
  expect(replacedEdits(history, unseen)).toHaveLength(1);
  expect(replacedEdits([{ ...one, byConnection: false, told: 'a' }, history[1]!], unseen)).toEqual([]);
});

test.each([
  ['its words', 'Log\nall of it (x)', undefined, true],
  ['its words without a title', 'all of it (x)', undefined, true],
  ['a sign for an emoji of Jira', 'all of it (/)', undefined, true],
  ['other words', 'all of that', undefined, false],
  ['other words, read of its own', 'of it', 'all of it :cross_mark:', true],
])('a text with a title is known in a history that tells %s', (_name, after, told, isKnown) => {
  const words = (value: string): Neutral['children'][number] => ({ type: 'paragraph', children: [{ type: 'text', value }] });
  const root: Neutral = {
    type: 'root',
    children: [{ type: 'details', summary: 'Log', children: [words('all of it :cross_mark:')] }],
  };
  const past = { after, form: 'plain', ...(told !== undefined && { told }) } as const;
  expect(saysThat({ native: '', root }, past)).toBe(isKnown);
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
