import { expect, test } from 'vitest';
import { summaryText } from '../../src/report/summary-text.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const credentials = {
  'jira-url': 'https://acme.atlassian.net',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
} as const;

async function connected(): Promise<World> {
  const world = createWorld();
  await world.connect({ 'connection-name': 'Acme' });
  return world;
}

test("the public side's admin pauses and resumes by the credentials of the account, without the code", async () => {
  const world = await connected();
  const paused = await world.run({ operation: 'deactivate', ...credentials });
  expect(paused).toMatchObject({ kind: 'switched', side: 'public', pausedBy: ['public'], card: { status: 'Deactivated' } });
  await expect(world.cycle()).rejects.toMatchObject({ kind: 'inactive', message: expect.stringContaining('side: public') });
  expect(await world.run({ operation: 'activate', ...credentials, connection: 'Acme' })).toMatchObject({
    side: 'public',
    pausedBy: [],
    card: { status: 'Active' },
  });
  await world.cycle();
  expect(world.violations()).toEqual([]);
});

test('each side resumes itself alone, and is told who keeps the connection paused', async () => {
  const world = await connected();
  expect(await world.switchTo('deactivate')).toMatchObject({ side: 'private', pausedBy: ['private'] });
  await world.run({ operation: 'deactivate', ...credentials });
  const resumed = await world.run({ operation: 'activate', ...credentials });
  expect(resumed).toMatchObject({ side: 'public', pausedBy: ['private'], card: { status: 'Deactivated' } });
  expect(summaryText(resumed)).toContain('The public side is not paused any more, and the private side keeps it paused');
  expect(await world.switchTo('activate')).toMatchObject({ card: { status: 'Active' } });
});

test('the private side takes the code, and of several connections one is to be named', async () => {
  const world = await connected();
  const before = structuredClone(world.jira.people.userProperties(world.people.sync));
  await expect(async () => world.run({ operation: 'deactivate', side: 'private', ...credentials })).rejects.toThrow(
    /invitation-code is missing: the code of the connection, for side: private/,
  );
  await expect(async () => world.run({ operation: 'deactivate' })).rejects.toThrow(/invitation-code is missing/);
  await expect(async () =>
    world.run({ operation: 'deactivate', ...credentials, 'jira-token': '', side: 'public' }),
  ).rejects.toThrow(/jira-token/);
  expect(world.jira.people.userProperties(world.people.sync)).toEqual(before);
  world.jira.people.addProject({ key: 'OPS', name: 'Operations' });
  const initiate = { operation: 'initiate', 'jira-project': 'OPS', unsealed: 'true', ...credentials } as const;
  await world.run(initiate);
  await expect(world.run({ operation: 'deactivate', ...credentials })).rejects.toThrow(/this account has several.*OPS/);
  expect(await world.run({ operation: 'deactivate', ...credentials, connection: 'OPS' })).toMatchObject({
    card: { name: 'OPS', status: 'Pending' },
    pausedBy: ['public'],
  });
});
