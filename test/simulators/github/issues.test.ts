import { describe, expect, it } from 'vitest';
import { call, octokitFor, setUp, startMs } from './setup.ts';

const repo = { owner: 'acme', repo: 'app' };
const issues = '/repos/acme/app/issues';
const place = (number: number): { repository: string; number: number; as: string } => ({
  repository: 'acme/app',
  number,
  as: 'ada',
});

describe('issues', () => {
  it('drops the type and labels without a word where push access is missing', async () => {
    const { github } = setUp();
    const { rest } = octokitFor(github, 'rae-token');
    const created = await rest.issues.create({ ...repo, title: 'A', type: 'Bug', labels: ['sync'] });
    expect(created.status).toBe(201);
    expect(created.data).toMatchObject({ type: null, labels: [] });
    github.setPermissions({ repository: 'acme/app', login: 'rae', permission: 'triage' });
    const updated = await rest.issues.update({ ...repo, issue_number: 1, type: 'Bug', labels: ['sync'] });
    expect(updated.data).toMatchObject({ type: null, labels: [{ name: 'sync' }] });
  });

  it('adds labels and takes single ones off, by their names in any case', async () => {
    const { checked, github } = setUp();
    github.createIssue({ repository: 'acme/app', as: 'ada', title: 'A', labels: ['sync', 'type: Bug / UI', 'type: Task'] });
    const { rest } = octokitFor(checked, 'ada-token');
    const number = { ...repo, issue_number: 1 };
    const names = (labels: readonly { readonly name: string }[]) => labels.map(({ name }) => name);
    const added = await rest.issues.addLabels({ ...number, labels: ['TYPE: task', 'type: New'] });
    expect(names(added.data)).toEqual(['sync', 'type: Bug / UI', 'type: Task', 'type: New']);
    const left = await rest.issues.removeLabel({ ...number, name: 'Type: bug / UI' });
    expect(names(left.data)).toEqual(['sync', 'type: Task', 'type: New']);
    await expect(rest.issues.removeLabel({ ...number, name: 'type: Bug / UI' })).rejects.toMatchObject({ status: 404 });
    await expect(octokitFor(checked, 'rae-token').rest.issues.removeLabel({ ...number, name: 'sync' })).rejects.toMatchObject({
      status: 403,
    });
    expect(github.issue('acme/app', 1)?.labels).toEqual(['sync', 'type: Task', 'type: New']);
    expect(checked.violations).toEqual([]);
  });

  it('lets a job token set types, and refuses names that the organisation does not have', async () => {
    const { github } = setUp();
    const { rest } = octokitFor(github, 'job-token');
    expect((await rest.issues.create({ ...repo, title: 'A', type: 'bug' })).data).toMatchObject({
      type: { name: 'Bug' },
      user: { login: 'github-actions[bot]' },
    });
    await expect(rest.issues.create({ ...repo, title: 'A', type: 'Epic' })).rejects.toMatchObject({ status: 422 });
    expect(github.issues('acme/app')).toHaveLength(1);
  });

  it('has no issue types in a person’s repository', async () => {
    const { github } = setUp();
    github.addRepository({ owner: 'ada', name: 'own' });
    const created = await octokitFor(github, 'ada-token').rest.issues.create({
      owner: 'ada',
      repo: 'own',
      title: 'A',
      type: 'Bug',
    });
    expect('type' in created.data).toBe(false);
    expect((await call(github, 'GET /repos/ada/own/issue-types', { token: 'ada-token' })).status).toBe(404);
  });

  it('takes 256 and 65,536 characters, counted as code points, and not one more', async () => {
    const { github } = setUp();
    const status = async (body: unknown): Promise<number> =>
      (await call(github, `POST ${issues}`, { token: 'ada-token', body })).status;
    expect(await status({ title: '😀'.repeat(256), body: '😀'.repeat(65_536) })).toBe(201);
    expect(await status({ title: 'x'.repeat(257) })).toBe(422);
    expect(await status({ title: 'x', body: 'x'.repeat(65_537) })).toBe(422);
    expect(await status({ title: '  ' })).toBe(422);
    expect(await status({ body: 'no title' })).toBe(422);
  });

  it('keeps line ends as they were sent and shows times in whole seconds', async () => {
    const { github } = setUp();
    const created = await octokitFor(github, 'ada-token').rest.issues.create({ ...repo, title: ' A ', body: 'a\r\nb\n' });
    expect(created.data).toMatchObject({ title: 'A', body: 'a\r\nb\n', created_at: '2026-11-02T09:00:00Z' });
    expect(created.headers.date).toBe(new Date(startMs).toUTCString());
  });

  it('moves updated_at with every patch, also one that changes nothing, and with new comments', async () => {
    const { github, clock } = setUp();
    const { rest } = octokitFor(github, 'ada-token');
    const updatedAt = (): number => (github.issue('acme/app', 1)?.updatedAt ?? 0) - Math.floor(startMs / 1000) * 1000;
    await rest.issues.create({ ...repo, title: 'A' });
    clock.advance(10_000);
    await rest.issues.update({ ...repo, issue_number: 1, title: 'A' });
    expect(updatedAt()).toBe(10_000);
    clock.advance(10_000);
    const comment = await rest.issues.createComment({ ...repo, issue_number: 1, body: 'x' });
    expect(updatedAt()).toBe(20_000);
    clock.advance(10_000);
    await rest.issues.updateComment({ ...repo, comment_id: comment.data.id, body: 'y' });
    await rest.issues.deleteComment({ ...repo, comment_id: comment.data.id });
    expect(updatedAt()).toBe(20_000);
  });

  it('moves the issue with comment edits where that is set', () => {
    const { github, clock } = setUp({ commentEditBumpsIssue: true, commentDeletionBumpsIssue: true });
    github.createIssue({ repository: 'acme/app', as: 'ada', title: 'A' });
    const { id } = github.addComment({ ...place(1), body: 'x' });
    const before = github.issue('acme/app', 1)?.updatedAt ?? 0;
    clock.advance(5000);
    github.editComment({ repository: 'acme/app', id, as: 'ada', body: 'y' });
    expect(github.issue('acme/app', 1)?.updatedAt).toBe(before + 5000);
    clock.advance(5000);
    github.deleteComment({ repository: 'acme/app', id });
    expect(github.issue('acme/app', 1)?.updatedAt).toBe(before + 10_000);
  });

  it('lists by state, since, creator, labels and order, pull requests included', async () => {
    const { github, clock } = setUp();
    github.createIssue({ repository: 'acme/app', as: 'ada', title: '1', labels: ['sync', 'x'] });
    clock.advance(60_000);
    github.createIssue({ repository: 'acme/app', as: 'rae', title: '2', labels: ['sync'] });
    clock.advance(60_000);
    github.createPullRequest({ repository: 'acme/app', as: 'ada', title: '3' });
    github.editIssue({ ...place(2), state: 'closed' });
    const titles = async (query: string): Promise<string> => {
      const { data } = await octokitFor(github, 'ada-token').request(`GET ${issues}?${query}`);
      return data.map(({ title }: { title: string }) => title).join('');
    };
    expect(await titles('')).toBe('31');
    expect(await titles('state=all&sort=updated&direction=asc')).toBe('123');
    expect(await titles('state=all&sort=created&direction=desc')).toBe('321');
    expect(await titles('state=all&since=2026-11-02T09:02:00Z')).toBe('32');
    expect(await titles('state=all&labels=sync')).toBe('21');
    expect(await titles('state=all&labels=sync,X')).toBe('1');
    expect(await titles('state=all&creator=RAE')).toBe('2');
  });

  it('pages with Link headers that octokit follows', async () => {
    const { github, checked } = setUp();
    for (let count = 0; count < 7; count += 1) github.createIssue({ repository: 'acme/app', as: 'ada', title: String(count) });
    const octokit = octokitFor(checked, 'ada-token');
    const all = await octokit.paginate(octokit.rest.issues.listForRepo, { ...repo, state: 'all', per_page: 3, direction: 'asc' });
    expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const second = await call(checked, `GET ${issues}?per_page=3&page=2`, { token: 'ada-token' });
    expect(second.headers.get('link')).toMatch(/rel="prev".*page=3>; rel="next".*rel="last".*page=1>; rel="first"/);
    expect(checked.violations).toEqual([]);
  });

  it('answers 304 to a known ETag without counting it', async () => {
    const { github } = setUp();
    const first = await call(github, `GET ${issues}`, { token: 'ada-token' });
    const etag = first.headers.get('etag') ?? '';
    const again = await call(github, `GET ${issues}`, { token: 'ada-token', headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(again.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
    github.createIssue({ repository: 'acme/app', as: 'ada', title: 'new' });
    const changed = await call(github, `GET ${issues}`, { token: 'ada-token', headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(github.requests.map(({ status, counted }) => [status, counted])).toEqual([
      [200, true],
      [304, false],
      [200, true],
    ]);
  });

  it('tells deleted issues from transferred ones, with their comments', async () => {
    const { github, checked } = setUp();
    const { id: otherId } = github.addRepository({ owner: 'acme', name: 'other', private: true });
    for (const title of ['deleted', 'hidden', 'moved']) github.createIssue({ repository: 'acme/app', as: 'ada', title });
    github.addComment({ ...place(3), body: 'comes along' });
    github.deleteIssue({ repository: 'acme/app', number: 1 });
    github.deleteIssue({ repository: 'acme/app', number: 2, answer: 404 });
    const moved = github.transferIssue({ ...place(3), to: 'acme/other' });
    expect(moved.comments).toMatchObject([{ body: 'comes along' }]);
    const get = (path: string): Promise<Response> => call(checked, `GET ${path}`, { token: 'ada-token' });
    expect((await get(`${issues}/1`)).status).toBe(410);
    expect((await get(`${issues}/1/comments`)).status).toBe(410);
    expect((await get(`${issues}/2`)).status).toBe(404);
    const redirect = await get(`${issues}/3`);
    expect(redirect.status).toBe(301);
    expect(redirect.headers.get('location')).toBe(`https://api.github.com/repositories/${otherId}/issues/1`);
    const followed = await get(`/repositories/${otherId}/issues/1`);
    expect(await followed.json()).toMatchObject({ title: 'moved', comments: 1 });
    expect(await (await get(`${issues}?state=all`)).json()).toEqual([]);
    expect(checked.violations).toEqual([]);
  });

  it('keeps the history of people’s edits', () => {
    const { github, clock } = setUp();
    github.createIssue({ repository: 'acme/app', as: 'ada', title: 'A', body: 'one', labels: ['x'] });
    clock.advance(1000);
    github.editIssue({ ...place(1), title: 'B', body: 'two' });
    github.setType({ ...place(1), type: 'Bug' });
    github.setLabels({ ...place(1), labels: ['y'] });
    expect(github.issue('acme/app', 1)?.edits.map(({ field, from, to }) => [field, from, to])).toEqual([
      ['title', 'A', 'B'],
      ['body', 'one', 'two'],
      ['type', null, 'Bug'],
      ['labels', 'x', 'y'],
    ]);
  });

  it('refuses writes to an archived repository and issues where they are switched off', async () => {
    const { github } = setUp();
    github.setHasIssues('acme/app', false);
    expect((await call(github, `POST ${issues}`, { token: 'ada-token', body: { title: 'A' } })).status).toBe(410);
    github.archive('acme/app');
    expect((await call(github, `POST ${issues}`, { token: 'ada-token', body: { title: 'A' } })).status).toBe(403);
  });
});

describe('comments', () => {
  it('are listed for the whole repository by their own times', async () => {
    const { github, clock } = setUp();
    github.createIssue({ repository: 'acme/app', as: 'ada', title: '1' });
    github.createIssue({ repository: 'acme/app', as: 'ada', title: '2' });
    const first = github.addComment({ ...place(1), body: 'first' });
    clock.advance(60_000);
    github.addComment({ ...place(2), body: 'second' });
    clock.advance(60_000);
    github.editComment({ repository: 'acme/app', id: first.id, as: 'ada', body: 'first, edited' });
    const bodies = async (query: string): Promise<readonly string[]> => {
      const { data } = await octokitFor(github, 'ada-token').request(`GET ${issues}/comments?${query}`);
      return data.map(({ body }: { body: string }) => body);
    };
    expect(await bodies('direction=desc')).toEqual(['first, edited', 'second']);
    expect(await bodies('sort=updated&direction=asc')).toEqual(['second', 'first, edited']);
    expect(await bodies('sort=updated&direction=desc&since=2026-11-02T09:02:00Z')).toEqual(['first, edited']);
  });

  it('refuse blank and overlong bodies, and edits of others without push access', async () => {
    const { github } = setUp();
    github.createIssue({ repository: 'acme/app', as: 'ada', title: '1' });
    const { id } = github.addComment({ ...place(1), body: 'by ada' });
    const status = async (method: string, path: string, body?: unknown): Promise<number> =>
      (await call(github, `${method} ${issues}${path}`, { token: 'rae-token', body })).status;
    expect(await status('POST', '/1/comments', { body: ' ' })).toBe(422);
    expect(await status('POST', '/1/comments', { body: 'x'.repeat(65_537) })).toBe(422);
    expect(await status('PATCH', `/comments/${id}`, { body: 'by rae' })).toBe(403);
    expect(await status('DELETE', `/comments/${id}`)).toBe(403);
    expect(await status('POST', '/1/comments', { body: 'by rae' })).toBe(201);
  });
});
