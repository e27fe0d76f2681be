import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/report/exit-code.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { reportJson } from '../../src/report/report-json.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';
import type { RawInputs } from '../../src/config/inputs.ts';

const minuteMs = 60_000;
type Status = Extract<Outcome, { kind: 'status' }>;

async function statusOf(world: World, more: RawInputs = {}): Promise<Status> {
  const outcome = await world.run({ operation: 'status', 'invitation-code': world.code(), state: 'memory', ...more });
  if (outcome.kind !== 'status') throw new Error(`not a status: ${outcome.kind}`);
  return outcome;
}

/** The public side's admin, who has the account's credentials and no code. */
const byAccount: RawInputs = {
  'invitation-code': '',
  'jira-url': 'https://acme.atlassian.net',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
};

function twoIssues(world: World): void {
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Secret plan', labels: ['sync'] });
  world.there.create({ as: 'dana', summary: 'From there' });
}

function runProperty(world: World): string {
  const all = world.jira.people.userProperties(world.people.sync);
  return JSON.stringify(all[Object.keys(all).find((key) => key.endsWith('.run')) ?? '']);
}

test('a status shows counts, cycles and each twin with both links, and writes nothing', async () => {
  const world = createWorld();
  await world.connect();
  twoIssues(world);
  await world.cycle();
  const writes: string[] = [];
  world.onRequest = (_, { method, url }) => void (method === 'GET' || writes.push(`${method} ${url}`));
  const status = await statusOf(world);
  expect(writes).toEqual([]);
  expect(status).toMatchObject({ counts: { twins: 2, retry: 0, parked: 0 }, problems: [], cycles: [{ outcome: 'done' }] });
  expect(status.budgets).toMatchObject([{ side: 'private' }]);
  if (status.state.kind !== 'read') throw new Error('the state was not read');
  expect(status.state.twins).toMatchObject([
    {
      public: { key: 'ACME-1', url: 'https://acme.atlassian.net/browse/ACME-1' },
      private: { key: expect.stringMatching(/^#\d$/), url: expect.stringContaining('https://github.com/acme/app/issues/') },
    },
    { origin: 'private' },
  ]);
  expect(summaryText(status)).toContain('Secret plan');
  expect(reportJson(status)).toMatchObject({ operation: 'status', cycles: [{ outcome: 'done', created: 2 }] });
});

test('the public side sees a failure without code and state: keys, the name of the error and the time, no message and no content', async () => {
  const world = createWorld();
  await world.connect();
  twoIssues(world);
  await world.cycle();
  world.jira.people.editIssue('ACME-1', { as: world.people.ann, summary: 'Even more secret' });
  world.rewrite = (request) =>
    Promise.resolve(request.method === 'PATCH' ? new Request(`${request.url}/nowhere`, { method: 'GET' }) : request);
  await world.cycle();
  world.rewrite = undefined;
  const status = await statusOf(world, byAccount);
  expect(status).toMatchObject({
    counts: { twins: 2, retry: 1 },
    problems: [{ public: 'ACME-1', private: '#2', name: 'gone', at: expect.any(Number) }],
    state: { kind: 'unread', reason: expect.stringContaining('invitation code') },
  });
  expect(runProperty(world)).not.toMatch(/secret|plan|nowhere|for-tests|ghp_/i);
  expect(runProperty(world).length).toBeLessThan(4_000);
  const seen = await statusOf(world);
  expect(seen.state).toMatchObject({ kind: 'read', retry: [{ issue: 'ACME-1', attempts: 1, side: 'public' }] });
  world.clock.advance(2 * minuteMs);
  await world.cycle();
  expect(await statusOf(world, byAccount)).toMatchObject({ problems: [], counts: { retry: 0 } });
});

test('a conflict is told with its field and the side whose value stands, and both issues as far as they are known', async () => {
  const world = createWorld();
  await world.connect();
  twoIssues(world);
  await world.cycle();
  world.clock.advance(20 * minuteMs);
  world.jira.people.editIssue('ACME-1', { as: world.people.ann, summary: 'Secret here' });
  world.clock.advance(minuteMs);
  world.there.edit('2', { as: 'dana', summary: 'Secret there' });
  await world.cycle();
  const jira = { key: 'ACME-1', url: 'https://acme.atlassian.net/browse/ACME-1' };
  const conflict = { name: 'conflict', field: 'summary', stands: 'private' };
  const seen = await statusOf(world);
  expect(seen.problems).toMatchObject([
    { ...conflict, links: { public: jira, private: { key: '#2', url: 'https://github.com/acme/app/issues/2' } } },
  ]);
  expect(summaryText(seen)).toContain("conflict in summary, the private side's value stands");
  expect((await statusOf(world, byAccount)).problems).toMatchObject([
    { ...conflict, links: { public: jira, private: { key: '#2', url: '' } } },
  ]);
  expect(runProperty(world)).not.toMatch(/secret/i);
});

test('max-age fails once no cycle has committed for that long, with what to look at', async () => {
  const world = createWorld();
  await world.connect();
  const never = await statusOf(world, { 'max-age': '30m' });
  expect(never.stale).toMatch(/No cycle has committed yet/);
  expect(exitCodeOf(never, 'never')).toBe(1);
  await world.cycle();
  world.clock.advance(29 * minuteMs);
  const fresh = await statusOf(world, { ...byAccount, 'max-age': '30m' });
  expect(fresh.stale).toBeUndefined();
  expect(exitCodeOf(fresh, 'error')).toBe(0);
  world.clock.advance(2 * minuteMs);
  const stale = await statusOf(world, { ...byAccount, 'max-age': '30m' });
  expect(stale.stale).toMatch(/for 31 min \(max-age 30 min\)/);
  expect(exitCodeOf(stale, 'error')).toBe(1);
  expect(exitCodeOf(await statusOf(world), 'error')).toBe(0);
});

test('a cycle that an error ended is an open problem until one commits', async () => {
  const world = createWorld();
  await world.connect();
  await world.cycle();
  world.rewrite = (request) =>
    Promise.resolve(
      request.url.includes('/issues') ? new Request(request.url, { headers: { authorization: 'Bearer no' } }) : request,
    );
  await expect(world.cycle()).rejects.toThrow(/401/);
  world.rewrite = undefined;
  expect(await statusOf(world, byAccount)).toMatchObject({
    problems: [{ name: 'stopped: permission' }],
    cycles: [{ outcome: 'stopped' }, { outcome: 'done' }],
  });
  await world.cycle();
  expect((await statusOf(world, byAccount)).problems).toEqual([]);
});

test('a public repository shows no titles in its status', async () => {
  const world = createWorld({ publicRepository: true, inputs: { 'allow-public': 'true' } });
  await world.connect();
  twoIssues(world);
  await world.cycle();
  const status = await statusOf(world);
  expect(status).toMatchObject({ detail: 'ids', state: { kind: 'read' } });
  for (const text of [summaryText(status), JSON.stringify(reportJson(status))]) {
    expect(text).toContain('ACME-1');
    expect(text).not.toMatch(/Secret plan|From there/);
  }
});

test('without a code the connection is chosen by id or name, and each doubt is one error with the choice', async () => {
  const world = createWorld();
  await expect(statusOf(world, byAccount)).rejects.toThrow(/this account has initiated none/);
  await world.connect({ 'connection-name': 'First' });
  world.jira.people.addProject({ key: 'OPS', name: 'Operations' });
  await world.run({
    ...byAccount,
    operation: 'initiate',
    'jira-project': 'OPS',
    'connection-name': 'Second',
    unsealed: 'true',
  });
  await expect(statusOf(world, byAccount)).rejects.toThrow(/this account has several\. Give the id of one: .*First \(/);
  await expect(statusOf(world, { ...byAccount, connection: 'Third' })).rejects.toThrow(/there is no "Third"/);
  const second = await statusOf(world, { ...byAccount, connection: 'Second' });
  expect(second.card).toMatchObject({ name: 'Second', status: 'Pending', destination: 'unknown' });
  expect(await statusOf(world, { ...byAccount, connection: second.card.connectionId })).toMatchObject({
    card: { name: 'Second' },
  });
  await expect(statusOf(world, { ...byAccount, 'jira-token': 'wrong', connection: 'Second' })).rejects.toThrow(/does not accept/);
  expect(() => world.run({ operation: 'status' })).toThrow(/invitation-code is missing: .*or, as the public side's admin/);
});
