import { expect, it } from 'vitest';
import { valueChange } from '../../src/core/value-change.ts';

it('shows a short value whole, before and after', () => {
  expect(valueChange('summary', 'Login fails', 'Login fails at noon')).toEqual({
    field: 'summary',
    before: ['Login fails'],
    after: ['Login fails at noon'],
  });
});

it('shows the lines that differ, not those around them', () => {
  const lines = Array.from({ length: 40 }, (_, index) => `Step ${index}`);
  const changed = lines.with(30, 'Step thirty');
  expect(valueChange('description', lines.join('\n\n'), changed.join('\n\n'))).toEqual({
    field: 'description',
    before: ['Step 30'],
    after: ['Step thirty'],
  });
  expect(valueChange('description', lines.join('\n\n'), [...lines, 'One more'].join('\n\n'))).toMatchObject({
    before: [],
    after: ['One more'],
  });
});

it('shows the end of a long line where only that changed', () => {
  const long = 'A sentence that goes on and on. '.repeat(100);
  const change = valueChange('description', `${long}It ends here.`, `${long}It ends there.`);
  expect(change?.before).toEqual([expect.stringMatching(/^….{0,80}It ends here\.$/)]);
  expect(change?.after).toEqual([expect.stringMatching(/^….{0,80}It ends there\.$/)]);
});

it('bounds what it shows of any value', () => {
  const change = valueChange('comment', undefined, `${'word '.repeat(20_000)}\n${'x\n'.repeat(1000)}`);
  expect(change?.before).toEqual([]);
  expect(change?.after).toHaveLength(9);
  expect(change?.after.at(-1)).toBe('…');
  for (const line of change?.after ?? []) expect(line.length).toBeLessThanOrEqual(240);
});

it('cuts no word, so that no half of a secret is left over that nothing would recognise', () => {
  const secret = 's3cret-'.repeat(20);
  const filler = 'abc '.repeat(50);
  const change = valueChange('comment', undefined, `${filler}${secret} and more ${'z '.repeat(100)}`);
  expect(change?.after.join('')).not.toContain('s3cret');
  const long = 'abc '.repeat(100);
  const turned = valueChange('comment', `${long}${secret}ab${'z '.repeat(200)}`, `${long}${secret}cd${'z '.repeat(200)}`);
  expect(turned?.after.join('')).not.toContain('s3cret');
});

it('tells nothing where nothing differs that can be shown', () => {
  expect(valueChange('description', 'a\n\nb', 'a\n\n\nb\n')).toBeUndefined();
  expect(valueChange('description', undefined, '')).toBeUndefined();
});
