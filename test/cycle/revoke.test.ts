import { expect, test } from 'vitest';
import { copiedFromJira, paragraph } from './jira-origin.ts';
import { rounds } from './rounds.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const credentials = {
  'jira-url': 'https://acme.atlassian.net',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
} as const;

async function connected(count: number): Promise<World> {
  const world = createWorld();
  await world.connect({ 'connection-name': 'Acme' });
  for (let index = 1; index <= count; index += 1)
    world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: `Issue ${index}`, labels: ['sync'] });
  return world;
}

test('a revoked connection syncs no more, says so in its status, and a new one can be initiated', async () => {
  const world = await connected(1);
  await world.cycle();
  const plan = await world.run({ operation: 'revoke', 'dry-run': 'true', ...world.inputs });
  expect(plan).toMatchObject({ kind: 'revoked', dryRun: true, card: { status: 'Active' } });
  const record = JSON.stringify(world.jira.people.userProperties(world.people.sync));
  expect(record).not.toContain('revokedAt');
  const outcome = await world.run({ operation: 'revoke', ...world.inputs });
  expect(outcome).toMatchObject({ kind: 'revoked', wasRevoked: false, card: { status: 'Revoked' } });
  expect(await world.run({ operation: 'revoke', ...world.inputs })).toMatchObject({
    wasRevoked: true,
    card: { status: 'Revoked' },
  });
  for (const operation of ['sync', 'accept', 'activate', 'push', 'clean-up'] as const)
    await expect(
      world.run({ operation, issues: 'ACME-1', confirm: 'true', side: 'public', ...world.inputs }),
      operation,
    ).rejects.toMatchObject({
      kind: 'configuration',
      message: expect.stringMatching(/was revoked by its public side on 2026-.*a new connection takes a new invitation/),
    });
  expect(await world.run({ operation: 'status', ...world.inputs })).toMatchObject({ card: { status: 'Revoked' } });
  expect(world.there.ids()).toHaveLength(1);
  await world.connect({ 'connection-name': 'Acme again' });
  expect(await world.run({ operation: 'status', ...world.inputs })).toMatchObject({ card: { status: 'Active' } });
  expect(world.violations()).toEqual([]);
});

test('a cycle that is running stops before its next batch of writes', async () => {
  const world = await connected(120);
  const { sync } = world.people;
  const key = Object.keys(world.jira.people.userProperties(sync)).find((one) => /^sallyport\.[a-z0-9]{10}$/.test(one)) ?? '';
  let creations = 0;
  let otherWrites = 0;
  world.onRequest = (_index, request) => {
    if (request.method === 'GET' || request.url.includes('/user/properties/') || request.url.endsWith('/graphql')) return;
    if (creations >= 10 && !request.url.endsWith('/issues')) otherWrites += 1;
    if (request.method !== 'POST' || !request.url.endsWith('/acme/app/issues')) return;
    creations += 1;
    // The public side's admin revokes from another machine meanwhile.
    if (creations === 10)
      world.jira.people.setUserProperty(sync, key, {
        ...(world.jira.people.userProperties(sync)[key] as object),
        revokedAt: world.clock.now(),
        paused: true,
      });
  };
  await expect(world.cycle()).rejects.toThrow(/was revoked by its public side/);
  // The batch that was under way, of 50, and nothing after it.
  expect(creations).toBe(50);
  expect(world.there.ids()).toHaveLength(50);
  expect(world.jira.people.issues().filter((issue) => Object.keys(issue.properties).length > 0)).toEqual([]);
  await expect(world.cycle()).rejects.toThrow(/was revoked by its public side/);
  expect(world.there.ids()).toHaveLength(50);
  expect(otherWrites).toBe(0);
});

test('edits of single twins stop, too, after twenty at most', async () => {
  const world = await connected(60);
  await world.cycle();
  world.clock.advance(60_000);
  for (const issue of world.jira.people.issues())
    world.jira.people.editIssue(issue.key, { as: world.people.ann, summary: `${issue.summary}, edited` });
  world.clock.advance(60_000);
  let edits = 0;
  const { sync } = world.people;
  const key = Object.keys(world.jira.people.userProperties(sync)).find((one) => /^sallyport\.[a-z0-9]{10}$/.test(one)) ?? '';
  const revoked = { ...(world.jira.people.userProperties(sync)[key] as object), revokedAt: world.clock.now(), paused: true };
  world.onRequest = (_index, request) => {
    if (request.method !== 'PATCH') return;
    edits += 1;
    if (edits === 5) world.jira.people.setUserProperty(sync, key, revoked);
  };
  await expect(world.cycle()).rejects.toThrow(/was revoked by its public side/);
  expect(edits).toBeGreaterThanOrEqual(5);
  expect(edits).toBeLessThanOrEqual(25);
});

