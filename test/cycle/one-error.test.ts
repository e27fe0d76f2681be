import { expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import { SallyportError, exitCodes, kindOf, messageOf } from '../../src/errors.ts';
import { matchingRequests } from '../../src/simulators/faults.ts';
import type { Fault, FaultPlan } from '../../src/simulators/simulator.ts';
import type { World, WorldOptions } from './world.ts';
import { createWorld } from './world.ts';

const initiateInputs: RawInputs = {
  operation: 'initiate',
  'jira-url': 'https://acme.atlassian.net',
  'jira-project': 'ACME',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
  passphrase: 'a passphrase for tests',
};

/** A world with a Pending connection, and the inputs that open it. */
async function pending(options: WorldOptions = {}): Promise<{ world: World; connection: RawInputs }> {
  const world = createWorld(options);
  const outcome = await world.run(initiateInputs);
  if (outcome.kind !== 'initiated') throw new Error('initiate gave no code');
  world.clock.advance(60_000);
  const passphrase = 'a passphrase for tests';
  return { world, connection: { 'invitation-code': outcome.code ?? '', passphrase, state: 'memory' } };
}

async function errorOf(world: World, inputs: RawInputs): Promise<SallyportError> {
  const error: unknown = await world.run(inputs).catch((thrown: unknown) => thrown);
  if (error instanceof SallyportError) return error;
  throw new Error(`no SallyportError: ${messageOf(error)}`);
}

const operations = ['sync', 'accept'] as const;

for (const operation of operations) {
  test(`a wrong tracker-token is one finding, and only ${operation} is named, which was run`, async () => {
    const { world, connection } = await pending();
    const error = await errorOf(world, { ...connection, operation, 'tracker-token': 'ghp_wrong' });
    expect(error.message).toBe(
      `api.github.com does not take tracker-token: it is wrong, expired or revoked. Make a new one. Then run ${operation} again.`,
    );
    expect(exitCodes[error.kind]).toBe(1);
  });

  test(`a repository that ${operation} cannot see is a matter of configuration, with both reasons it can have`, async () => {
    const { world, connection } = await pending();
    const error = await errorOf(world, { ...connection, operation, project: 'acme/nope' });
    expect(error).toMatchObject({ kind: 'configuration', status: 404 });
    expect(error.message).toMatch(/^project: [^:]*no repository acme\/nope[^:]*: it is not there, or the token cannot see it\./);
    expect(exitCodes[kindOf(error)]).toBe(2);
  });

  test(`a project that Jira does not show any more is said before ${operation} accepts, and nothing is written`, async () => {
    const { world, connection } = await pending();
    const held = structuredClone(world.jira.people.userProperties(world.people.sync));
    world.jira.people.setPermissions(world.people.sync, [], 'ACME');
    const error = await errorOf(world, { ...connection, operation });
    expect(error.message).toMatch(/^Jira does not show project ACME to the account any more/);
    expect(error.message).toMatch(new RegExp(`[^.]\\. Then run ${operation} again\\.$`));
    expect(error.message).not.toContain('..');
    expect(exitCodes[kindOf(error)]).toBe(1);
    expect(world.jira.people.userProperties(world.people.sync)).toEqual(held);
  });
}

test('a missing repository for files is a matter of configuration, too', async () => {
  const { world, connection } = await pending();
  const error = await errorOf(world, { ...connection, operation: 'accept', 'attachments-repository': 'acme/files' });
  expect(error).toMatchObject({ kind: 'configuration' });
  expect(error.message).toMatch(/^attachments-repository: [^:]*no repository acme\/files/);
});

test('an account without write access is one finding, although files could not be written either', async () => {
  const { world, connection } = await pending();
  world.github.setPermissions({ repository: world.repository, login: 'syncbot', permission: 'read' });
  const error = await errorOf(world, { ...connection, operation: 'sync' });
  expect(error.message).toBe(
    'The private tracker cannot be used yet. issues: write: syncbot may not write issues of acme/app. Grant it write access, or give a token of an account that has it. Then run sync again.',
  );
});

test('findings of different causes are told together, each with what to do', async () => {
  const { world, connection } = await pending();
  world.github.setHasIssues(world.repository, false);
  world.github.archive(world.repository);
  const error = await errorOf(world, { ...connection, operation: 'accept' });
  expect(error.message).toBe(
    "The private tracker cannot be used yet. issues enabled: issues are disabled in acme/app. Enable them in the repository's settings. not archived: acme/app is archived and cannot be written. Unarchive it in the repository's settings. Then run accept again.",
  );
});

test('a host that cannot be reached is asked once, and its error said once', async () => {
  const asked: string[] = [];
  let isReachable = true;
  const plan: FaultPlan = ({ url }) => {
    if (isReachable) return undefined;
    asked.push(new URL(url).pathname);
    return { kind: 'lost-before' };
  };
  const { world, connection } = await pending({ github: { faults: plan } });
  isReachable = false;
  const error = await errorOf(world, { ...connection, operation: 'sync' });
  expect(new Set(asked)).toEqual(new Set(['/user']));
  expect(error.message.match(/GitHub|api\.github\.com/g)).toHaveLength(1);
});

test.each(['sync', 'status', 'accept'])('a revoked Jira token names %s alone, which was run', async (operation) => {
  const { world, connection } = await pending();
  world.jira.people.revokeToken(world.people.sync);
  const error = await errorOf(world, { ...connection, operation });
  expect(error.message).toMatch(new RegExp(`Check the API token[^.]*\\. Then run ${operation} again\\.$`));
  expect(error.message.match(/again/g)).toHaveLength(1);
});

const statuses = [200, 401, 403, 404, 429, 503] as const;

for (const status of statuses) {
  const page: Fault = { kind: 'html', status };

  test(`a web page with ${status} in place of GitHub is said to come from a proxy or a login page`, async () => {
    const { world, connection } = await pending({ github: { faults: matchingRequests({}, page) } });
    const error = await errorOf(world, { ...connection, operation: 'sync' });
    expect(error.message).toMatch(/a proxy or a login page/);
    expect(error.message).toContain('api.github.com');
    expect(error.message).not.toMatch(/permission|is wrong, expired/);
    expect(exitCodes[kindOf(error)]).toBe(1);
  });

  test(`a web page with ${status} in place of Jira is said to come from a proxy or a login page`, async () => {
    const { world, connection } = await pending({ jira: { faults: matchingRequests({ path: /search/, skip: 1 }, page) } });
    const error = await errorOf(world, { ...connection, operation: 'sync' });
    expect(error.message).toMatch(/a proxy or a login page/);
    expect(error.message).toContain('acme.atlassian.net');
    expect(error.message).not.toMatch(/permission/);
    expect(exitCodes[kindOf(error)]).toBe(1);
  });
}

test('a login page in place of the site at initiate is no matter of jira-token', async () => {
  const world = createWorld({ jira: { faults: matchingRequests({ path: /myself/ }, { kind: 'html', status: 403 }) } });
  const error = await errorOf(world, initiateInputs);
  expect(error.message).toMatch(/a proxy or a login page/);
  expect(error.message).not.toMatch(/jira-token/);
});
