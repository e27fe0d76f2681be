import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decodeInvitation } from '../../src/invitation/decode-invitation.ts';
import { createDirectoryStore } from '../../src/store/directory-store.ts';
import { openState, stateKey } from '../../src/store/format.ts';
import { findSecrets, formsOf, leftovers } from './leftovers.ts';
import type { Leftover } from './leftovers.ts';
import type { Rig } from './rig.ts';
import { createRig, initiateInputs, sealedCode, secrets } from './rig.ts';
import { peopleWrite } from './scenario.ts';

test('no secret is in anything that a full run leaves behind', async () => {
  const rig = await createRig();
  const debug = { 'log-level': 'debug' };
  const connection = { ...(await rig.initiate(debug)), ...debug };
  const code = connection['invitation-code'] ?? '';
  const invitation = decodeInvitation(code, { passphrase: secrets.passphrase });
  await rig.action({ operation: 'accept', ...connection });
  peopleWrite(rig);
  const runner = { ACTIONS_STEP_DEBUG: 'true', RUNNER_DEBUG: '1' };
  expect((await rig.action({ operation: 'sync', ...connection }, runner)).exitCode).toBe(0);
  rig.clock.advance(60_000);
  expect((await rig.action({ operation: 'sync', ...connection, state: join(rig.directory, 'state') })).exitCode).toBe(0);
  await rig.action({ operation: 'deactivate', ...connection });
  expect((await rig.action({ operation: 'sync', ...connection })).exitCode).toBe(4);
  await rig.action({ operation: 'activate', ...connection });
  // A code that was wrapped and labelled by a mail program is masked line by line; wrong ones and wrong tokens show nothing either.
  const wrapped = `The code:\n${code.replaceAll(/.{60}/g, '$&\n')}`;
  expect((await rig.action({ operation: 'status', ...connection, 'invitation-code': wrapped })).exitCode).toBe(0);
  expect((await rig.action({ operation: 'status', ...connection, 'invitation-code': code.slice(0, -40) })).exitCode).toBe(2);
  expect(
    (
      await rig.action({
        operation: 'sync',
        ...connection,
        'jira-email': secrets.email,
        'jira-token': `${secrets.jiraToken}-wrong`,
      })
    ).exitCode,
  ).toBe(1);
  rig.github.revokeToken(secrets.githubToken);
  expect((await rig.action({ operation: 'accept', ...connection })).exitCode).toBe(1);
  const words = Object.entries({ ...connection, operation: 'status' }).flatMap(([name, value]) =>
    name === 'operation' ? [] : [`--${name}`, value],
  );
  expect((await rig.cli(['status', '--json', ...words])).exitCode).toBe(0);

  const left = [
    ...(await leftovers(rig)),
    await openedState(rig, { connectionId: invitation.connectionId, secret: invitation.secret }),
  ];
  expect(left.length).toBeGreaterThan(100);
  // What crossed is found where it crossed and where it is reported, so the search does look there.
  const crossed = findSecrets(left, { title: 'Cache never expires' });
  for (const place of [
    /github_step_summary$/,
    /sallyport-report\.json$/,
    /in POST .*\/rest\/api\/3\/issue/,
    /in Jira$/,
    /in GitHub$/,
    /in opened state$/,
  ])
    expect(crossed).toContainEqual(expect.stringMatching(place));
  const found = findSecrets(left, {
    'Jira token': secrets.jiraToken,
    authorization: `${secrets.email}:${secrets.jiraToken}`,
    'GitHub token': secrets.githubToken,
    passphrase: secrets.passphrase,
    'connection secret': invitation.secret,
    'raw connection secret': Buffer.from(invitation.secret, 'base64url').toString('latin1'),
  });
  expect(found).toEqual([]);
  // The sealed code is there to be shown once: in the summary and the report of the job that initiated.
  const shown = findSecrets(left, { code }).filter(
    (place) => !/^code in job-1\/(?:github_step_summary|temporary\/sallyport-report\.json)$/.test(place),
  );
  expect(shown).toEqual([]);
}, 120_000);

/** The state as only a holder of the connection's secret can read it. */
async function openedState(rig: Rig, connection: { readonly connectionId: string; readonly secret: string }): Promise<Leftover> {
  const { connectionId, secret } = connection;
  const { stateId: id } = z
    .object({ stateId: z.string() })
    .parse(rig.jira.people.userProperties(rig.people.sync)[`sallyport.${connectionId}.run`]);
  const blob = await createDirectoryStore(join(rig.directory, 'state')).load(id);
  const opened = openState(blob ?? new Uint8Array(), { keys: [stateKey(Buffer.from(secret, 'base64url'))], connectionId, id });
  if (opened.kind === 'unreadable') throw new Error(`the state is unreadable: ${opened.reason}`);
  return { name: 'opened state', bytes: Buffer.from(JSON.stringify(opened.json)) };
}

test('an initiate in a terminal shows its code and passphrase once, and leaves them nowhere else', async () => {
  const rig = await createRig();
  const { operation: _, passphrase: __, ...inputs } = initiateInputs(rig);
  const environment = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`SALLYPORT_${name.toUpperCase().replaceAll('-', '_')}`, value]),
  );
  const end = await rig.cli(['initiate', '--log-level', 'debug'], environment);
  expect(end.exitCode).toBe(0);
  const code = sealedCode.exec(end.stdout)?.[0] ?? '';
  const passphrase = /^(\w{4}(?:-\w{4}){5})$/m.exec(end.stdout)?.[1] ?? '';
  const invitation = decodeInvitation(code, { passphrase });
  expect(invitation.credentials).toEqual({ email: secrets.email, token: secrets.jiraToken });
  const places = findSecrets(await leftovers(rig), {
    code,
    passphrase,
    'connection secret': invitation.secret,
    'Jira token': secrets.jiraToken,
  });
  expect(places).toEqual(['code in job-1/stdout', 'passphrase in job-1/stdout']);
});

test('a secret that somebody wrote into an issue is hidden in the plan of a dry run, as text and as JSON', async () => {
  const rig = await createRig();
  const connection = await rig.initiate({});
  await rig.action({ operation: 'accept', ...connection });
  rig.jira.people.createIssue({
    project: 'ACME',
    as: rig.people.ann,
    summary: `Who uses ${secrets.jiraToken}?`,
    description: `${'It has been there for long. '.repeat(20)}${secrets.jiraToken}`,
    labels: ['sync'],
  });
  const words = [
    '--project',
    rig.repository,
    ...Object.entries(connection).flatMap(([name, value]) => [`--${name}`, value ?? '']),
  ];
  for (const more of [[], ['--json']]) {
    const { exitCode, stdout, stderr } = await rig.cli(['sync', '--dry-run', ...more, ...words]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain('Who uses ***?');
    expect(stdout).not.toContain(secrets.jiraToken.slice(0, 8));
  }
});

test('the search finds a secret in every form that it looks for', () => {
  const secret = secrets.jiraToken;
  const texts = [secret, `x${secret}`, `{"a":${JSON.stringify(secret)}}`].flatMap((text) => [
    text,
    Buffer.from(text).toString('base64'),
    Buffer.from(text).toString('base64url'),
    encodeURIComponent(text),
    Buffer.from(text).toString('hex'),
  ]);
  const missed = texts.filter((text) => findSecrets([{ name: 'here', bytes: Buffer.from(text) }], { secret }).length === 0);
  expect(missed).toEqual([]);
  expect(formsOf('abcdefghij').every((form) => form.length >= 8)).toBe(true);
});
