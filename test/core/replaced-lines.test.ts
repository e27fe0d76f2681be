import { expect, test } from 'vitest';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown } from '../../src/content/markdown.ts';
import { repairPlainText } from '../../src/core/replaced-lines.ts';
import { markdownContext } from '../content/contexts.ts';

interface Case {
  readonly before: string;
  readonly after: string;
  readonly now: string;
}

function repaired({ before, after, now }: Case): readonly [kind: string, text: string | undefined] {
  const { kind, root } = repairPlainText({ before, after }, decodeMarkdown(now, markdownContext));
  return [kind, root === undefined ? undefined : canonicalText(root)];
}

test.each<readonly [string, Case, string]>([
  ['a line comes', { before: 'A\nB', after: 'A\nB\nC', now: 'A two\n\nB' }, 'A two\n\nB\n\nC'],
  ['a line is replaced', { before: 'A\nB', after: 'A\nC', now: 'A two\n\nB' }, 'A two\n\nC'],
  ['a line goes', { before: 'A\nsecret', after: 'A', now: 'A two\n\nsecret' }, 'A two'],
  ['an item goes', { before: 'A\n* x\n* secret', after: 'A\n* x', now: 'A two\n\n- x\n- secret' }, 'A two\n\n- x'],
  ['all items go', { before: 'A\n* x', after: 'A', now: 'A two\n\n- x' }, 'A two'],
  ['a line comes once more', { before: 'A\nB', after: 'A\nB\nB', now: 'A two\n\nB' }, 'A two\n\nB\n\nB'],
  ['a line goes of two alike', { before: 'A\nB\nB', after: 'A\nB', now: 'A two\n\nB\n\nB' }, 'A two\n\nB'],
  [
    'a line comes whose words are part of another',
    { before: 'A not done yet', after: 'A not done yet\nDone!', now: 'A not done yet, is it' },
    'A not done yet, is it\n\nDone!',
  ],
  [
    'two lines are replaced that stand the other way round now',
    { before: 'X\nY\nA', after: 'N\nA', now: 'Y\n\nX\n\nA' },
    'N\n\nA',
  ],
  ['a line of pictographs comes', { before: 'A', after: 'A\n🎉', now: 'A two' }, 'A two\n\n🎉'],
])('is put back: %s', (_, one, text) => {
  expect(repaired(one)).toEqual(['merged', text]);
});

test.each<readonly [string, Case]>([
  ['what came is there', { before: 'A', after: 'A\nB', now: 'A two\n\nB' }],
  ['what went is not there, and nothing else came', { before: 'A\nB', after: 'A', now: 'A' }],
  ['rows of a table are told as lines', { before: '', after: '|a|b|\n|c|d|', now: '| a | b |\n| - | - |\n| c | d |' }],
])('is kept: %s', (_, one) => {
  expect(repaired(one)).toEqual(['kept', undefined]);
});

test.each<readonly [string, Case, string | undefined]>([
  ['formatting', { before: 'A', after: '*A*', now: 'A two' }, undefined],
  ['a sign', { before: 'limit: -5', after: 'limit: 5', now: 'limit: -5\n\nmore' }, undefined],
  ['the order of lines', { before: 'A\nB', after: 'B\nA', now: 'A two\n\nB' }, undefined],
  ['a line that goes, and that the other side changed', { before: 'A\nB', after: 'B', now: 'A two\n\nB' }, undefined],
  ['all of it, of which the other side changed a part', { before: 'A\nB', after: '', now: 'A two\n\nB' }, 'A two'],
  ['a line that is part of a block', { before: 'A\nsecret', after: 'A', now: 'A two and secret' }, undefined],
  ['a line that shows a file', { before: 'A\nshot', after: 'A', now: 'A two\n\n![shot](attachment:public/1)' }, undefined],
])('is never passed over: %s', (_, one, text) => {
  expect(repaired(one)).toEqual(['partly', text]);
});

test('an edit of thousands of lines is told, not put back, and costs no time', () => {
  const lines = (word: string): string => Array.from({ length: 8_000 }, (_, index) => `${word}${index}`).join('\n');
  const { user } = process.cpuUsage();
  expect(repaired({ before: lines('a'), after: lines('b'), now: 'A two' })).toEqual(['partly', undefined]);
  expect(process.cpuUsage().user - user).toBeLessThan(1_000_000);
});
