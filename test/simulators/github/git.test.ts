import { describe, expect, it } from 'vitest';
import { call, octokitFor, setUp } from './setup.ts';

const repo = { owner: 'acme', repo: 'app' };
const git = '/repos/acme/app/git';

/** A commit with these files (path → text) on these parents. */
async function commitOf(
  octokit: ReturnType<typeof octokitFor>,
  files: Readonly<Record<string, string | null>>,
  options: { parents?: string[]; base?: string } = {},
): Promise<{ sha: string; tree: string }> {
  const tree = Object.entries(files).map(([path, content]) => ({
    path,
    mode: '100644' as const,
    type: 'blob' as const,
    ...(content === null ? { sha: null } : { content }),
  }));
  const made = await octokit.rest.git.createTree({
    ...repo,
    tree,
    ...(options.base === undefined ? {} : { base_tree: options.base }),
  });
  const commit = await octokit.rest.git.createCommit({
    ...repo,
    message: 'x',
    tree: made.data.sha,
    parents: options.parents ?? [],
  });
  return { sha: commit.data.sha, tree: made.data.sha };
}

describe('git data', () => {
  it('has git’s own object ids', async () => {
    const { github } = setUp();
    const octokit = octokitFor(github, 'ada-token');
    const blob = await octokit.rest.git.createBlob({ ...repo, content: 'hello\n' });
    expect(blob.data.sha).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
    const author = { name: 'A', email: 'a@example.org', date: '2005-04-07T22:13:13Z' };
    const tree = await octokit.rest.git.createTree({
      ...repo,
      tree: [
        { path: 'a.txt', mode: '100644', type: 'blob', sha: blob.data.sha },
        { path: 'a/b.txt', mode: '100644', type: 'blob', sha: blob.data.sha },
      ],
    });
    expect(tree.data.sha).toBe('e9d00327ba627626531609529f87f79a0b097ba5');
    const commit = await octokit.rest.git.createCommit({ ...repo, message: 'm', tree: tree.data.sha, author });
    expect(commit.data.sha).toBe('0ba79aa25afbb6d52b7b58b32c479bb413c270c9');
  });

  it('replaces an orphan branch by force only', async () => {
    const { github } = setUp();
    const octokit = octokitFor(github, 'ada-token');
    const first = await commitOf(octokit, { '10/1/a.txt': 'a', '10/2/b.txt': 'b' });
    await octokit.rest.git.createRef({ ...repo, ref: 'refs/heads/sallyport/x', sha: first.sha });
    const second = await commitOf(octokit, { '10/2/b.txt': null, '11/3/c.txt': 'c' }, { base: first.tree });
    const move = { ...repo, ref: 'heads/sallyport/x', sha: second.sha };
    await expect(octokit.rest.git.updateRef(move)).rejects.toMatchObject({ status: 422 });
    await octokit.rest.git.updateRef({ ...move, force: true });
    const files = github.files('acme/app', 'sallyport/x') ?? new Map<string, Uint8Array>();
    expect([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['10/1/a.txt', 'a'],
      ['11/3/c.txt', 'c'],
    ]);
    expect(github.commits('acme/app', 'sallyport/x')).toMatchObject([{ sha: second.sha, parents: [] }]);
  });

  it('moves forward without force where the new commit descends from the old one', async () => {
    const { github } = setUp();
    const octokit = octokitFor(github, 'ada-token');
    const main = await octokit.rest.git.getRef({ ...repo, ref: 'heads/main' });
    const next = await commitOf(octokit, { 'x.txt': 'x' }, { parents: [main.data.object.sha] });
    await octokit.rest.git.updateRef({ ...repo, ref: 'heads/main', sha: next.sha });
    expect(github.commits('acme/app', 'main')).toHaveLength(2);
  });

  it('refuses what GitHub refuses', async () => {
    const { github } = setUp();
    const { sha } = await commitOf(octokitFor(github, 'ada-token'), { a: 'a' });
    const message = async (method: string, path: string, body: unknown): Promise<string> => {
      const answer = await call(github, `${method} ${git}${path}`, { token: 'ada-token', body });
      const parsed = await answer.json();
      return `${answer.status} ${parsed.message.split('\n')[0]}`;
    };
    expect(await message('POST', '/refs', { ref: 'refs/heads/main', sha })).toBe('422 Reference already exists');
    expect(await message('POST', '/refs', { ref: 'refs/heads/main/x', sha })).toBe('422 Reference update failed');
    expect(await message('POST', '/refs', { ref: 'heads/x', sha })).toBe('422 Reference name is not valid');
    expect(await message('POST', '/refs', { ref: 'refs/heads/x', sha: '0'.repeat(40) })).toBe('422 Object does not exist');
    expect(await message('PATCH', '/refs/heads/none', { sha })).toBe('422 Reference does not exist');
    expect(await message('POST', '/commits', { message: 'x', tree: sha })).toBe('422 Tree SHA does not exist');
    expect(await message('POST', '/trees', { tree: [{ path: '../x', mode: '100644', type: 'blob', content: 'x' }] })).toBe(
      '422 tree.path contains a malformed path component',
    );
    github.refuseRefs('acme/app', 'refs/heads/sallyport/');
    expect(await message('POST', '/refs', { ref: 'refs/heads/sallyport/1', sha })).toBe('422 Repository rule violations found');
  });

  it('refuses everything in an empty repository, save the first file', async () => {
    const { github } = setUp();
    github.addRepository({ owner: 'acme', name: 'empty', empty: true });
    const token = 'ada-token';
    expect((await call(github, 'POST /repos/acme/empty/git/blobs', { token, body: { content: 'x' } })).status).toBe(409);
    expect((await call(github, 'GET /repos/acme/empty/git/ref/heads/main', { token })).status).toBe(409);
    const put = await call(github, 'PUT /repos/acme/empty/contents/a.txt', { token, body: { message: 'm', content: 'aGk=' } });
    expect(put.status).toBe(201);
    expect([...(github.files('acme/empty', 'main') ?? new Map<string, Uint8Array>()).keys()]).toEqual(['a.txt']);
  });
});

