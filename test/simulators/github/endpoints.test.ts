import { describe, expect, it } from 'vitest';
import { call, octokitFor, setUp } from './setup.ts';

const repo = { owner: 'acme', repo: 'app' };

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('answers as GitHub documents them', () => {
  it('for issues, labels, types, events and the timeline', async () => {
    const { checked, github } = setUp();
    const { rest } = octokitFor(checked, 'ada-token');
    const created = await rest.issues.create({ ...repo, title: 'A', body: 'text', labels: ['sync', 'x'], type: 'Bug' });
    expect(created.data).toMatchObject({
      number: 1,
      title: 'A',
      body: 'text',
      type: { name: 'Bug' },
      comments: 0,
      user: { login: 'ada' },
    });
    const number = { ...repo, issue_number: created.data.number };
    await rest.issues.update({ ...number, title: 'B', body: 'more', type: 'Task', labels: ['sync'] });
    await rest.issues.update({ ...number, type: null, state: 'closed', state_reason: 'not_planned' });
    await rest.issues.addLabels({ ...number, labels: ['late'] });
    await rest.issues.createComment({ ...number, body: 'hello' });
    github.createPullRequest({ repository: 'acme/app', as: 'ada', title: 'Pull' });
    await rest.issues.createLabel({ ...repo, name: 'type: Epic', color: 'abcdef' });
    expect((await rest.issues.get(number)).data).toMatchObject({
      title: 'B',
      type: null,
      state: 'closed',
      state_reason: 'not_planned',
    });
    expect((await rest.issues.listForRepo({ ...repo, state: 'all', sort: 'updated', direction: 'asc' })).data).toHaveLength(2);
    expect((await rest.issues.listLabelsForRepo(repo)).data.map(({ name }) => name)).toEqual(['late', 'sync', 'type: Epic', 'x']);
    expect((await rest.issues.listLabelsOnIssue(number)).data).toHaveLength(2);
    await rest.issues.listEvents(number);
    await rest.issues.listEventsForRepo(repo);
    const timeline = await rest.issues.listEventsForTimeline(number);
    expect(timeline.data.map((entry) => entry.event)).toContain('commented');
    await call(checked, 'GET /repos/acme/app/issue-types', { token: 'ada-token' });
    const types = await call(checked, 'GET /orgs/acme/issue-types', { token: 'ada-token' });
    expect(await types.json()).toMatchObject([{ name: 'Task' }, { name: 'Bug' }]);
    expect(checked.violations).toEqual([]);
  });

  it('for comments', async () => {
    const { checked, github } = setUp();
    github.createIssue({ repository: 'acme/app', as: 'rae', title: 'A' });
    const { rest } = octokitFor(checked, 'ada-token');
    const comment = await rest.issues.createComment({ ...repo, issue_number: 1, body: 'one' });
    const id = { ...repo, comment_id: comment.data.id };
    expect((await rest.issues.updateComment({ ...id, body: 'two' })).data.body).toBe('two');
    expect((await rest.issues.getComment(id)).data.body).toBe('two');
    expect((await rest.issues.listComments({ ...repo, issue_number: 1 })).data).toHaveLength(1);
    expect((await rest.issues.listCommentsForRepo({ ...repo, sort: 'updated', direction: 'desc' })).data).toHaveLength(1);
    await rest.issues.deleteComment(id);
    await expect(rest.issues.getComment(id)).rejects.toMatchObject({ status: 404 });
    expect(checked.violations).toEqual([]);
  });

  it('for git data and contents', async () => {
    const { checked, github } = setUp();
    const { rest } = octokitFor(checked, 'job-token');
    const main = await rest.git.getRef({ ...repo, ref: 'heads/main' });
    const blob = await rest.git.createBlob({ ...repo, content: Buffer.from([0, 255, 1]).toString('base64'), encoding: 'base64' });
    const read = await rest.git.getBlob({ ...repo, file_sha: blob.data.sha });
    expect(Buffer.from(read.data.content, 'base64')).toEqual(Buffer.from([0, 255, 1]));
    const tree = await rest.git.createTree({
      ...repo,
      tree: [{ path: 'a/b.bin', mode: '100644', type: 'blob', sha: blob.data.sha }],
    });
    const commit = await rest.git.createCommit({ ...repo, message: 'files [skip ci]', tree: tree.data.sha, parents: [] });
    expect(commit.data.author.name).toBe('github-actions[bot]');
    await rest.git.createRef({ ...repo, ref: 'refs/heads/sallyport/1', sha: commit.data.sha });
    await rest.git.updateRef({ ...repo, ref: 'heads/sallyport/1', sha: main.data.object.sha, force: true });
    await rest.git.getCommit({ ...repo, commit_sha: commit.data.sha });
    expect((await rest.git.getTree({ ...repo, tree_sha: tree.data.sha, recursive: 'true' })).data.tree).toMatchObject([
      { path: 'a', type: 'tree' },
      { path: 'a/b.bin', type: 'blob', size: 3 },
    ]);
    const put = await rest.repos.createOrUpdateFileContents({ ...repo, path: 'd/x.txt', message: 'add', content: 'aGk=' });
    await rest.repos.getContent({ ...repo, path: 'd/x.txt' });
    await rest.repos.getContent({ ...repo, path: 'd' });
    await rest.repos.deleteFile({ ...repo, path: 'd/x.txt', message: 'drop', sha: put.data.content?.sha ?? '' });
    await rest.git.deleteRef({ ...repo, ref: 'heads/sallyport/1' });
    expect(github.branches('acme/app')).toEqual(['main']);
    expect(checked.violations).toEqual([]);
  });

  it('for accounts, repositories, limits and secrets', async () => {
    const { checked } = setUp();
    const { rest } = octokitFor(checked, 'ada-token');
    expect((await rest.users.getAuthenticated()).data.login).toBe('ada');
    expect((await rest.rateLimit.get()).data.resources.core.limit).toBe(5000);
    expect((await rest.repos.get(repo)).data).toMatchObject({
      private: true,
      has_issues: true,
      owner: { type: 'Organization' },
      permissions: { push: true, admin: false },
    });
    const key = await rest.actions.getRepoPublicKey(repo);
    const secret = { ...repo, secret_name: 'CODE', encrypted_value: 'aGk=', key_id: key.data.key_id };
    expect((await rest.actions.createOrUpdateRepoSecret(secret)).status).toBe(201);
    expect((await rest.actions.createOrUpdateRepoSecret(secret)).status).toBe(204);
    expect(checked.violations).toEqual([]);
  });

  it('for an app and its installation', async () => {
    const { checked, github } = setUp();
    const { appId, installationId } = github.addApp({ slug: 'sallyport', repositories: ['acme/app'] });
    const jwt = `${part({ alg: 'RS256' })}.${part({ iss: String(appId) })}.c2ln`;
    const app = octokitFor(checked, jwt).rest.apps;
    expect((await app.getAuthenticated()).data?.slug).toBe('sallyport');
    expect((await app.getRepoInstallation(repo)).data.id).toBe(installationId);
    const { token } = (await app.createInstallationAccessToken({ installation_id: installationId })).data;
    const { rest } = octokitFor(checked, token);
    const created = await rest.issues.create({ ...repo, title: 'by app', type: 'Bug' });
    expect(created.data).toMatchObject({
      user: { login: 'sallyport[bot]', type: 'Bot' },
      performed_via_github_app: { slug: 'sallyport' },
    });
    expect(checked.violations).toEqual([]);
  });

  it('for everything that is refused', async () => {
    const { checked, github } = setUp();
    github.createIssue({ repository: 'acme/app', as: 'ada', title: 'A' });
    const statuses: number[] = [];
    const refused = async (method: string, path: string, options: { token?: string; body?: unknown } = {}): Promise<void> => {
      statuses.push((await call(checked, `${method} ${path}`, { token: 'rae-token', ...options })).status);
    };
    await refused('GET', '/repos/acme/none/issues');
    await refused('GET', '/repos/acme/app/issues/99');
    await refused('PATCH', '/repos/acme/app/issues/1', { body: { title: 'not mine' } });
    await refused('POST', '/repos/acme/app/issues', { body: { title: 'x'.repeat(257) } });
    await refused('POST', '/repos/acme/app/issues/1/labels', { body: { labels: ['x'] } });
    await refused('POST', '/repos/acme/app/git/blobs', { body: { content: 'x' } });
    await refused('GET', '/user', { token: 'job-token' });
    await refused('GET', '/user', { token: 'no-such-token' });
    await refused('GET', '/repos/acme/app/actions/secrets/public-key', { token: 'job-token' });
    expect(statuses).toEqual([404, 404, 403, 422, 403, 404, 403, 401, 403]);
    expect(checked.violations).toEqual([]);
  });
});

describe('GitHub Enterprise Server', () => {
  const baseUrl = 'https://ghes.test/api/v3';

  it('answers below /api/v3 on the web host, without issue types and rate limits', async () => {
    const { checked } = setUp({ apiHost: 'ghes.test', webHost: 'ghes.test', shape: 'ghes' });
    const { rest } = octokitFor(checked, 'ada-token', baseUrl);
    const created = await rest.issues.create({ ...repo, title: 'A' });
    expect(created.data.url).toBe(`${baseUrl}/repos/acme/app/issues/1`);
    expect(created.headers['x-ratelimit-limit']).toBeUndefined();
    expect(created.headers['x-github-enterprise-version']).toBe('3.19.0');
    for (const path of ['/repos/acme/app/issue-types', '/orgs/acme/issue-types', '/rate_limit']) {
      expect((await call(checked, `GET ${path}`, { token: 'ada-token', origin: baseUrl })).status).toBe(404);
    }
    expect(checked.violations).toEqual([]);
  });
});
