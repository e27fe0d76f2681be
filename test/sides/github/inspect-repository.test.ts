import { describe, expect, it } from 'vitest';
import { readAccount } from '../../../src/sides/github/account.ts';
import { createGitHubApi } from '../../../src/sides/github/github-api.ts';
import { inspectRepository } from '../../../src/sides/github/inspect-repository.ts';
import type { InspectOptions } from '../../../src/sides/github/inspect-repository.ts';
import { newLines, openWorld, shapes } from './setup.ts';
import type { World, WorldOptions } from './setup.ts';

function inspect(world: World, more: Partial<InspectOptions> = {}) {
  return inspectRepository({
    gateway: world.gateway,
    addresses: world.addresses,
    repository: { owner: 'acme', name: 'app' },
    token: async () => 'sync-token',
    attachments: 'repository',
    ...more,
  });
}

function api(world: World, token: string) {
  return createGitHubApi({ gateway: world.gateway, addresses: world.addresses, token: async () => token });
}

/** A world with a job's token; `answers` come before the simulator's. */
function withJob(options: WorldOptions = {}) {
  const world = openWorld(options);
  world.github.addToken({ kind: 'job', token: 'job', repositories: ['acme/app'] });
  return world;
}

describe.each(shapes)('inspecting a repository at %s', (shape) => {
  it('passes every check of a good one and tells what accept needs', async () => {
    const world = openWorld({ shape });

    const { checks, facts } = await inspect(world);

    expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(checks.every(({ next }) => next === undefined)).toBe(true);
    expect(facts).toMatchObject({
      fullName: 'acme/app',
      isPrivate: true,
      visibility: 'private',
      account: world.sync,
      types: shape === 'ghes' ? 'labels' : 'issue-types',
      typeNames: shape === 'ghes' ? [] : ['Task', 'Bug'],
    });
    expect(world.violations).toEqual([]);
  });

  it('writes nothing', async () => {
    const world = openWorld({ shape });
    await inspect(world);
    expect(world.lines.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('inspecting a repository', () => {
  it.each([
    ['a wrong token', { token: async () => 'wrong' }, 'permission', /does not take tracker-token/],
    [
      'a repository that the token cannot see',
      { repository: { owner: 'acme', name: 'nowhere' } },
      'configuration',
      /^project: .*shows no repository acme\/nowhere/,
    ],
    [
      'a repository for files that the token cannot see',
      { attachmentsRepository: { owner: 'acme', name: 'missing' } },
      'configuration',
      /^attachments-repository: .*shows no repository acme\/missing/,
    ],
  ])('ends with %s', async (_name, more, kind, message) => {
    await expect(inspect(openWorld(), more)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('ends where a web page answers instead', async () => {
    const world = openWorld({ before: () => new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } }) });
    await expect(inspect(world)).rejects.toMatchObject({ kind: 'answer', message: expect.stringContaining('web page') });
  });

  it('asks nothing more of a host once it does not answer', async () => {
    const world = openWorld();
    world.faults.push({ when: /issues\?/, fault: { kind: 'status', status: 401 } });
    await expect(inspect(world)).rejects.toMatchObject({ kind: 'permission', status: 401 });
    expect(world.lines.at(-1)?.pattern).toMatch(/issues$/);
  });

  it("fails on disabled issues, an archive and a reader's token, each with what to do", async () => {
    const world = openWorld();
    world.github.setHasIssues('acme/app', false);
    world.github.archive('acme/app');
    const { checks } = await inspect(world, { token: async () => 'rae-token' });
    const failed = checks.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ name }) => name)).toEqual(['issues enabled', 'not archived', 'issues: write']);
    expect(failed.every(({ next }) => next !== undefined)).toBe(true);
  });

  it('shows that a repository is public', async () => {
    const { facts } = await inspect(openWorld({ private: false }));
    expect(facts).toMatchObject({ isPrivate: false, visibility: 'public' });
  });

  it('warns of what cannot be told for a job', async () => {
    const { checks, facts } = await inspect(withJob(), { token: async () => 'job' });
    expect(facts.account.displayName).toBe('github-actions[bot]');
    expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it('lets labels stand for types where the owner has none', async () => {
    const { facts } = await inspect(openWorld({ issueTypes: undefined }));
    expect(facts).toMatchObject({ types: 'labels', typeNames: [] });
  });

  it('looks at the repository that the files go to', async () => {
    const world = openWorld();
    world.github.addRepository({ owner: 'acme', name: 'files', private: true });
    const { checks } = await inspect(world, { attachmentsRepository: { owner: 'acme', name: 'files' } });
    expect(checks.find(({ name }) => name === 'attachments repository')).toMatchObject({ outcome: 'passed' });
    const listed = await inspect(world, { attachments: 'list-only' });
    expect(listed.checks.find(({ name }) => name === 'attachments')).toMatchObject({ outcome: 'passed' });
  });
});

describe('the account of a token', () => {
  it('is github-actions[bot] by its fixed id for a job at github.com', async () => {
    const before = (request: Request) =>
      request.url.endsWith('/graphql') ? Response.json({ message: 'Not Found' }, { status: 404 }) : undefined;
    expect(await readAccount(api(withJob({ before }), 'job'))).toEqual({
      id: '41898282',
      displayName: 'github-actions[bot]',
      isConnection: true,
    });
  });

  it.each(shapes)('is whom GraphQL names where it does, on %s', async (shape) => {
    const world = withJob({ shape });
    const { id } = world.github.addUser({ login: 'github-actions[bot]' });
    expect(await readAccount(api(world, 'job'))).toEqual({
      id: String(id),
      displayName: 'github-actions[bot]',
      isConnection: true,
    });
    expect(newLines(world)).toContainEqual(expect.stringMatching(/^POST .*graphql 200$/));
    expect(world.violations).toEqual([]);
  });

  it('is looked up by its name on a GHES, and for an app, where GraphQL does not tell', async () => {
    const before = (request: Request) =>
      request.url.endsWith('/graphql') ? Response.json({ message: 'Not Found' }, { status: 404 }) : undefined;
    const ghes = withJob({ shape: 'ghes', before });
    const { id } = ghes.github.addUser({ login: 'github-actions[bot]' });
    expect(await readAccount(api(ghes, 'job'))).toMatchObject({ id: String(id), displayName: 'github-actions[bot]' });
    const withApp = withJob({ before });
    const gate = withApp.github.addUser({ login: 'gate[bot]', isBot: true });
    expect(await readAccount(api(withApp, 'job'), 'gate')).toMatchObject({ id: String(gate.id), displayName: 'gate[bot]' });
    expect([...ghes.violations, ...withApp.violations]).toEqual([]);
  });

  it('that cannot be found out is an error that says what to do', async () => {
    const world = withJob({
      shape: 'ghes',
      before: (request) => (/graphql|\/users\//.test(request.url) ? Response.json({}, { status: 404 }) : undefined),
    });
    await expect(readAccount(api(world, 'job'))).rejects.toMatchObject({
      kind: 'permission',
      message: expect.stringContaining('could not be found out'),
    });
  });
});