describe('contents and raw files', () => {
  it('guards a write with the sha of what it replaces', async () => {
    const { github } = setUp();
    const put = async (body: object): Promise<number> =>
      (
        await call(github, 'PUT /repos/acme/app/contents/README.md', {
          token: 'ada-token',
          body: { message: 'm', content: 'aGk=', ...body },
        })
      ).status;
    expect(await put({})).toBe(422);
    expect(await put({ sha: '0'.repeat(40) })).toBe(409);
    expect(await put({ branch: 'none' })).toBe(404);
    const current = await octokitFor(github, 'ada-token').rest.repos.getContent({ ...repo, path: 'README.md' });
    const { sha } = Array.isArray(current.data) ? { sha: '' } : current.data;
    expect(await put({ sha })).toBe(200);
  });

  it('gives files above one megabyte raw only', async () => {
    const { github } = setUp();
    const octokit = octokitFor(github, 'ada-token');
    const { sha } = await commitOf(octokit, { 'big.txt': 'x'.repeat(1024 * 1024 + 1) });
    await octokit.rest.git.createRef({ ...repo, ref: 'refs/heads/files', sha });
    const path = '/repos/acme/app/contents/big.txt?ref=files';
    const shown = await call(github, `GET ${path}`, { token: 'ada-token' });
    expect(await shown.json()).toMatchObject({ encoding: 'none', content: '', size: 1024 * 1024 + 1 });
    const raw = await call(github, `GET ${path}`, { token: 'ada-token', headers: { accept: 'application/vnd.github.raw+json' } });
    expect((await raw.text()).length).toBe(1024 * 1024 + 1);
  });

  it('serves raw files of branches with slashes on the web host to those who may read', async () => {
    const { github } = setUp();
    const octokit = octokitFor(github, 'ada-token');
    const { sha } = await commitOf(octokit, { '10/1/a b.txt': 'hi' });
    await octokit.rest.git.createRef({ ...repo, ref: 'refs/heads/sallyport/x', sha });
    const get = (token?: string): Promise<Response> =>
      call(github, 'GET /acme/app/raw/sallyport/x/10/1/a%20b.txt', {
        origin: 'https://github.com',
        ...(token === undefined ? {} : { token }),
      });
    expect(await (await get('rae-token')).text()).toBe('hi');
    expect((await get()).status).toBe(404);
  });
});
