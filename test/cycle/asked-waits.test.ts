import { expect, test } from 'vitest';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;

test.each(['push', 'retry'])(
  'an issue asked for by %s is taken up although the state is lost before it could be',
  async (operation) => {
    let isOut = true;
    const world = createWorld({
      github: {
        faults: ({ method, url }) =>
          isOut && method === 'POST' && new URL(url).pathname.endsWith('/issues') ? { kind: 'status', status: 502 } : undefined,
      },
    });
    await world.connect();
    await rounds(world, 1);
    const isPushed = operation === 'push';
    const labels = isPushed ? [] : ['sync'];
    const { key } = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Asked for', labels });
    if (!isPushed) {
      await rounds(world, 1);
      world.jira.people.removeLabel(key, 'sync', world.people.ann);
    }
    // A create without an answer may still arrive for some minutes.
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle({ operation, issues: key });
    expect(result.failures).toHaveLength(1);
    isOut = false;
    world.states.clear();
    await rounds(world, 1);
    expect(world.there.ids().map((id) => world.there.summary(id))).toEqual(['Asked for']);
  },
);

test('an issue whose label is taken off before it could be copied is not copied', async () => {
  const world = createWorld();
  const { key } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 1);
  world.jira.people.editIssue(key, { as: world.people.ann, summary: 'Edited' });
  let number = 0;
  // While the cycle runs, so that it stands on the list of things to be looked at next.
  world.onRequest = (_, { method, url }) => {
    if (number > 0 || method !== 'PATCH' || !/\/issues\/\d+$/.test(new URL(url).pathname)) return;
    ({ number } = world.github.createIssue({
      repository: world.repository,
      as: 'dana',
      title: 'By mistake',
      labels: ['sync'],
      body: 'Secret',
    }));
  };
  await rounds(world, 1);
  expect(number).toBeGreaterThan(0);
  world.github.setLabels({ repository: world.repository, number, as: 'dana', labels: [] });
  await rounds(world, 3);
  expect(world.jira.people.issues().map(({ summary }) => summary)).toEqual(['Edited']);
  world.github.setLabels({ repository: world.repository, number, as: 'dana', labels: ['sync'] });
  await rounds(world, 1);
  expect(world.jira.people.issues().map(({ summary }) => summary)).toContain('By mistake');
});
