import { describe, expect, it } from 'vitest';
import { nthRequest } from '../../../src/simulators/faults.ts';
import { serveLazily } from '../../../src/simulators/serve.ts';
import { ConnectionLost, createVirtualClock } from '../../../src/simulators/simulator.ts';
import { createGitHubSimulator } from '../../../src/simulators/github/github.ts';
import type { GitHubSimulator } from '../../../src/simulators/github/github.ts';
import { call, setUp, startMs } from './setup.ts';

const issues = '/repos/acme/app/issues';
const statusOf = async (github: GitHubSimulator, line: string, options?: { token?: string; body?: unknown }): Promise<number> =>
  (await call(github, line, options)).status;

describe('tokens', () => {
  it('hide private repositories from those who may not read them', async () => {
    const { github } = setUp();
    github.addUser({ login: 'eve', token: 'eve-token', permission: 'none' });
    expect(await statusOf(github, 'GET /repos/acme/app', { token: 'eve-token' })).toBe(404);
    expect(await statusOf(github, 'GET /repos/acme/app')).toBe(404);
    github.addRepository({ owner: 'acme', name: 'open' });
    expect(await statusOf(github, 'GET /repos/acme/open/issues')).toBe(200);
    expect(await statusOf(github, 'POST /repos/acme/open/issues', { body: { title: 'A' } })).toBe(401);
  });

  it('are refused once revoked or expired, and tell their expiry', async () => {
    const { github, clock } = setUp();
    github.revokeToken('ada-token');
    expect(await statusOf(github, 'GET /user', { token: 'ada-token' })).toBe(401);
    github.restoreToken('ada-token');
    expect(await statusOf(github, 'GET /user', { token: 'ada-token' })).toBe(200);
    github.addUser({ login: 'tim', token: 'tim-token', tokenKind: 'fine-grained', tokenExpiresAt: startMs + 60_000 });
    const answer = await call(github, 'GET /user', { token: 'tim-token' });
    expect(answer.headers.get('github-authentication-token-expiration')).toBe('2026-11-02 09:01:00 UTC');
    clock.advance(60_000);
    expect(await statusOf(github, 'GET /user', { token: 'tim-token' })).toBe(401);
  });

  it('of a job serve their own repository only, within their permissions', async () => {
    const { github } = setUp();
    github.addRepository({ owner: 'acme', name: 'other', private: true });
    github.addToken({ kind: 'job', token: 'narrow', repositories: ['acme/app'], access: { contents: 'read' } });
    expect(await statusOf(github, 'GET /repos/acme/other', { token: 'job-token' })).toBe(404);
    expect(await statusOf(github, `POST ${issues}`, { token: 'narrow', body: { title: 'A' } })).toBe(201);
    const refused = await call(github, 'POST /repos/acme/app/git/blobs', { token: 'narrow', body: { content: 'x' } });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ message: 'Resource not accessible by integration' });
    expect(await statusOf(github, 'GET /orgs/acme/issue-types', { token: 'job-token' })).toBe(403);
    expect(await statusOf(github, 'GET /repos/acme/app/issue-types', { token: 'job-token' })).toBe(200);
  });

  it('that are fine-grained need the permission itself', async () => {
    const { github } = setUp();
    github.addToken({ kind: 'fine-grained', token: 'fine', login: 'ada', repositories: ['acme/app'] });
    github.addToken({ kind: 'fine-grained', token: 'keeper', login: 'ada', access: { secrets: 'write' } });
    expect(await statusOf(github, `POST ${issues}`, { token: 'fine', body: { title: 'A' } })).toBe(201);
    expect(await statusOf(github, 'GET /repos/acme/app/actions/secrets/public-key', { token: 'fine' })).toBe(403);
    expect(await statusOf(github, 'GET /repos/acme/app/actions/secrets/public-key', { token: 'keeper' })).toBe(200);
  });
});

