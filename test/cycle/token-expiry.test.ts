import { expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import { annotations } from '../../src/report/annotations.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const dayMs = 24 * 3_600_000;
/** 40 days after the world begins. */
const expiresOn = '2027-01-02';
const tracker: RawInputs = { 'tracker-token': 'ghp_that_expires' };
const byAccount: RawInputs = {
  'jira-url': 'https://acme.atlassian.net',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
};

function withExpiringToken(): World {
  const world = createWorld();
  world.github.addToken({
    token: 'ghp_that_expires',
    kind: 'classic',
    login: 'syncbot',
    expiresAt: Date.parse(`${expiresOn}T12:00:00Z`),
  });
  return world;
}

async function synced(world: World, more: RawInputs = {}): Promise<Extract<Outcome, { kind: 'synced' }>> {
  const outcome = await world.run({ operation: 'sync', 'invitation-code': world.code(), state: 'memory', ...more });
  if (outcome.kind !== 'synced') throw new Error('not synced');
  return outcome;
}

async function status(world: World, more: RawInputs = byAccount): Promise<Extract<Outcome, { kind: 'status' }>> {
  const outcome = await world.run({ operation: 'status', ...more });
  if (outcome.kind !== 'status') throw new Error('no status');
  return outcome;
}

function notices(world: World) {
  return world.github.issues('acme/app').filter(({ body }) => (body ?? '').includes('sallyport-notice'));
}

test("the tracker's token is warned of from 30 days before: in the report, the status of both sides, doctor and the notice", async () => {
  const world = withExpiringToken();
  await world.connect();
  const quiet = await synced(world, { ...tracker, notify: 'true' });
  expect(quiet.notices).toEqual([]);
  const facts = expect.arrayContaining([{ name: 'token of the private side', value: `expires by ${expiresOn}` }]);
  expect(await status(world)).toMatchObject({ notices: [], facts });
  world.clock.advance(12 * dayMs);
  const near = await synced(world, { ...tracker, notify: 'true' });
  const warning = `The private tracker's token expires by ${expiresOn}, in 29 days. Make a new one for the same account and give it as tracker-token.`;
  expect(near.notices).toEqual([warning]);
  expect(annotations(near)).toEqual([{ level: 'warning', title: 'Attention', message: warning }]);
  expect(summaryText(near)).toContain(warning);
  expect(await status(world)).toMatchObject({ notices: [warning] });
  expect(notices(world)).toMatchObject([{ state: 'open', body: expect.stringContaining(`expires by ${expiresOn}`) }]);
  const doctor = await world.run({ ...tracker, operation: 'doctor', 'invitation-code': world.code(), state: 'memory' });
  if (doctor.kind !== 'examined') throw new Error('not examined');
  expect(doctor.groups.find(({ title }) => title === 'Private side')?.checks.at(-1)).toMatchObject({
    name: 'token expiry',
    outcome: 'warning',
    detail: expiresOn,
    next: expect.stringContaining('Make a new one'),
  });
  world.clock.advance(dayMs);
  const [notice] = notices(world);
  await synced(world, { ...tracker, notify: 'true' });
  expect(notices(world)).toEqual([notice]);
  await synced(world, { notify: 'true' });
  expect(notices(world)).toMatchObject([{ state: 'closed' }]);
});

test("Jira tells nothing of its token: by default the code's is taken to end a year after the code was issued", async () => {
  const world = createWorld();
  await world.connect();
  expect((await synced(world)).notices).toEqual([]);
  world.clock.advance(336 * dayMs);
  expect((await synced(world)).notices).toEqual([
    expect.stringMatching(/^The Jira account's token expires by 2027-11-23, in 29 days\. Make a new one/),
  ]);
  // Of another token nothing is known, unless it is said.
  const own = { 'jira-email': 'sync@example.org', 'jira-token': 'jira-token-for-tests' };
  expect((await synced(world, own)).notices).toEqual([]);
  expect((await synced(world, { ...own, 'jira-token-expires': '2027-11-01' })).notices).toEqual([
    expect.stringContaining('by 2027-11-01, in 8 days'),
  ]);
});

test('the initiator says when the token expires, and configure says it anew', async () => {
  const world = createWorld();
  await world.connect({ 'jira-token-expires': '2026-12-10' });
  expect((await synced(world)).notices).toEqual([expect.stringContaining('by 2026-12-10, in 18 days')]);
  const configured = await world.run({ ...byAccount, operation: 'configure', 'jira-token-expires': '2027-06-30' });
  expect(configured).toMatchObject({ changes: [{ name: 'token expires', before: '2026-12-10', after: '2027-06-30' }] });
  expect((await synced(world)).notices).toEqual([]);
  expect(() => world.run({ ...byAccount, operation: 'configure', 'jira-token-expires': 'next year' })).toThrow(
    /jira-token-expires: "next year" is not a date such as 2027-03-31/,
  );
});

test('a tracker that tells nothing goes by the input', async () => {
  const world = createWorld({ tracker: 'jira-dc' });
  await world.connect();
  const dc: RawInputs = {
    tracker: 'jira-dc',
    'tracker-url': 'https://jira.corp.example/jira',
    project: 'APP',
    'tracker-token': 'pat-for-tests',
    'default-issue-type': 'Task',
  };
  expect((await synced(world, dc)).notices).toEqual([]);
  expect((await synced(world, { ...dc, 'tracker-token-expires': '2026-11-24' })).notices).toEqual([
    expect.stringContaining("The private tracker's token expires by 2026-11-24, in 2 days"),
  ]);
});
