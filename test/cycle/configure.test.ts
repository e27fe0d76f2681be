import { expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const minuteMs = 60_000;
const byAccount: RawInputs = {
  'jira-url': 'https://acme.atlassian.net',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
};

async function configure(world: World, more: RawInputs): Promise<Extract<Outcome, { kind: 'configured' }>> {
  const outcome = await world.run({ operation: 'configure', ...more });
  if (outcome.kind !== 'configured') throw new Error(`not configured: ${outcome.kind}`);
  return outcome;
}

async function pending(world: World): Promise<string> {
  const outcome = await world.run({ ...byAccount, operation: 'initiate', 'jira-project': 'ACME', unsealed: 'true' });
  if (outcome.kind !== 'initiated' || outcome.code === undefined) throw new Error('no code');
  return outcome.code;
}

function record(world: World): Record<string, unknown> {
  const all = world.jira.people.userProperties(world.people.sync);
  return Object(all[Object.keys(all).find((key) => /^sallyport\.\w+$/.test(key)) ?? '']);
}

test('while Pending, name, project, trigger and default type change, and the code handed out before still opens the connection', async () => {
  const world = createWorld();
  const code = await pending(world);
  world.jira.people.addProject({ key: 'OPS', name: 'Operations' });
  const outcome = await configure(world, {
    ...byAccount,
    'connection-name': 'Operations support',
    'jira-project': 'OPS',
    trigger: 'labels = ops',
    'default-issue-type': 'Bug',
  });
  expect(outcome).toMatchObject({
    card: { name: 'Operations support', status: 'Pending', destination: 'unknown', project: 'OPS (Operations)' },
    dryRun: false,
  });
  expect(outcome.changes.map(({ name }) => name)).toEqual(['name', 'project', 'trigger', 'default issue type']);
  expect(record(world)).toMatchObject({ trigger: 'labels = ops', defaultTypeName: 'Bug', project: { key: 'OPS' } });
  await world.run({ operation: 'accept', 'invitation-code': code });
  const issue = world.jira.people.createIssue({ project: 'OPS', as: world.people.ann, summary: 'For ops', labels: ['ops'] });
  const synced = await world.run({ operation: 'sync', 'invitation-code': code, state: 'memory' });
  if (synced.kind !== 'synced') throw new Error('not synced');
  expect(synced.cycles[0]?.result.changes).toMatchObject([{ action: 'created', issues: { public: { key: issue.key } } }]);
});

test('only what is given changes, and a dry run shows it and writes nothing', async () => {
  const world = createWorld();
  await world.connect({ trigger: 'labels = sync' });
  const before = record(world);
  const writes: string[] = [];
  world.onRequest = (_, { method, url }) => void (['PUT', 'DELETE'].includes(method) && writes.push(url));
  const dry = await configure(world, { 'invitation-code': world.code(), 'connection-name': 'New name', 'dry-run': 'true' });
  expect(dry.changes).toEqual([{ name: 'name', before: 'ACME', after: 'New name' }]);
  expect(summaryText(dry)).toMatch(/Dry run, nothing was written\.[\s\S]*ACME +New name/);
  expect(record(world)).toEqual(before);
  expect(writes).toEqual([]);
  const done = await configure(world, { 'invitation-code': world.code(), 'connection-name': 'New name' });
  expect(done.changes).toEqual(dry.changes);
  expect(record(world)).toEqual({ ...before, name: 'New name' });
  const again = await configure(world, { ...byAccount, 'connection-name': 'New name' });
  expect(again.changes).toEqual([]);
  expect(writes).toHaveLength(1);
});

test('a changed trigger takes what is created or updated from now on; twins stay in step, and nothing is removed', async () => {
  const world = createWorld();
  await world.connect();
  const twin = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Old scope', labels: ['sync'] });
  const older = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Older', labels: ['later'] });
  await world.cycle();
  world.clock.advance(30 * minuteMs);
  await configure(world, { ...byAccount, trigger: 'labels = later' });
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(twin.key, { as: world.people.ann, summary: 'Old scope, edited' });
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Out of scope now', labels: ['sync'] });
  const fresh = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Fresh', labels: ['later'] });
  const { result } = await world.cycle();
  expect(result.changes.map(({ action, issues }) => [action, issues.public?.key])).toEqual([
    ['created', fresh.key],
    ['updated', twin.key],
  ]);
  expect(result.guard).toBeUndefined();
  world.clock.advance(minuteMs);
  world.jira.people.editIssue(older.key, { as: world.people.ann, summary: 'Older, touched' });
  expect((await world.cycle()).result.changes).toMatchObject([{ action: 'created', issues: { public: { key: older.key } } }]);
  expect((await world.cycle()).requests.writes).toEqual({ public: 0, private: 0 });
});

test('a changed trigger can be backfilled once more', async () => {
  const world = createWorld();
  const older = world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'Older', labels: ['later'] });
  world.clock.advance(minuteMs);
  await world.connect();
  expect((await world.cycle({ backfill: 'true' })).result.changes).toEqual([]);
  await configure(world, { ...byAccount, trigger: 'labels = later' });
  expect((await world.cycle()).result.changes).toEqual([]);
  expect((await world.cycle({ backfill: 'true' })).result.changes).toMatchObject([{ issues: { public: { key: older.key } } }]);
});

