import { expect, test } from 'vitest';
import { rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const title = `Teh plan ${'x'.repeat(256 - 13)}1234`;

/** Its copy on Jira, which takes 255 characters. */
function copyOf(world: World): { readonly key: string; readonly summary: string } {
  const [copy] = world.jira.people.issues();
  if (copy === undefined) throw new Error('there is no copy');
  return copy;
}

test('a later edit of a cut summary copy does not cut an origin that changed, too', async () => {
  const world = createWorld();
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: title, text: 'Text' });
  await rounds(world, 1);
  const { key, summary } = copyOf(world);
  world.there.edit(id, { as: 'dana', summary: title.replace('plan', 'play') });
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: summary.replace('Teh', 'The') });
  const told = await rounds(world, 3);
  expect(told.filter((line) => line.startsWith('conflict'))).toHaveLength(1);
  expect(world.there.summary(id)).not.toContain('…');
  expect(world.there.summary(id)).toMatch(/1234$/);
});

test('a second edit of a cut summary copy, while the copy waits for its new cut, does not cut the origin', async () => {
  let isDown = false;
  const world = createWorld({
    jira: {
      faults: ({ method, url }) =>
        isDown && method === 'PUT' && /\/rest\/api\/3\/issue\/\d+$/.test(new URL(url).pathname)
          ? { kind: 'status', status: 503 }
          : undefined,
    },
  });
  await world.connect();
  const id = world.there.create({ as: 'dana', summary: title, text: 'Text' });
  await rounds(world, 1);
  const { key, summary } = copyOf(world);
  isDown = true;
  world.jira.people.editIssue(key, { as: world.people.ann, summary: summary.replace('Teh ', '') });
  await rounds(world, 1);
  expect(world.there.summary(id)).toBe(title.slice(4));
  world.jira.people.editIssue(key, { as: world.people.ann, summary: summary.replace('Teh ', 'A ') });
  isDown = false;
  world.clock.advance(6 * 60 * minuteMs);
  await rounds(world, 3);
  expect(world.there.summary(id)).not.toContain('…');
  expect(world.there.summary(id)).toMatch(/1234$/);
});
