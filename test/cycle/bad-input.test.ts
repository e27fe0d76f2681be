import { expect, test } from 'vitest';
import type { RawInputs } from '../../src/config/inputs.ts';
import { SallyportError, exitCodes, kindOf } from '../../src/errors.ts';
import { matchingRequests } from '../../src/simulators/faults.ts';
import type { Fault } from '../../src/simulators/simulator.ts';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import type { World, WorldOptions } from './world.ts';
import { createWorld } from './world.ts';

const dayMs = 24 * 60 * 60_000;
const passphrase = 'a passphrase for tests';
const initiateInputs: RawInputs = {
  operation: 'initiate',
  'jira-url': 'https://acme.atlassian.net',
  'jira-project': 'ACME',
  'jira-email': 'sync@example.org',
  'jira-token': 'jira-token-for-tests',
  passphrase,
};

interface Bad {
  readonly name: string;
  readonly exitCode: number;
  readonly message: RegExp;
  readonly world?: WorldOptions;
  /** What happens between the initiation and the run. */
  readonly before?: (world: World, code: string) => void | Promise<void>;
  /** Default: sync with the code and its passphrase. */
  readonly inputs: (code: string) => RawInputs;
}

function sync(code: string, more: RawInputs = {}): RawInputs {
  return { operation: 'sync', 'invitation-code': code, passphrase, state: 'memory', ...more };
}

const dataCenter: RawInputs = {
  tracker: 'jira-dc',
  'tracker-url': 'https://jira.corp.example/jira',
  project: 'APP',
  'tracker-token': 'pat-for-tests',
};