const sameRefusals: readonly (readonly [string, RawInputs, RegExp])[] = [
  ['nothing to change', {}, /there is nothing to change\. Give connection-name/],
  [
    'a project once accepted',
    { 'jira-project': 'OPS' },
    /only while the connection is Pending; ACME is Active, with twins in ACME\. Initiate another/,
  ],
  ['wrong JQL', { trigger: 'labels = (' }, /trigger: .*try again|trigger/],
  ['JQL that leaves its brackets', { trigger: 'labels = x) OR (project = OPS' }, /trigger/],
  ['a type that is not there', { 'default-issue-type': 'Epos' }, /has no type Epos; it has/],
  ['a name that is too long', { 'connection-name': 'x'.repeat(300) }, /more than 255 characters; shorten it/],
  ['a trigger that is too long', { trigger: 'x'.repeat(9000) }, /more than 8000 characters; shorten it/],
];

for (const [what, more, message] of sameRefusals) {
  test(`refuses ${what} with one error of kind configuration, and writes nothing`, async () => {
    const world = createWorld();
    world.jira.people.addProject({ key: 'OPS', name: 'Operations' });
    await world.connect();
    const before = record(world);
    await expect(configure(world, { 'invitation-code': world.code(), ...more })).rejects.toThrow(message);
    await expect(configure(world, { 'invitation-code': world.code(), ...more })).rejects.toMatchObject({ kind: 'configuration' });
    expect(record(world)).toEqual(before);
  });
}

test('a project that another connection of the account has, or that is not there, is refused', async () => {
  const world = createWorld();
  const code = await pending(world);
  world.jira.people.addProject({ key: 'OPS', name: 'Operations' });
  await world.run({ ...byAccount, operation: 'initiate', 'jira-project': 'OPS', unsealed: 'true' });
  const to = (key: string) => configure(world, { 'invitation-code': code, 'jira-project': key });
  await expect(to('OPS')).rejects.toThrow(/has the connection OPS .* over project OPS already/);
  await expect(to('NOPE')).rejects.toThrow(/there is no project NOPE/);
});

test('an acceptance that comes while the project is being changed keeps it', async () => {
  const world = createWorld();
  const code = await pending(world);
  world.jira.people.addProject({ key: 'OPS', name: 'Operations' });
  const before = record(world);
  let accepted: Promise<unknown> | undefined;
  world.rewrite = async (request) => {
    // The last check of a site is the trial of the trigger.
    if (request.url.endsWith('/search/jql') && accepted === undefined) {
      accepted = world.run({ operation: 'accept', 'invitation-code': code });
      await accepted;
    }
    return request;
  };
  await expect(configure(world, { 'invitation-code': code, 'jira-project': 'OPS' })).rejects.toThrow(/is Active/);
  expect(record(world)).toEqual(before);
});

test('the rules cannot be edited, however it is tried', () => {
  const world = createWorld();
  const message = /Sync Rules can't be modified in Basic mode; that takes Script mode, which Sallyport does not offer yet\./;
  const raw: Record<string, string> = { rules: 'replica.summary = "x"' };
  expect(() => world.run({ ...byAccount, operation: 'configure', mode: 'script' })).toThrow(message);
  expect(() => world.run({ ...byAccount, operation: 'initiate', 'jira-project': 'ACME', mode: 'script' })).toThrow(message);
  expect(() => world.run({ ...byAccount, operation: 'configure', ...raw })).toThrow(message);
});
