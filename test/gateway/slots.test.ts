import { expect, it } from 'vitest';
import { createSlots } from '../../src/gateway/slots.ts';

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('runs so many at once for each key, the others in the order in which they came', async () => {
  const slots = createSlots(2);
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const run = (key: string, name: string) =>
    slots.run(key, async () => {
      started.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const all = [run('a', '1'), run('a', '2'), run('a', '3'), run('a', '4'), run('b', '5')];
  await settle();
  expect(started).toEqual(['1', '2', '5']);
  ends.get('2')!();
  await all[1];
  await settle();
  expect(started).toEqual(['1', '2', '5', '3']);
  ends.get('1')!();
  ends.get('3')!();
  ends.get('5')!();
  await settle();
  await Promise.all([all[0], all[2], all[4]]);
  expect(started).toEqual(['1', '2', '5', '3', '4']);
  ends.get('4')!();
  await all[3];
});

it('frees the slot of a task that failed', async () => {
  const slots = createSlots(1);
  await expect(slots.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await slots.run('a', async () => 'done')).toBe('done');
});