/** A person with the account's credentials changes or removes a key of the record. */
async function property(
  world: World,
  change: { readonly suffix: '' | '.accept'; readonly value: ((record: object) => object) | undefined },
): Promise<void> {
  const properties = world.jira.people.userProperties(world.people.sync);
  const key =
    Object.keys(properties).find((name) =>
      change.suffix === '' ? /^sallyport\.[^.]+$/.test(name) : name.endsWith(change.suffix),
    ) ?? '';
  const value = change.value?.(Object(properties[key]));
  const answer = await world.jira.fetch(
    new Request(`https://acme.atlassian.net/rest/api/3/user/properties/${key}?accountId=${world.people.sync}`, {
      method: value === undefined ? 'DELETE' : 'PUT',
      headers: {
        authorization: `Basic ${Buffer.from('sync@example.org:jira-token-for-tests').toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(value === undefined ? {} : { body: JSON.stringify(value) }),
    }),
  );
  expect(answer.ok).toBe(true);
}

const page: Fault = { kind: 'html', status: 200 };

const bad: readonly Bad[] = [
  { name: 'an empty code', exitCode: 2, message: /invitation-code is missing/, inputs: () => sync('') },
  {
    name: 'something that is no code',
    exitCode: 2,
    message: /not an invitation code/,
    inputs: () => sync('please sync my project'),
  },
  { name: 'a code cut short', exitCode: 2, message: /cut short/, inputs: (code) => sync(code.slice(0, -40)) },
  {
    name: 'a code without its check',
    exitCode: 2,
    message: /cut short/,
    inputs: (code) => sync(code.slice(0, code.lastIndexOf('.'))),
  },
  {
    name: 'an altered code',
    exitCode: 2,
    message: /altered/,
    inputs: (code) => sync(code.slice(0, 100) + (code[100] === 'A' ? 'B' : 'A') + code.slice(101)),
  },
  {
    name: 'a code of a newer version',
    exitCode: 2,
    message: /newer Sallyport/,
    inputs: (code) => sync(code.replace('sallyport1s.', 'sallyport2s.')),
  },
  {
    name: 'a sealed code without a passphrase',
    exitCode: 2,
    message: /no passphrase was given/,
    inputs: (code) => sync(code, { passphrase: '' }),
  },
  {
    name: 'a wrong passphrase',
    exitCode: 2,
    message: /passphrase does not open it/,
    inputs: (code) => sync(code, { passphrase: 'some other passphrase' }),
  },
  {
    name: 'an expired code',
    exitCode: 2,
    message: /expired on/,
    before: (world) => world.clock.advance(31 * dayMs),
    inputs: (code) => sync(code),
  },
  {
    name: 'a code that a newer one replaced',
    exitCode: 2,
    message: /replaced by a newer one/,
    before: (world) => property(world, { suffix: '', value: (record) => ({ ...record, secretHash: '0'.repeat(64) }) }),
    inputs: (code) => sync(code),
  },
  {
    name: 'a code that another destination accepted',
    exitCode: 2,
    message: /already accepted by another destination/,
    before: async (world, code) => {
      world.github.addRepository({ owner: 'acme', name: 'other', private: true, ownerIsOrganization: true });
      await world.run({ operation: 'accept', 'invitation-code': code, passphrase });
    },
    inputs: (code) => sync(code, { project: 'acme/other' }),
  },
  {
    name: 'a code of a removed connection',
    exitCode: 2,
    message: /connection was removed/,
    before: (world) => property(world, { suffix: '', value: undefined }),
    inputs: (code) => sync(code),
  },
  {
    name: 'a record of a newer format',
    exitCode: 2,
    message: /newer Sallyport/,
    before: (world) => property(world, { suffix: '', value: (record) => ({ ...record, format: 99 }) }),
    inputs: (code) => sync(code),
  },
  {
    name: 'a revoked Jira token',
    exitCode: 1,
    message: /acme\.atlassian\.net/,
    before: (world) => world.jira.people.revokeToken(world.people.sync),
    inputs: (code) => sync(code),
  },
  {
    name: 'a wrong Jira token at initiate',
    exitCode: 1,
    message: /jira-token/,
    world: { jira: { gatewayHost: 'api.atlassian.com' } },
    inputs: () => ({ ...initiateInputs, 'jira-token': 'a wrong token' }),
  },
  {
    name: 'a wrong Jira token at initiate where a firewall stops the gateway host',
    exitCode: 1,
    message: /jira-token/,
    inputs: () => ({ ...initiateInputs, 'jira-token': 'a wrong token' }),
  },
  {
    name: 'credentials of another Jira account',
    exitCode: 2,
    message: /another Jira account/,
    before: (world) =>
      void world.jira.people.addAccount({ displayName: 'Zoe', email: 'zoe@example.org', apiToken: 'token-of-zoe' }),
    inputs: (code) => sync(code, { 'jira-email': 'zoe@example.org', 'jira-token': 'token-of-zoe' }),
  },
  {
    name: 'a wrong GitHub token',
    exitCode: 1,
    message: /tracker-token/,
    inputs: (code) => sync(code, { 'tracker-token': 'ghp_wrong' }),
  },
  {
    name: 'a missing Jira permission at initiate',
    exitCode: 1,
    message: /lacks Create issues in project OPS/,
    before: (world) => {
      world.jira.people.addProject({ key: 'OPS', name: 'Operations' });
      world.jira.people.setPermissions(
        world.people.sync,
        memberPermissions.filter((permission) => permission !== 'CREATE_ISSUES'),
        'OPS',
      );
    },
    inputs: () => ({ ...initiateInputs, 'jira-project': 'OPS' }),
  },
  {
    name: 'a missing GitHub permission',
    exitCode: 1,
    message: /may not write issues/,
    before: (world) => world.github.setPermissions({ repository: world.repository, login: 'syncbot', permission: 'read' }),
    inputs: (code) => sync(code),
  },
  {
    name: 'a Jira project that is not there',
    exitCode: 2,
    message: /no project NOPE/,
    inputs: () => ({ ...initiateInputs, 'jira-project': 'NOPE' }),
  },
  {
    name: 'a repository that is not there',
    exitCode: 2,
    message: /no repository acme\/nope/,
    inputs: (code) => sync(code, { project: 'acme/nope' }),
  },
  {
    name: 'a repository that is public',
    exitCode: 2,
    message: /allow-public/,
    world: { publicRepository: true },
    inputs: (code) => sync(code),
  },
  { name: 'a second connection over the same project', exitCode: 2, message: /already/, inputs: () => initiateInputs },
  {
    name: 'plain http to Jira',
    exitCode: 2,
    message: /plain http/,
    inputs: () => ({ ...initiateInputs, 'jira-url': 'http://acme.atlassian.net' }),
  },
  {
    name: 'plain http to a public GitHub',
    exitCode: 2,
    message: /plain http/,
    inputs: (code) => sync(code, { 'tracker-url': 'http://github.example.com', 'tracker-token': 'ghp_token' }),
  },
  {
    name: "a job's own token for another server",
    exitCode: 2,
    message:
      /tracker-token is missing: a token for that repository at https:\/\/github\.example\.com.*sent to its own server only/,
    inputs: (code) => sync(code, { 'tracker-url': 'https://github.example.com' }),
  },
  {
    name: 'a site that is not Jira Cloud',
    exitCode: 2,
    message: /jira-url/,
    world: { jira: { faults: matchingRequests({ path: /tenant_info|serverInfo/ }, { kind: 'status', status: 404 }) } },
    inputs: () => initiateInputs,
  },
  {
    name: 'an unclosed JQL trigger',
    exitCode: 2,
    message: /trigger/,
    inputs: () => ({ ...initiateInputs, trigger: 'labels = sync) OR (project = SECRET' }),
  },
  {
    name: 'a JQL trigger with a syntax error',
    exitCode: 2,
    message: /does not accept the JQL/,
    inputs: () => ({ ...initiateInputs, trigger: 'labels == sync' }),
  },
  ...(['sync', 'accept'] as const).flatMap((operation) => [
    {
      name: `a narrowing JQL with a syntax error at ${operation}`,
      exitCode: 2,
      message: /^SallyportError: Jira does not accept [^:]*public-trigger/,
      inputs: (code: string) => sync(code, { operation, 'public-trigger': 'labels == sync' }),
    },
    {
      name: `an unclosed narrowing JQL at ${operation}`,
      exitCode: 2,
      message: /public-trigger/,
      inputs: (code: string) => sync(code, { operation, 'public-trigger': 'labels = a) OR (labels = b' }),
    },
    {
      name: `a trigger of the private side with a syntax error at ${operation}`,
      exitCode: 2,
      message: /^SallyportError: Jira does not accept private-trigger/,
      inputs: (code: string) => sync(code, { operation, ...dataCenter, 'private-trigger': 'labels == sync' }),
    },
    {
      name: `a trigger that is none at ${operation}`,
      exitCode: 2,
      message: /private-trigger/,
      inputs: (code: string) => sync(code, { operation, 'private-trigger': 'label:sync' }),
    },
  ]),
  {
    name: 'an unknown operation',
    exitCode: 2,
    message: /operation: "synch" is not one of sync, initiate/,
    inputs: (code) => sync(code, { operation: 'synch' }),
  },
  {
    name: 'several wrong inputs, all named at once,',
    exitCode: 2,
    message: /3 problems:[\s\S]*max-changes[\s\S]*time-budget[\s\S]*invitation-code/,
    inputs: () => sync('', { 'time-budget': 'soon', 'max-changes': '-1' }),
  },
];

/** All that both trackers hold. */
function everything(world: World): unknown {
  const { jira, github, repository } = world;
  return structuredClone([
    jira.people.issues(),
    jira.people.userProperties(world.people.sync),
    github.issues(repository),
    github.labels(repository),
    github.branches(repository),
    world.dc.people.issues(),
  ]);
}

/** A world with an issue on each side that a sync would copy, and a sealed code; undefined where initiating fails as it should. */
async function initiated(options: WorldOptions): Promise<{ world: World; code: string }> {
  const world = createWorld(options);
  const outcome = await world.run(initiateInputs).catch((error: unknown) => error);
  world.clock.advance(60_000);
  world.jira.people.createIssue({ project: 'ACME', as: world.people.ann, summary: 'From Jira', labels: ['sync'] });
  world.github.createIssue({ repository: world.repository, as: 'dana', title: 'From GitHub', labels: ['sync'] });
  const code =
    outcome instanceof Error || typeof outcome !== 'object' || outcome === null || !('code' in outcome)
      ? ''
      : String(outcome.code);
  return { world, code };
}

for (const { name, exitCode, message, world: options = {}, before, inputs } of bad) {
  test(`${name} gives one clear error, exit code ${exitCode}, and writes nothing`, async () => {
    const { world, code } = await initiated(options);
    await before?.(world, code);
    const held = everything(world);
    const error = await (async () => world.run(inputs(code)))().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SallyportError);
    expect(String(error)).toMatch(message);
    expect(exitCodes[kindOf(error)]).toBe(exitCode);
    expect(everything(world)).toEqual(held);
    for (const secret of [passphrase, 'jira-token-for-tests', 'ghp_token_for_tests', ...code.split('.').slice(1)])
      expect(String(error)).not.toContain(secret);
  });
}

for (const { side, options, host } of [
  {
    side: 'Jira',
    options: { jira: { faults: matchingRequests({ path: /user\/properties/, skip: 2 }, page) } },
    host: /acme\.atlassian\.net/,
  },
  { side: 'GitHub', options: { github: { faults: matchingRequests({}, page) } }, host: /api\.github\.com/ },
] satisfies readonly { side: string; options: WorldOptions; host: RegExp }[]) {
  test(`a web page of a proxy instead of ${side}'s answer gives one clear error and exit code 1`, async () => {
    const { world, code } = await initiated(options);
    const issues = [world.jira.people.issues(), world.github.issues(world.repository)];
    const error = await world.run(sync(code)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SallyportError);
    expect(String(error)).toMatch(host);
    expect(String(error)).toMatch(/web page|HTML|JSON/i);
    expect(exitCodes[kindOf(error)]).toBe(1);
    expect([world.jira.people.issues(), world.github.issues(world.repository)]).toEqual(issues);
  });
}
