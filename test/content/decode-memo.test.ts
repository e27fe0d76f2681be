import { expect, test } from 'vitest';
import { decodeMemo } from '../../src/content/decode-memo.ts';
import type { Neutral } from '../../src/content/neutral.ts';

const tree = (value: string): Neutral => ({ type: 'root', children: [{ type: 'code', value }] });

interface Context {
  readonly attachmentId: (name: string) => string | undefined;
}

/** Decodes by asking for one file; counts how often. */
function counting() {
  const memo = decodeMemo();
  let times = 0;
  const decoded = (native: string, context: Context): Neutral =>
    memo(native, context, ({ attachmentId }) => {
      times += 1;
      return tree(`${native} ${attachmentId('plan.png') ?? 'without a plan'}`);
    });
  return { decoded, times: () => times };
}

test('a text is decoded once, and its tree is the same one', () => {
  const { decoded, times } = counting();
  const first = decoded('A', { attachmentId: () => '1' });
  expect(decoded('A', { attachmentId: () => '1' })).toBe(first);
  expect(times()).toBe(1);
});

test('a text is decoded again where what it asked for has another answer', () => {
  const { decoded, times } = counting();
  decoded('A', { attachmentId: () => undefined });
  expect(decoded('A', { attachmentId: (name) => (name === 'plan.png' ? '2' : undefined) })).toEqual(tree('A 2'));
  expect(decoded('A', { attachmentId: (name) => (name === 'plan.png' ? '2' : '7') })).toEqual(tree('A 2'));
  expect(times()).toBe(2);
});

test('long texts are not remembered, and of many the ones used longest ago are forgotten', () => {
  const { decoded, times } = counting();
  const context = { attachmentId: () => undefined };
  const long = 'x'.repeat(20_000);
  decoded(long, context);
  decoded(long, context);
  expect(times()).toBe(2);
  const name = (index: number): string => String(index).padEnd(10_000, '.');
  for (let index = 0; index < 150; index += 1) {
    decoded(name(index), context);
    decoded(name(0), context);
  }
  const before = times();
  decoded(name(0), context);
  decoded(name(149), context);
  expect(times()).toBe(before);
  decoded(name(1), context);
  expect(times()).toBe(before + 1);
});
