import { expect, test } from 'vitest';
import { rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const byAccount = {
  'jira-url': 'https://acme.atlassian.net',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
};
const configure = (world: World, trigger: string) => world.run({ operation: 'configure', ...byAccount, trigger });

test.each([false, true])(
  'an issue of GitHub that waits for the next cycle is taken up, whatever Jira’s trigger becomes meanwhile (configured %s)',
  async (isConfigured) => {
    const world = createWorld();
    await world.connect();
    await rounds(world, 2);
    world.clock.advance(minuteMs);
    world.github.createIssue({ repository: world.repository, as: 'dana', title: 'Waits', labels: ['sync'], body: 'Text' });
    world.clock.advance(minuteMs);
    if (isConfigured) await configure(world, 'labels = sync OR labels = other');
    await rounds(world, 5);
    expect(world.jira.people.issues().map(({ summary }) => summary)).toEqual(['Waits']);
  },
);

test.each([false, true])(
  'an issue of Jira that matches both triggers and waits for the next cycle is taken up (configured %s)',
  async (isConfigured) => {
    const world = createWorld();
    await world.connect();
    await rounds(world, 2);
    world.clock.advance(minuteMs);
    world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Waits', labels: ['sync'] });
    world.clock.advance(minuteMs);
    if (isConfigured) await configure(world, 'labels = sync OR labels = other');
    await rounds(world, 5);
    expect(world.there.ids()).toHaveLength(1);
  },
);

const longTrigger = (last: string): string =>
  `labels in (${[...Array.from({ length: 40 }, (_, index) => `label-${index}`), last].join(', ')})`;

test('a changed trigger can be backfilled once more, however long it is', async () => {
  const world = createWorld();
  const older = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Older', labels: ['later'] });
  world.clock.advance(minuteMs);
  await world.connect({ trigger: longTrigger('sync') });
  expect((await world.cycle({ backfill: 'true' })).result.changes).toEqual([]);
  await configure(world, longTrigger('later'));
  expect((await world.cycle()).result.changes).toEqual([]);
  expect((await world.cycle({ backfill: 'true' })).result.changes).toMatchObject([{ issues: { public: { key: older.key } } }]);
});

test('a changed private trigger can be backfilled once more, however long Jira’s trigger is', async () => {
  const world = createWorld();
  world.github.createIssue({ repository: world.repository, as: 'dana', title: 'Older', labels: ['later'], body: 'Text' });
  world.clock.advance(60 * minuteMs);
  await world.connect({ trigger: longTrigger('sync') });
  await world.cycle({ backfill: 'true' });
  expect(world.jira.people.issues()).toHaveLength(0);
  world.clock.advance(20 * minuteMs);
  const more = { backfill: 'true', 'private-trigger': 'later' };
  await world.cycle(more);
  await rounds(world, 2, more);
  expect(world.jira.people.issues().map(({ summary }) => summary)).toEqual(['Older']);
});