describe('the simulator', () => {
  it('applies its fault plan, with the effect or without', async () => {
    const setup = { clock: createVirtualClock(startMs), apiHost: 'api.github.com', webHost: 'github.com' };
    for (const [kind, expected] of [
      ['lost-before', 0],
      ['lost-after', 1],
    ] as const) {
      const github = createGitHubSimulator({ ...setup, faults: nthRequest(1, { kind }) });
      github.addRepository({ owner: 'acme', name: 'app' });
      github.addUser({ login: 'ada', token: 'ada-token', permission: 'write' });
      expect(await statusOf(github, `GET ${issues}`, { token: 'ada-token' })).toBe(200);
      await expect(call(github, `POST ${issues}`, { token: 'ada-token', body: { title: 'A' } })).rejects.toThrow(ConnectionLost);
      expect(github.issues('acme/app')).toHaveLength(expected);
    }
  });

  it('answers over HTTP with API and web pages on one port', async () => {
    let github: GitHubSimulator | undefined;
    const served = await serveLazily((origin) => {
      const host = new URL(origin).host;
      github = createGitHubSimulator({ clock: createVirtualClock(startMs), apiHost: host, webHost: host, protocol: 'http' });
      return github;
    });
    try {
      github?.addRepository({ owner: 'acme', name: 'app' });
      github?.addUser({ login: 'ada', token: 'ada-token', permission: 'write' });
      const headers = { authorization: 'token ada-token', 'content-type': 'application/json' };
      const created = await fetch(`${served.origin}${issues}`, { method: 'POST', headers, body: '{"title":"A"}' });
      expect(created.status).toBe(201);
      expect(created.headers.get('date')).toBe(new Date(startMs).toUTCString());
      expect(created.headers.get('location')).toBe(`${served.origin}${issues}/1`);
      const raw = await fetch(`${served.origin}/acme/app/raw/main/README.md`);
      expect(await raw.text()).toBe('# app\n');
    } finally {
      await served.close();
    }
  });

  it('answers over HTTP as GHES, bodies included', async () => {
    let github: GitHubSimulator | undefined;
    const served = await serveLazily((origin) => {
      const host = new URL(origin).host;
      const clock = createVirtualClock(startMs);
      github = createGitHubSimulator({ clock, apiHost: host, webHost: host, protocol: 'http', shape: 'ghes' });
      return github;
    });
    try {
      github?.addRepository({ owner: 'acme', name: 'app' });
      github?.addUser({ login: 'ada', token: 'ada-token', permission: 'write' });
      const headers = { authorization: 'token ada-token', 'content-type': 'application/json' };
      const created = await fetch(`${served.origin}/api/v3${issues}`, { method: 'POST', headers, body: '{"title":"A"}' });
      expect(created.status).toBe(201);
      expect(github?.issue('acme/app', 1)?.title).toBe('A');
      expect((await fetch(`${served.origin}/acme/app/raw/main/README.md`)).status).toBe(200);
    } finally {
      await served.close();
    }
  });

  it('redirects from names that a repository had once', async () => {
    const { github, checked } = setUp();
    github.renameRepository('acme/app', 'renamed');
    const read = await call(checked, `GET ${issues}?state=all`, { token: 'job-token' });
    expect(read.status).toBe(301);
    const location = new URL(read.headers.get('location') ?? '');
    expect(`${location.pathname}${location.search}`).toMatch(/^\/repositories\/\d+\/issues\?state=all$/);
    expect((await call(checked, `GET ${location.pathname}${location.search}`, { token: 'job-token' })).status).toBe(200);
    expect(await statusOf(github, `POST ${issues}`, { token: 'ada-token', body: { title: 'A' } })).toBe(307);
    expect(await statusOf(github, 'POST /repos/acme/renamed/issues', { token: 'ada-token', body: { title: 'A' } })).toBe(201);
    expect(checked.violations).toEqual([]);
  });

  it('gives the same answers for the same seed', async () => {
    const runs = [1, 2].map(async () => {
      const { github } = setUp({ seed: 7 });
      const answer = await call(github, `POST ${issues}`, { token: 'ada-token', body: { title: 'A' } });
      const url = github.uploadAsset({ as: 'ada', name: 'a.png', kind: 'image', bytes: new Uint8Array([1]) });
      return [await answer.text(), url, ...answer.headers].join('\n');
    });
    const [first, second] = await Promise.all(runs);
    expect(first).toBe(second);
  });
});
