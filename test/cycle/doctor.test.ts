import { expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import { exitCodeOf } from '../../src/report/exit-code.ts';
import type { Outcome } from '../../src/report/outcome.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

type Examined = Extract<Outcome, { kind: 'examined' }>;

async function doctor(world: World, more: RawInputs = {}): Promise<Examined> {
  const outcome = await world.run({ operation: 'doctor', state: 'memory', ...more });
  if (outcome.kind !== 'examined') throw new Error(`not examined: ${outcome.kind}`);
  return outcome;
}

/** Checks by group, as `outcome name`. */
function lines(outcome: Examined, title: string): readonly string[] {
  return (outcome.groups.find((group) => group.title === title)?.checks ?? []).map((check) => `${check.outcome} ${check.name}`);
}

function check(outcome: Examined, name: string) {
  return outcome.groups.flatMap(({ checks }) => checks).find((candidate) => candidate.name === name);
}

test('a healthy connection passes every check of initiate and accept again, and nothing is written', async () => {
  const world = createWorld();
  await world.connect({ 'default-issue-type': 'Task' });
  await world.cycle();
  const writes: string[] = [];
  world.onRequest = (_, { method, url }) =>
    void (method === 'GET' || /search\/jql|graphql/.test(url) || writes.push(`${method} ${url}`));
  const outcome = await doctor(world, { 'invitation-code': world.code() });
  expect(writes).toEqual([]);
  expect(exitCodeOf(outcome, 'error')).toBe(0);
  expect(outcome.card).toMatchObject({ status: 'Active', destination: 'acme/app' });
  expect(lines(outcome, 'Runner')).toEqual([
    'passed node',
    'passed state',
    'passed proxy',
    'passed clock, acme.atlassian.net',
    'passed clock, api.github.com',
  ]);
  expect(lines(outcome, 'Public side')).toEqual([
    'passed connection',
    'passed site',
    'passed credentials',
    'passed project',
    'passed permissions',
    'passed default issue type',
    'passed attachments',
    'passed trigger',
    'passed token expiry',
  ]);
  expect(lines(outcome, 'Private side')).toEqual([
    'passed credentials',
    'passed repository',
    'passed issues enabled',
    'passed not archived',
    'passed read issues',
    'passed issues: write',
    'passed attachments',
    'passed issue types',
    'passed audience',
    'passed destination',
  ]);
});

test('triggers that only Jira can judge are tried, each as a check of its own', async () => {
  const world = createWorld({ tracker: 'jira-dc' });
  await world.connect();
  const sound = await doctor(world, { ...world.inputs, 'public-trigger': 'labels = sync', 'private-trigger': 'labels = sync' });
  expect(check(sound, 'public-trigger')).toMatchObject({ outcome: 'passed', detail: 'labels = sync' });
  expect(check(sound, 'private-trigger')).toMatchObject({ outcome: 'passed' });
  const broken = await doctor(world, { ...world.inputs, 'public-trigger': 'labels == a', 'private-trigger': 'labels == b' });
  for (const name of ['public-trigger', 'private-trigger'])
    expect(check(broken, name)).toMatchObject({ outcome: 'failed', detail: expect.stringContaining(name) });
  expect(check(broken, 'destination')).toMatchObject({ outcome: 'passed' });
});

test('without an invitation the runner and the tracker are looked at, and what is missing is said without failing', async () => {
  const world = createWorld();
  const outcome = await doctor(world);
  expect(exitCodeOf(outcome, 'error')).toBe(0);
  expect(check(outcome, 'connection')).toMatchObject({ outcome: 'warning', next: expect.stringContaining('invitation-code') });
  expect(lines(outcome, 'Private side')).toContain('passed repository');
});

test('goes on behind what fails on one side, and exits 1', async () => {
  const world = createWorld();
  await world.connect();
  const wrong = await doctor(world, { 'invitation-code': 'sallyport1.nonsense', project: 'acme/nowhere' });
  expect(exitCodeOf(wrong, 'never')).toBe(1);
  expect(check(wrong, 'connection')).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('invitation code') });
  expect(check(wrong, 'private tracker')).toMatchObject({
    outcome: 'failed',
    detail: expect.stringContaining('shows no repository'),
  });
  expect(check(wrong, 'credentials')).toMatchObject({ outcome: 'passed' });
  expect(check(wrong, 'node')).toMatchObject({ outcome: 'passed' });
  expect(summaryText(wrong)).toMatch(/✘ connection: .+/);
});

test('names the check of the site that fails, behind those that passed', async () => {
  const world = createWorld();
  const outcome = await doctor(world, {
    'jira-url': 'https://acme.atlassian.net',
    'jira-email': 'sync@example.org',
    'jira-token': 'jira-token-for-tests',
    'jira-project': 'NOPE',
  });
  expect(lines(outcome, 'Public side')).toEqual(['passed site', 'passed credentials', 'failed project']);
  expect(check(outcome, 'project')?.detail).toMatch(/there is no project NOPE/);
});