test('a cycle that nobody revokes reads the record again once in twenty writes or ten seconds, and a quiet one never', async () => {
  const world = await connected(120);
  let reads = 0;
  world.onRequest = (_index, request) => {
    if (request.method === 'GET' && /\/user\/properties\/sallyport\.[a-z0-9]{10}(\?|$)/.test(request.url)) reads += 1;
  };
  const startedAt = world.clock.now();
  const { result, requests } = await world.cycle();
  expect(result.failures).toEqual([]);
  const writes = requests.writes.public + requests.writes.private;
  const seconds = (world.clock.now() - startedAt) / 1_000;
  expect(reads).toBeGreaterThan(3);
  expect(reads).toBeLessThanOrEqual(2 + writes / 20 + seconds / 10);
  world.clock.advance(60_000);
  await world.cycle();
  reads = 0;
  world.clock.advance(60_000);
  const quiet = await world.cycle();
  expect(quiet.requests.writes).toEqual({ public: 0, private: 0 });
  expect(reads).toBe(1);
});

test('the account that initiated revokes without a code, by name or id, and is told which connections there are', async () => {
  const world = await connected(0);
  await expect(world.run({ operation: 'revoke', ...credentials, connection: 'Other' })).rejects.toThrow(
    /connection: there is no "Other" among this account's\. Give the id of one: Acme \(/,
  );
  expect(() => world.run({ operation: 'revoke' })).toThrow(
    /invitation-code is missing.*jira-url with jira-email and jira-token/s,
  );
  expect(await world.run({ operation: 'revoke', ...credentials })).toMatchObject({ card: { name: 'Acme', status: 'Revoked' } });
  expect(await world.run({ operation: 'revoke', ...credentials })).toMatchObject({ wasRevoked: true });
  await world.connect({ 'connection-name': 'Acme again' });
  expect(await world.run({ operation: 'revoke', ...credentials, 'dry-run': 'true' })).toMatchObject({
    card: { name: 'Acme again' },
    wasRevoked: false,
  });
  expect(await world.run({ operation: 'revoke', ...credentials, connection: 'Acme' })).toMatchObject({ wasRevoked: true });
});

test('an edit that was overwritten is told although the connection is revoked before the history is read', async () => {
  const world = createWorld();
  const { key, id } = await copiedFromJira(world, paragraph('Alpha'));
  await rounds(world, 2);
  const { sync } = world.people;
  const property = Object.keys(world.jira.people.userProperties(sync)).find((one) => /^sallyport\.[a-z0-9]{10}$/.test(one)) ?? '';
  const record = world.jira.people.userProperties(sync)[property] as object;
  world.jira.people.editIssue(key, { as: world.people.ben, summary: 'Title of Ben' });
  let hasMet = false;
  world.onRequest = (_, { method, url }) => {
    if (method !== 'PATCH' || !/\/issues\/\d+$/.test(url)) return;
    expect(hasMet).toBe(false);
    hasMet = true;
    world.there.edit(id, { as: 'dana', summary: 'Title of Dana' });
    world.clock.advance(15_000);
    world.jira.people.setUserProperty(sync, property, { ...record, paused: true, revokedAt: world.clock.now() });
  };
  await expect(rounds(world, 1)).rejects.toThrow(/was revoked by its public side/);
  expect(hasMet).toBe(true);
  expect(world.there.summary(id)).toBe('Title of Ben');
  expect(world.logs.filter((line) => line.includes('Conflict'))).toEqual([
    expect.stringMatching(/Conflict: summary of .*: the edit of the public side stands/),
  ]);
});

test('edits that were overwritten by several writes are all told where the run is stopped between these', async () => {
  const world = await connected(3);
  await rounds(world, 2);
  const { sync } = world.people;
  const property = Object.keys(world.jira.people.userProperties(sync)).find((one) => /^sallyport\.[a-z0-9]{10}$/.test(one)) ?? '';
  const record = world.jira.people.userProperties(sync)[property] as object;
  const { ids } = world.there;
  for (const { key } of world.jira.people.issues())
    world.jira.people.editIssue(key, { as: world.people.ben, summary: `${key} of Ben` });
  let edits = 0;
  world.onRequest = (_, { method, url }) => {
    const number = /\/issues\/(\d+)$/.exec(url)?.[1];
    if (method !== 'PATCH' || number === undefined) return;
    edits += 1;
    world.there.edit(number, { as: 'dana', summary: `${number} of Dana` });
    world.clock.advance(6_000);
    if (edits === 2) world.jira.people.setUserProperty(sync, property, { ...record, paused: true, revokedAt: world.clock.now() });
  };
  await expect(rounds(world, 1)).rejects.toThrow(/was revoked by its public side/);
  expect(ids()).toHaveLength(3);
  expect(edits).toBeGreaterThanOrEqual(2);
  expect(world.logs.filter((line) => line.includes('Conflict'))).toHaveLength(edits);
});
