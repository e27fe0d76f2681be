import { expect, test } from 'vitest';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

const given = {
  operation: 'initiate',
  'jira-url': 'https://acme.atlassian.net',
  'jira-project': 'ACME',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
} as const;
const passphrase = 'a passphrase that is long';

const record = (world: World): string => JSON.stringify(world.jira.people.userProperties(world.people.sync));

function addKeeper(world: World, secrets: 'read' | 'write'): string {
  const token = `ghp_keeper_that_may_${secrets}`;
  world.github.addToken({ kind: 'fine-grained', token, login: 'syncbot', access: { secrets } });
  return token;
}

test('an initiate whose code cannot be made or saved leaves no record', async () => {
  const world = createWorld();
  const before = record(world);
  const saved = { passphrase, 'save-secret': 'true', project: 'acme/app' };
  for (const [more, message] of [
    [{ passphrase: 'ab' }, /passphrase: too short/],
    [{ ...saved, 'tracker-url': 'https://github.example.com' }, /save-secret needs project and tracker-token/],
    [{ ...saved, 'save-secret': 'GITHUB_X', 'tracker-token': 'ghp_token_for_tests' }, /is no name of a secret/],
    [{ ...saved, project: 'acme/none', 'tracker-token': 'ghp_token_for_tests' }, /GitHub answered 404/],
    [
      { ...saved, 'tracker-token': addKeeper(world, 'read') },
      /GitHub answered 403.*The record was taken back: no connection was initiated/,
    ],
  ] as const) {
    await expect(world.run({ ...given, ...more }), String(message)).rejects.toThrow(message);
    expect(record(world), String(message)).toBe(before);
  }
  const outcome = await world.run({ ...given, ...saved, 'tracker-token': addKeeper(world, 'write') });
  expect(outcome).toMatchObject({ savedAs: 'SALLYPORT_INVITATION', code: undefined });
  expect(world.violations()).toEqual([]);
});

/** Refusals of a reissue, each of which must leave the record and the code before as they were. */
async function refusedReissues(world: World, more: Readonly<Record<string, string>>): Promise<void> {
  const before = record(world);
  const inputs = { ...world.inputs, operation: 'reissue', 'save-secret': 'true', project: 'acme/app', ...more } as const;
  for (const [wrong, message] of [
    [{ 'save-secret': 'GITHUB_X', 'tracker-token': 'ghp_token_for_tests' }, /is no name of a secret/],
    [{ 'tracker-token': 'ghp_token_for_tests', passphrase: 'ab' }, /passphrase: too short/],
    [{ 'tracker-token': addKeeper(world, 'read') }, /GitHub answered 403/],
  ] as const) {
    await expect(world.run({ ...inputs, ...wrong }), String(message)).rejects.toThrow(message);
    const now = record(world);
    // A finish is a cycle before that, which the record tells of.
    expect(initiatorOf(now), String(message)).toEqual(initiatorOf(before));
  }
}

function initiatorOf(properties: string): unknown {
  const all: Record<string, unknown> = JSON.parse(properties);
  return Object.entries(all).find(([key]) => /^sallyport\.[a-z0-9]{10}$/.test(key))?.[1];
}

test.each(['Pending', 'Active'] as const)(
  'a reissue of a %s connection whose code cannot be saved changes nothing',
  async (status) => {
    const world = createWorld();
    if (status === 'Active') await world.connect();
    else {
      const outcome = await world.run({ ...given, unsealed: 'true' });
      if (outcome.kind === 'initiated') world.inputs = { 'invitation-code': outcome.code ?? '' };
    }
    await refusedReissues(world, {});
  },
);

test('a finish of a reissue whose code cannot be saved keeps the key before, and can be repeated', async () => {
  const world = createWorld();
  await world.connect();
  await world.cycle();
  const begun = await world.run({ operation: 'reissue', unsealed: 'true', ...world.inputs });
  if (begun.kind !== 'reissued' || begun.code === undefined) throw new Error('no code');
  world.inputs = { ...world.inputs, 'invitation-code': begun.code };
  await world.run({ operation: 'sync', ...world.inputs });
  await refusedReissues(world, { finish: 'true' });
  const finished = await world.run({ operation: 'reissue', finish: 'true', unsealed: 'true', ...world.inputs });
  expect(finished).toMatchObject({ stage: 'finished' });
});

test('where an answer was lost, both codes of an accepted connection stay good', async () => {
  const world = createWorld();
  await world.connect();
  await world.cycle();
  world.rewrite = async (request) => {
    if (request.method === 'PUT' && request.url.includes('/actions/secrets/')) throw new Error('the connection broke');
    return request;
  };
  const saving = { operation: 'reissue', 'save-secret': 'true', 'tracker-token': addKeeper(world, 'write') } as const;
  await expect(world.run({ ...world.inputs, ...saving, project: 'acme/app' })).rejects.toThrow(
    /The code before is still good, and the new one, too, if it was saved. Run reissue again/,
  );
  expect(initiatorOf(record(world))).toHaveProperty('previousSecretHash');
  expect((await world.run({ operation: 'sync', ...world.inputs })).kind).toBe('synced');
  expect(await world.run({ operation: 'reissue', unsealed: 'true', ...world.inputs })).toMatchObject({ stage: 'begun' });
});