test('tells of another destination, a paused connection and open problems', async () => {
  const world = createWorld();
  await world.connect();
  world.github.addRepository({ owner: 'acme', name: 'other', private: false });
  await world.switchTo('deactivate');
  const outcome = await doctor(world, { 'invitation-code': world.code(), project: 'acme/other' });
  expect(check(outcome, 'connection')).toMatchObject({ outcome: 'warning', next: expect.stringContaining('activate') });
  expect(check(outcome, 'destination')).toMatchObject({ outcome: 'failed' });
  expect(check(outcome, 'allow-public')).toMatchObject({ outcome: 'failed' });
});

test('looks at the machine: an old node, a missing zstd and tar, a clock that is off, a directory and a CA file that cannot be used', async () => {
  const world = createWorld();
  await world.connect();
  world.files.set('/no-pem', 'not a certificate');
  world.machine = {
    nodeVersion: 'v18.20.0',
    programVersion: (name) => Promise.resolve(name === 'tar' ? 'tar 1.35' : undefined),
    proxyFor: (url) => (url.hostname.endsWith('github.com') ? undefined : 'http://proxy.example:3128'),
    wallTimeMs: () => world.clock.now() + 5 * 60_000,
    probeDirectory: () => Promise.reject(new Error('EACCES: permission denied')),
  };
  const outcome = await doctor(world, { 'invitation-code': world.code(), 'ca-file': '/no-pem' });
  expect(check(outcome, 'node')).toMatchObject({ outcome: 'failed', next: expect.stringContaining('20.19') });
  expect(check(outcome, 'state')).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('permission denied') });
  expect(check(outcome, 'ca-file')).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('no PEM certificate') });
  expect(check(outcome, 'clock, acme.atlassian.net')).toMatchObject({
    outcome: 'warning',
    detail: 'this machine is 300 s ahead',
  });
  const text = summaryText(outcome);
  expect(text).toContain('through http://proxy.example:3128: acme.atlassian.net, api.media.atlassian.com');
  expect(text).toContain('directly: api.github.com, github.com');
  // What the CA file would have been needed for is tried all the same.
  expect(check(outcome, 'connection')).toMatchObject({ outcome: 'passed' });
  const cache = await doctor(world, { state: 'cache' });
  expect(lines(cache, 'Runner')).toEqual(expect.arrayContaining(['passed tar', 'warning zstd', 'warning state']));
  world.machine = { ...world.machine, programVersion: () => Promise.resolve(undefined) };
  expect(check(await doctor(world, { state: 'cache' }), 'tar')).toMatchObject({ outcome: 'failed' });
});

test('a dry run tries no state', async () => {
  const world = createWorld();
  world.machine = { ...world.machine, probeDirectory: () => Promise.reject(new Error('it was tried')) };
  expect(check(await doctor(world, { 'dry-run': 'true' }), 'state')).toMatchObject({ outcome: 'warning' });
});

test('hosts lists what a firewall lets out with nothing given, with an address, and with a code, and asks nobody', async () => {
  const world = createWorld();
  await world.connect();
  const hostsOf = async (more: RawInputs): Promise<readonly string[]> => {
    const outcome = await world.run({ operation: 'doctor', hosts: 'true', ...more });
    expect(world.requests).toBe(0);
    if (outcome.kind !== 'hosts') throw new Error('no hosts');
    expect(outcome.hosts.every(({ why }) => why.length > 10)).toBe(true);
    return outcome.hosts.map(({ host, port }) => `${host}:${port}`);
  };
  expect(await hostsOf({})).toEqual(
    expect.arrayContaining([
      'your-site.atlassian.net:443',
      'api.atlassian.com:443',
      'api.media.atlassian.com:443',
      'api.github.com:443',
      '*.actions.githubusercontent.com:443',
    ]),
  );
  const dc = await hostsOf({
    'jira-url': 'https://acme.atlassian.net',
    tracker: 'jira-dc',
    'tracker-url': 'http://jira.corp.example:8080/jira',
  });
  expect(dc).toEqual(expect.arrayContaining(['acme.atlassian.net:443', 'jira.corp.example:8080']));
  // The runner's own, and the notice's, where the tracker is elsewhere.
  expect(dc).toEqual(expect.arrayContaining(['github.com:443', 'api.github.com:443', 'codeload.github.com:443']));
  const names = await hostsOf({ notify: 'true' });
  expect(new Set(names).size).toBe(names.length);
  expect(await hostsOf({ tracker: 'redmine' })).toContain('your Redmine:443');
  const known = await hostsOf({ 'invitation-code': world.code() });
  expect(known).toContain('acme.atlassian.net:443');
  // The code tells that its token works on the site itself.
  expect(known).not.toContain('api.atlassian.com:443');
  await expect(world.run({ operation: 'doctor', hosts: 'true', 'invitation-code': 'x' })).rejects.toMatchObject({
    kind: 'configuration',
  });
});
