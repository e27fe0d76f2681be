import { expect, onTestFinished, test } from 'vitest';
import { createPlayground } from '../../src/operations/playground.ts';
import type { Playground } from '../../src/operations/playground.ts';

async function settled(): Promise<Playground> {
  const playground = await createPlayground();
  onTestFinished(() => playground.close());
  await playground.run([]);
  return playground;
}

const copies = (playground: Playground, text: string): readonly string[] =>
  playground
    .pairs()
    .flatMap((pair) => [pair.public, pair.private, ...pair.doubles])
    .flatMap((issue) => issue?.comments.filter((comment) => comment.text.includes(text)).map(() => issue.side) ?? []);

test('a runner that has a single thing to write is killed as well, and the next one doubles nothing', async () => {
  const playground = await settled();
  playground.act('public', { kind: 'comment', issue: 'ACME-1', text: 'Only this' });
  const killed = await playground.run(['killed-runner']);
  expect(killed.end).toEqual({ kind: 'killed', after: undefined });
  expect(copies(playground, 'Only this')).toHaveLength(2);
  expect((await playground.run([])).end.kind).toBe('done');
  expect(copies(playground, 'Only this')).toHaveLength(2);
});

test('a runner that has nothing to write is killed, too, and the next one goes on', async () => {
  const playground = await settled();
  expect((await playground.run(['killed-runner'])).end).toEqual({ kind: 'killed', after: undefined });
  expect((await playground.run([])).end.kind).toBe('done');
});

test('a runner that has much to write is killed in the middle of it', async () => {
  const playground = await createPlayground();
  onTestFinished(() => playground.close());
  expect((await playground.run(['killed-runner'])).end).toMatchObject({
    kind: 'killed',
    after: expect.stringMatching(/^POST \//),
  });
});
