import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../src/content/canonical.ts';
import { decodeMarkdown } from '../../src/content/markdown.ts';
import { mergeBlocks } from '../../src/content/merge-blocks.ts';
import type { Neutral } from '../../src/content/neutral.ts';
import { markdownContext } from './contexts.ts';

/** Each side's edit replaces one text by another. */
type Edit = readonly [from: string, to: string];

function merged(base: string, left: Edit, right: Edit): string {
  const read = (...edits: readonly Edit[]) => {
    const text = edits.reduce((before, [from, to]) => before.replace(from, to), base);
    if (edits.length > 0) expect(text).not.toBe(base);
    return decodeMarkdown(text, markdownContext);
  };
  const results = [mergeBlocks(read(), read(left), read(right)), mergeBlocks(read(), read(right), read(left))].map((result) =>
    result === 'collision' ? result : canonicalText(result.merged),
  );
  expect(results[1]).toBe(results[0]);
  if (results[0] !== 'collision') expect(results[0]).toBe(canonicalText(read(left, right)));
  return results[0] ?? '';
}

describe('two edits of one text', () => {
  const items = '- one\n- two\n- three\n- four';
  const tasks = '- [ ] one\n- [ ] two\n  - [ ] below';
  const table = '| a | b |\n| - | - |\n| c | d |\n| e | f |';
  const alert = '> [!NOTE]\n> one\n>\n> two';
  const details = '<details>\n<summary>s</summary>\n\none\n\n- two\n- three\n\n</details>';
  const grid = '<table><tr><td><ul><li>a</li></ul></td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>';

  it.each<readonly [string, string, Edit, Edit]>([
    ['different items', items, ['one', 'eins'], ['three', 'drei']],
    ['neighbouring items', items, ['one', 'eins'], ['two', 'zwei']],
    ['an item, and one that comes', items, ['one', 'eins'], ['- four', '- four\n- five']],
    ['an item, and one that goes', items, ['one', 'eins'], ['- three\n', '']],
    ['an item, and a block after the list', items, ['one', 'eins'], ['- four', '- four\n\nend']],
    ['a box, and words of its task', tasks, ['[ ] two', '[x] two'], ['] two', '] zwei']],
    ['tasks of different depth', tasks, ['one', 'eins'], ['below', 'unten']],
    ['cells of one row', table, ['c', 'C'], ['| d', '| D']],
    ['cells of different rows', table, ['c', 'C'], ['f', 'F']],
    ['a cell, and a row that comes', table, ['c', 'C'], ['| e | f |', '| e | f |\n| g | h |']],
    ['paragraphs of an alert', alert, ['one', 'eins'], ['two', 'zwei']],
    ['the kind of an alert, and words in it', alert, ['NOTE', 'TIP'], ['two', 'zwei']],
    ['the title of details, and an item in them', details, ['>s<', '>t<'], ['three', 'drei']],
    ['items in details', details, ['- two', '- zwei'], ['three', 'drei']],
    ['paragraphs of a quote', '> one\n>\n> two', ['one', 'eins'], ['two', 'zwei']],
    ['cells with blocks', grid, ['>a<', '>A<'], ['>d<', '>D<']],
  ])('fit each other: %s', (_name, base, left, right) => {
    expect(merged(base, left, right)).not.toBe('collision');
  });

  it.each<readonly [string, string, Edit, Edit]>([
    ['one item', items, ['one', 'eins'], ['one', 'uno']],
    ['one cell', table, ['c', 'C'], ['c', 'see']],
    ['an item that goes', items, ['- one\n', ''], ['one', 'eins']],
    ['the kind of an alert', alert, ['NOTE', 'TIP'], ['NOTE', 'WARNING']],
    ['a list that goes', `a\n\n${items}`, [`\n\n${items}`, ''], ['two', 'zwei']],
    ['items that come in one place', items, ['- four', '- four\n- five'], ['- four', '- four\n- six']],
  ])('collide: %s', (_name, base, left, right) => {
    expect(merged(base, left, right)).toBe('collision');
  });

  const rows = (...lines: string[]) => [lines[0], (lines[0] ?? '').replaceAll(/\w+/g, '---'), ...lines.slice(1)].join('\n');
  const base = rows('| a | b | c |', '| alpha | beta | gamma |', '| delta | epsilon | zeta |');

  it.each<readonly [string, string, string, string]>([
    [
      'a column that comes, and a cell',
      rows('| a | new | b | c |', '| alpha | fresh | beta | gamma |', '| delta | | epsilon | zeta |'),
      base.replace('beta', 'BETA'),
      rows('| a | new | b | c |', '| alpha | fresh | BETA | gamma |', '| delta | | epsilon | zeta |'),
    ],
    [
      'a column that comes at the end, and a row',
      rows('| a | b | c | new |', '| alpha | beta | gamma | |', '| delta | epsilon | zeta | fresh |'),
      `${base}\n| eta | theta | |`,
      rows('| a | b | c | new |', '| alpha | beta | gamma | |', '| delta | epsilon | zeta | fresh |', '| eta | theta | | |'),
    ],
    [
      'a column that goes, and a cell of another one',
      rows('| a | c |', '| alpha | gamma |', '| delta | zeta |'),
      base.replace('zeta', 'ZETA'),
      rows('| a | c |', '| alpha | gamma |', '| delta | ZETA |'),
    ],
    [
      'a cell of a column that goes',
      rows('| a | c |', '| alpha | gamma |', '| delta | zeta |'),
      base.replace('beta', 'BETA'),
      '',
    ],
    [
      'different columns that come',
      rows('| a | b | c | new |', '| alpha | beta | gamma | x |', '| delta | epsilon | zeta | |'),
      rows('| a | b | c | other |', '| alpha | beta | gamma | y |', '| delta | epsilon | zeta | |'),
      '',
    ],
  ])('fit each other or collide: %s', (_name, left, right, expected) => {
    const [was, ours, theirs] = [base, left, right].map((text) => decodeMarkdown(text, markdownContext));
    if (was === undefined || ours === undefined || theirs === undefined) throw new Error('three texts');
    for (const result of [mergeBlocks(was, ours, theirs), mergeBlocks(was, theirs, ours)])
      expect(result === 'collision' ? '' : canonicalText(result.merged)).toBe(
        expected === '' ? '' : canonicalText(decodeMarkdown(expected, markdownContext)),
      );
  });

  const textOf = (blocks: readonly string[]) =>
    decodeMarkdown(blocks.map((block) => `Block ${block}.`).join('\n\n'), markdownContext);

  /** Where it has reached either side alone, it is merged with the other side's text again. */
  const expectToStand = ([was, ours, theirs]: readonly [Neutral, Neutral, Neutral], merged: Neutral): void => {
    for (const again of [mergeBlocks(was, merged, theirs), mergeBlocks(was, ours, merged)])
      expect(again === 'collision' ? again : canonicalText(again.merged)).toBe(canonicalText(merged));
  };

  it.each<readonly [string, string, string, string]>([
    ['a block, and one after it', 'a', 'b', 'a x'],
    ['a block, and one before it', 'a', 'b', 'x a'],
    ['a block, and two around it', 'a', 'b', 'x a y'],
    ['a block, and one between it and the next', 'a c', 'b c', 'a x c'],
    ['blocks far from each other', 'a c d', 'b c x d', 'a y c d'],
  ])('stand where one of them has reached the other side alone: %s', (_name, base, left, right) => {
    const [was, ours, theirs] = [base, left, right].map((blocks) => textOf(blocks.split(' ')));
    if (was === undefined || ours === undefined || theirs === undefined) throw new Error('three texts');
    const first = mergeBlocks(was, ours, theirs);
    if (first === 'collision') throw new Error('they fit each other');
    expectToStand([was, ours, theirs], first.merged);
  });

  it('give a text that merged again comes to itself, or collide', () => {
    const blocks = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 5 });
    let merges = 0;
    fc.assert(
      fc.property(blocks, blocks, blocks, (base, left, right) => {
        const [was, ours, theirs] = [textOf(base), textOf(left), textOf(right)];
        const first = mergeBlocks(was, ours, theirs);
        if (first === 'collision') return;
        merges += 1;
        expectToStand([was, ours, theirs], first.merged);
      }),
      { numRuns: 2_000 },
    );
    expect(merges).toBeGreaterThan(100);
  });

  it('collide rather than bring back what one side took out: what came alike on both is not what became of it', () => {
    const [was, ours, theirs] = [textOf(['a']), textOf(['n', 'a', 'f']), textOf(['f'])];
    expect(mergeBlocks(was, ours, theirs)).toBe('collision');
    expect(mergeBlocks(was, theirs, ours)).toBe('collision');
  });

  it.each([
    ['A\n\nB\n\nC\n\nD', 'C\n\nA\n\nB\n\nD', 'A\n\nC\n\nB\n\nD'],
    ['- a\n- b\n- c\n- d', '- d\n- a\n- b\n- c', '- a\n- d\n- b\n- c'],
    ['|h|\n|-|\n|1|\n|2|\n|3|', '|h|\n|-|\n|3|\n|1|\n|2|', '|h|\n|-|\n|1|\n|3|\n|2|'],
  ])('collide rather than have twice what both moved: %j', (...versions) => {
    const [was, ours, theirs] = versions.map((text) => decodeMarkdown(text, markdownContext));
    if (was === undefined || ours === undefined || theirs === undefined) throw new Error('three texts');
    expect(mergeBlocks(was, ours, theirs)).toBe('collision');
    expect(mergeBlocks(was, theirs, ours)).toBe('collision');
  });

  it('keep what both sides have and what one put in, and nothing that one took out, or collide', () => {
    const blocks = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 5 });
    let merges = 0;
    fc.assert(
      fc.property(blocks, blocks, blocks, (base, left, right) => {
        const result = mergeBlocks(textOf(base), textOf(left), textOf(right));
        if (result === 'collision') return;
        merges += 1;
        const has = (name: string): boolean => canonicalText(result.merged).includes(`Block ${name}.`);
        for (const name of new Set([...base, ...left, ...right])) {
          const isWanted = base.includes(name) ? left.includes(name) && right.includes(name) : true;
          expect([name, has(name)]).toEqual([name, isWanted]);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(merges).toBeGreaterThan(100);
  });

  const rules = 'a\n\n---\n\nb\n\n---\n\nc\n\n---\n\nd\n\n---\n\ne';
  const changes = '# 1\n\n## Bug Fixes\n\nb\n\n# 2\n\n## Bug Fixes\n\nc\n\n# 3\n\nd';
  const equalRows = '| a | b |\n| - | - |\n| x | ok |\n| y | - |\n| x | ok |\n| z | 1 |\n| w | 2 |';
  const bumps = '# 3\n\n- fix\n\n# 2\n\n- Bump deps\n\n# 1\n\n- Bump deps\n\nend';

  it.each<readonly [string, string, Edit, Edit]>([
    ['rules', rules, ['d\n\n---\n\n', ''], ['---', '---\n\nnew\n\n---']],
    ['rules at both ends', rules, ['a\n\n---\n\n', ''], ['d', 'new\n\n---\n\nd']],
    ['headings', changes, ['## Bug Fixes\n\nc', 'c'], ['# 1', '# 0\n\n## Bug Fixes\n\nz\n\n# 1']],
    ['rows', equalRows, ['| x | ok |\n| z', '| z'], ['| x | ok |', '| x | ok |\n| x | ok |']],
    ['lists', bumps, ['- Bump deps\n\nend', 'end'], ['# 3', '# 4\n\n- Bump deps\n\n# 3']],
  ])(
    'fit each other where one takes out, far away, what reads like that which the other adds: %s',
    (_name, text, left, right) => {
      expect(merged(text, left, right)).not.toBe('collision');
    },
  );

  it.each<readonly [string, string, string, string]>([
    ['the edit of a neighbour', 'a - b - c', 'x - n - b - c', 'a - n - b - c'],
    ['an edit far from it', 'a - b - c', 'a - n - b - x', 'a - n - b - c'],
  ])('have once what both added among equal blocks, beside %s', (_name, base, left, right) => {
    const [was, ours, theirs] = [base, left, right].map((blocks) => textOf(blocks.split(' ')));
    if (was === undefined || ours === undefined || theirs === undefined) throw new Error('three texts');
    for (const result of [mergeBlocks(was, ours, theirs), mergeBlocks(was, theirs, ours)])
      expect(result === 'collision' ? result : canonicalText(result.merged)).toBe(canonicalText(ours));
  });

  it('come to what applying both gives, wherever a block that stands there once is between them', () => {
    const equal = ['a', 'b', '-'] as const;
    const someOf = (...names: string[]) => fc.array(fc.constantFrom(...equal, ...names), { maxLength: 3 });
    const nothing = fc.constant<string[]>([]);
    const change = fc.oneof(
      fc.record({ gone: fc.constantFrom(...equal, 'single').map((block) => [block]), come: fc.constant(['new']) }),
      fc.record({ gone: someOf('single'), come: nothing }),
      fc.record({ gone: nothing, come: someOf('new') }),
    );
    const edit = fc.record({ before: someOf('single'), change, after: someOf('single') });
    let merges = 0;
    fc.assert(
      fc.property(edit, edit, (one, other) => {
        const numbered = (blocks: readonly string[], tag: string) =>
          blocks.map((block, index) => (block === 'single' || block === 'new' ? `${block} ${tag}${index}` : block));
        const part = ({ before, change: { gone, come }, after }: typeof one, tag: string) => {
          const [start, end] = [numbered(before, `${tag} before `), numbered(after, `${tag} after `)];
          return [
            [...start, ...numbered(gone, `${tag} `), ...end],
            [...start, ...numbered(come, `${tag} `), ...end],
          ] as const;
        };
        const [[was, is], [otherWas, otherIs]] = [part(one, 'one'), part(other, 'other')];
        const whole = (first: readonly string[], second: readonly string[]) => [...first, 'between', ...second];
        const [base, both] = [whole(was, otherWas), whole(is, otherIs)];
        const sides = [whole(is, otherWas), whole(was, otherIs)] as const;
        // What one side has none of any more does not come back, also where the other adds it elsewhere.
        const isTaken = base.some((block) => both.includes(block) && sides.some((side) => !side.includes(block)));
        for (const [left, right] of [sides, sides.toReversed()]) {
          if (left === undefined || right === undefined) throw new Error('two sides');
          const result = mergeBlocks(textOf(base), textOf(left), textOf(right));
          if (isTaken && result === 'collision') continue;
          expect(result === 'collision' ? result : canonicalText(result.merged)).toBe(canonicalText(textOf(both)));
          merges += 1;
        }
      }),
      { numRuns: 1_000 },
    );
    expect(merges).toBeGreaterThan(500);
  });
});
