import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawn, play } from './lost-words.ts';
import type { Change, Step } from './lost-words.ts';

const step = (by: Step['by'], kind: Change['kind'], unread = 0): Step => ({
  by,
  change: { kind, place: 0 },
  unread,
  seconds: 10,
});

test('whatever people and writes make of a text between them, each word is as people left it, or its loss is told', () => {
  fc.assert(
    fc.property(drawn, (one) => {
      const { losses, lines } = play(one);
      expect(losses, lines.join('\n')).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});

test.each<readonly [string, readonly Step[]]>([
  [
    'that makes the text what an earlier write of the same run had been planned on',
    [step('connection', 'insert'), step('person', 'remove'), step('connection', 'word', 1)],
  ],
  ['that clears what the write has other words for', [step('person', 'clear'), step('connection', 'word', 1)]],
  [
    'of a row whose last edit says what stood already',
    [step('person', 'remove'), step('person', 'nothing'), step('connection', 'word', 2)],
  ],
  [
    'that puts back, after the write, what an edit before it had replaced',
    [step('person', 'word'), step('connection', 'word', 1), { ...step('person', 'again'), change: { kind: 'again', place: 1 } }],
  ],
  [
    'that puts back, after the write, what an edit before it had added, and moves it',
    [
      step('person', 'insert'),
      step('connection', 'nothing', 1),
      { ...step('person', 'again'), change: { kind: 'again', place: 0 } },
      step('person', 'move'),
    ],
  ],
])('no write passes over an edit %s', (_name, steps) => {
  const history = { blocks: 1, steps, dead: 0, isLater: false, meeting: [] };
  for (const form of ['native', 'plain'] as const) expect(play({ ...history, form }).losses).toEqual([]);
});
