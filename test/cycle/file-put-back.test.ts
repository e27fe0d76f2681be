import { expect, test } from 'vitest';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

for (const where of ['description', 'comment'] as const)
  for (const kind of ['file', 'image'] as const)
    test(`a file (${kind}) that is taken out of a ${where} on GitHub and put back an hour later is on Jira again`, async () => {
      const world = createWorld();
      await world.connect();
      const { repository } = world;
      const url = world.github.uploadAsset({ as: 'dana', name: 'plan.png', bytes: Buffer.from('plan'), kind, repository });
      const text = `First.\n\n${kind === 'image' ? '!' : ''}[plan.png](${url})\n\nLast.`;
      const id = world.there.create({ as: 'dana', summary: 'Title', text: where === 'description' ? text : 'Text' });
      const comment = where === 'comment' ? world.there.addComment(id, { as: 'dana', text }) : '';
      const edit = (to: string) =>
        where === 'description'
          ? world.there.edit(id, { as: 'dana', text: to })
          : world.there.editComment(id, { id: comment, as: 'dana', text: to });
      await rounds(world, 2);
      const files = () => world.jira.people.issues()[0]?.attachments.map(({ name }) => name);
      expect(files()).toEqual(['plan.png']);
      edit('First.\n\nLast.');
      await rounds(world, 3);
      expect(files()).toEqual([]);
      edit(text);
      await rounds(world, 4, { audit: 'full' });
      expect(files()).toEqual(['plan.png']);
    });

test('a file that is moved from a description on GitHub into a comment, with a cycle between, is on Jira', async () => {
  const world = createWorld();
  await world.connect();
  const { repository } = world;
  const url = world.github.uploadAsset({ as: 'dana', name: 'plan.png', bytes: Buffer.from('plan'), kind: 'image', repository });
  const id = world.there.create({ as: 'dana', summary: 'Title', text: `First.\n\n![plan.png](${url})\n\nLast.` });
  await rounds(world, 2);
  const files = () => world.jira.people.issues()[0]?.attachments.map(({ name }) => name);
  expect(files()).toEqual(['plan.png']);
  world.there.edit(id, { as: 'dana', text: 'First.\n\nLast.' });
  world.clock.advance(minuteMs);
  await world.cycle();
  expect.soft(files(), 'removed at once, seen absent once').toEqual(['plan.png']);
  world.clock.advance(minuteMs);
  world.there.addComment(id, { as: 'dana', text: `Here:\n\n![plan.png](${url})\n\nSo.` });
  await rounds(world, 4, { audit: 'full' });
  expect(files()).toEqual(['plan.png']);
});

test('a file that is put back right before its copy is removed keeps its copy', async () => {
  const world = createWorld();
  await world.connect();
  const { repository } = world;
  const url = world.github.uploadAsset({ as: 'dana', name: 'plan.png', bytes: Buffer.from('plan'), kind: 'image', repository });
  const text = `First.\n\n![plan.png](${url})\n\nLast.`;
  const id = world.there.create({ as: 'dana', summary: 'Title', text });
  await rounds(world, 2);
  const files = () => world.jira.people.issues()[0]?.attachments.map(({ id: file }) => file);
  const before = files();
  expect(before).toHaveLength(1);
  world.there.edit(id, { as: 'dana', text: 'First.\n\nLast.' });
  await rounds(world, 1);
  let isRead = false;
  let isPut = false;
  // After the cycle's reading of the issue, and before the removal: minutes apart where much is to be done.
  world.onRequest = (_, { method, url: at }) => {
    if (method === 'GET' && at.endsWith('/repos/acme/app/issues/1')) isRead = true;
    else if (isRead && !isPut) {
      isPut = true;
      world.there.edit(id, { as: 'dana', text });
    }
  };
  const told = await rounds(world, 1);
  expect(isPut).toBe(true);
  world.onRequest = undefined;
  told.push(...(await rounds(world, 3)));
  expect(told).not.toContain('public attachment plan.png removed');
  expect(files()).toEqual(before);
});
