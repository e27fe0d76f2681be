import { expect, test } from 'vitest';
import { reportJson } from '../../src/report/report-json.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const credentials = {
  operation: 'clean-up',
  confirm: 'true',
  'jira-url': 'https://acme.atlassian.net',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
} as const;

const recordKeys = (world: World): readonly string[] => Object.keys(world.jira.people.userProperties(world.people.sync));

async function revoked(): Promise<World> {
  const world = createWorld();
  await world.connect({ 'connection-name': 'Acme' });
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Login fails', labels: ['sync'] });
  await world.cycle();
  await world.run({ operation: 'revoke', ...world.inputs });
  return world;
}

test('the public side removes the record of a revoked connection by its account, and nothing else', async () => {
  const world = await revoked();
  const [issue] = world.jira.people.issues();
  const there = world.there.text('1');
  const plan = await world.run({ ...credentials, 'dry-run': 'true' });
  expect(plan).toMatchObject({ kind: 'cleaned', dryRun: true, recordOnly: true, card: { status: 'Revoked' } });
  expect(summaryText(plan)).toContain('The record of this connection would be removed');
  expect(recordKeys(world).length).toBeGreaterThan(2);
  const writes: string[] = [];
  world.onRequest = (_, request) => void (request.method === 'GET' || writes.push(new URL(request.url).pathname));
  const outcome = await world.run(credentials);
  world.onRequest = undefined;
  expect(writes.filter((path) => !path.includes('/user/properties/'))).toEqual([]);
  expect(outcome).toMatchObject({ kind: 'cleaned', recordOnly: true, card: { name: 'Acme', status: 'Removed' } });
  expect(summaryText(outcome)).toContain('Issues stay as they are, and so do stamps on them');
  expect(reportJson(outcome)).toMatchObject({ operation: 'cleaned', recordOnly: true });
  expect(recordKeys(world)).toEqual([]);
  expect(world.jira.people.issues()).toEqual([issue]);
  expect(world.there.text('1')).toBe(there);
  // Its code is as dead as before.
  await expect(world.cycle()).rejects.toThrow(/the connection was removed/);
  expect(world.violations()).toEqual([]);
});

test('an invitation that nobody accepted is removed by the account alone, and one under sync is not', async () => {
  const world = createWorld();
  await world.connect({ 'connection-name': 'Acme' });
  await expect(world.run(credentials)).rejects.toMatchObject({
    kind: 'configuration',
    message: expect.stringMatching(/"Acme" is Active.*revoke.*clean-up.*with its code/s),
  });
  expect(recordKeys(world).length).toBeGreaterThan(1);
  const pending = createWorld();
  await pending.run({
    ...credentials,
    operation: 'initiate',
    'jira-project': 'ACME',
    'connection-name': 'Wrong',
    unsealed: 'true',
  });
  expect(await pending.run(credentials)).toMatchObject({ card: { name: 'Wrong', status: 'Removed' } });
  expect(recordKeys(pending)).toEqual([]);
});

test('while a run still holds the connection its record stays', async () => {
  const world = await revoked();
  const key = recordKeys(world).find((one) => /^sallyport\.[a-z0-9]{10}$/.test(one)) ?? '';
  const now = world.clock.now();
  const lease = { format: 1, nonce: 'other', acquiredAt: now, expiresAt: now + 60_000 };
  world.jira.people.setUserProperty(world.people.sync, `${key}.lease.other`, lease);
  await expect(world.run(credentials)).rejects.toMatchObject({
    kind: 'inactive',
    message: expect.stringContaining('another run holds it'),
  });
  expect(recordKeys(world)).toContain(key);
  world.clock.advance(120_000);
  expect(await world.run(credentials)).toMatchObject({ card: { status: 'Removed' } });
  expect(recordKeys(world)).toEqual([]);
});

test('it is confirmed as every clean-up, and each input that lacks is named', () => {
  const world = createWorld();
  expect(() => world.run({ ...credentials, confirm: '' })).toThrow(/confirm/);
  expect(() => world.run({ operation: 'clean-up', confirm: 'true', 'jira-url': 'https://acme.atlassian.net' })).toThrow(
    /jira-email.*jira-token/s,
  );
});
