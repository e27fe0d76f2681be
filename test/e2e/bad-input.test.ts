import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import { matchingRequests } from '../../src/simulators/faults.ts';
import type { Rig, RigOptions } from './rig.ts';
import { createRig, initiateInputs, secrets } from './rig.ts';
import type { JobEnd } from './runner.ts';
import { everything } from './scenario.ts';

const dayMs = 24 * 60 * 60_000;

/** One annotation for people, a job summary that says the same, nothing on standard error, and no stack trace. */
function expectOneError(
  end: JobEnd & { readonly summary: string },
  wanted: { readonly exitCode: number; readonly message: RegExp },
): void {
  const errors = end.stdout.split('\n').filter((line) => line.startsWith('::error'));
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(wanted.message);
  expect(end).toMatchObject({ exitCode: wanted.exitCode, stderr: '' });
  expect(end.stdout).not.toMatch(/^\s+at .+:\d+/m);
  expect(end.summary).toMatch(/^## Sallyport\n\n> \[!CAUTION\]\n> \S/);
}

async function expectRefused(
  rig: Rig,
  inputs: RawInputs,
  wanted: { readonly exitCode: number; readonly message: RegExp },
): Promise<void> {
  const before = everything(rig);
  expectOneError(await rig.action({ operation: 'sync', ...inputs }), wanted);
  expect(everything(rig)).toEqual(before);
}

test.concurrent('each wrong invitation code ends the action with one error of its own and exit code 2, and nothing is written', async ({
  onTestFinished,
}) => {
  const rig = await createRig({ onTestFinished });
  const connection = await rig.initiate();
  rig.github.addRepository({ owner: 'acme', name: 'other', private: true });
  rig.jira.people.createIssue({ project: 'ACME', as: rig.people.ann, summary: 'Waiting', labels: ['sync'] });
  const code = connection['invitation-code'] ?? '';
  const refused = (change: RawInputs, message: RegExp): Promise<void> =>
    expectRefused(rig, { ...connection, ...change }, { exitCode: 2, message });
  await refused({ 'invitation-code': 'please sync' }, /not an invitation code/);
  await refused({ 'invitation-code': code.slice(0, -40) }, /cut short/);
  await refused({ 'invitation-code': code.slice(0, 90) + (code[90] === 'A' ? 'B' : 'A') + code.slice(91) }, /altered/);
  await refused({ 'invitation-code': code.replace('sallyport1s', 'sallyport7s') }, /newer Sallyport/);
  await refused({ passphrase: '' }, /no passphrase was given/);
  await refused({ passphrase: 'another passphrase' }, /passphrase does not open it/);
  rig.clock.advance(31 * dayMs);
  await refused({}, /expired on/);
  rig.clock.advance(-31 * dayMs);
  expect((await rig.action({ operation: 'accept', ...connection })).exitCode).toBe(0);
  await refused({ project: 'acme/other' }, /already accepted by another destination/);
  const key = Object.keys(rig.jira.people.userProperties(rig.people.sync)).find((name) => /^sallyport\.\w+$/.test(name)) ?? '';
  await changeProperty(rig, key, { ...Object(rig.jira.people.userProperties(rig.people.sync)[key]), secretHash: '0'.repeat(64) });
  await refused({}, /replaced by a newer one/);
  await changeProperty(rig, key, undefined);
  await refused({}, /connection was removed/);
});

async function changeProperty(rig: Rig, key: string, value: unknown): Promise<void> {
  const answer = await fetch(`${rig.siteUrl}/rest/api/3/user/properties/${key}?accountId=${rig.people.sync}`, {
    method: value === undefined ? 'DELETE' : 'PUT',
    headers: {
      authorization: `Basic ${Buffer.from(`${secrets.email}:${secrets.jiraToken}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(value === undefined ? {} : { body: JSON.stringify(value) }),
  });
  expect(answer.ok).toBe(true);
}

test.concurrent('an unknown operation, plain http to Jira, wrong JQL and wrong tokens each end the action with one error', async ({
  onTestFinished,
}) => {
  const rig = await createRig({ onTestFinished });
  const connection = await rig.initiate();
  const initiate = { ...initiateInputs(rig), 'jira-project': 'OPS' };
  rig.jira.people.addProject({ key: 'OPS', name: 'Operations' });
  await expectRefused(
    rig,
    { ...connection, operation: 'synchronise' },
    { exitCode: 2, message: /"synchronise" is not one of sync, initiate/ },
  );
  await expectRefused(rig, { ...initiate, 'jira-url': 'http://acme.atlassian.net' }, { exitCode: 2, message: /plain http/ });
  await expectRefused(rig, { ...initiate, 'jira-project': 'NOPE' }, { exitCode: 2, message: /no project NOPE/ });
  await expectRefused(rig, { ...initiate, trigger: 'labels == sync' }, { exitCode: 2, message: /does not accept the JQL/ });
  await expectRefused(rig, { ...initiate, 'jira-token': 'a-wrong-token' }, { exitCode: 1, message: /jira-token/ });
  await expectRefused(rig, { ...connection, 'tracker-token': 'ghp_wrong' }, { exitCode: 1, message: /tracker-token/ });
  const { 'tracker-token': own = '', ...rest } = connection;
  await expectRefused(rig, { ...rest, 'job-token': own }, { exitCode: 2, message: /tracker-token is missing.*own server only/ });
  await expectRefused(rig, { ...connection, project: 'acme/nope' }, { exitCode: 2, message: /no repository acme\/nope/ });
});

test.concurrent('a host that does not answer ends the action with one error and exit code 1', async ({ onTestFinished }) => {
  const rig = await createRig({ onTestFinished });
  // Nobody listens there; the action tries again for some seconds.
  const port = await closedPort();
  const inputs = { ...initiateInputs(rig), 'jira-url': `http://127.0.0.1:${port}` };
  const message = new RegExp(`Cannot reach 127\\.0\\.0\\.1:${port}: it refused the connection`);
  await expectRefused(rig, inputs, { exitCode: 1, message });
});

test.concurrent('a port that no HTTP client connects to is told as such', async ({ onTestFinished }) => {
  const rig = await createRig({ onTestFinished });
  const inputs = { ...initiateInputs(rig), 'jira-url': 'http://127.0.0.1:9' };
  await expectRefused(rig, inputs, {
    exitCode: 1,
    message: /Cannot reach 127\.0\.0\.1:9: port 9 is one that HTTP clients refuse/,
  });
});

/** A port that was free a moment ago, below those that systems give to whoever asks for any: no other test gets it now. */
async function closedPort(): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!isFree) return closedPort();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const page = { kind: 'html', status: 200 } as const;

const cases: readonly {
  readonly name: string;
  readonly faults: NonNullable<RigOptions['faults']>;
  readonly message: RegExp;
}[] = [
  {
    name: 'a web page instead of the answer of GitHub',
    faults: { github: matchingRequests({}, page) },
    message: /web page/,
  },
  {
    name: 'a web page instead of the answer of Jira',
    faults: { jira: matchingRequests({ path: /user\/properties/, skip: 2 }, page) },
    message: /web page|HTML|JSON/i,
  },
];

for (const { name, faults, message } of cases) {
  test.concurrent(`${name} ends the action with one error and exit code 1`, async ({ onTestFinished }) => {
    const rig = await createRig({ faults, onTestFinished });
    const connection = await rig.initiate();
    await expectRefused(rig, connection, { exitCode: 1, message });
  });
}

test.concurrent('the command line says a wrong input once, as text on standard error or as one JSON document on standard output', async ({
  onTestFinished,
}) => {
  const rig = await createRig({ onTestFinished });
  const text = await rig.cli(['status', '--invitation-code', 'please sync']);
  expect(text).toMatchObject({ exitCode: 2, stdout: '' });
  expect(text.stderr).toMatch(/^[^\n]*not an invitation code[^\n]*\n$/);
  for (const words of [
    ['synchronise', '--json'],
    ['sync', '--json'],
    ['sync', '--json', '--colour', 'red'],
    ['status', '--json', '--invitation-code', 'please sync'],
  ]) {
    const end = await rig.cli(words);
    expect(end).toMatchObject({ exitCode: 2, stderr: '' });
    expect(JSON.parse(end.stdout)).toEqual({ error: { kind: 'configuration', message: expect.any(String) } });
    expect(end.stdout).toMatch(/^[^\n]+\n$/);
  }
  expect(rig.received).toEqual([]);
});
