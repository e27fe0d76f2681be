import sodium, { ready } from 'libsodium-wrappers';
import { describe, expect, it } from 'vitest';
import type { GitHubSimulator } from '../../../src/simulators/github/github.ts';
import { call, octokitFor, setUp } from './setup.ts';

const bytes = new Uint8Array([137, 80, 78, 71]);
const web = 'https://github.com';
const full = { headers: { accept: 'application/vnd.github.full+json' } };

const get = (github: GitHubSimulator, url: string, token?: string): Promise<Response> =>
  call(github, `GET ${url.replace(web, '')}`, { origin: web, ...(token === undefined ? {} : { token }) });

describe('attachments of people', () => {
  it('are fetched with a classic token: files at once, images by a redirect', async () => {
    const { github } = setUp();
    const place = { as: 'ada', bytes, repository: 'acme/app' };
    const image = github.uploadAsset({ ...place, name: 'a.png', kind: 'image' });
    const file = github.uploadAsset({ ...place, name: 'a b.pdf', kind: 'file' });
    expect(image).toMatch(/^https:\/\/github\.com\/user-attachments\/assets\/[\da-f-]{36}$/);
    expect(file).toMatch(/^https:\/\/github\.com\/user-attachments\/files\/\d+\/a%20b\.pdf$/);
    const direct = await get(github, file, 'rae-token');
    expect(new Uint8Array(await direct.arrayBuffer())).toEqual(bytes);
    const redirect = await get(github, image, 'rae-token');
    expect(redirect.status).toBe(302);
    const signed = await get(github, redirect.headers.get('location') ?? '');
    expect(new Uint8Array(await signed.arrayBuffer())).toEqual(bytes);
  });

  it('are out of reach of all other tokens in a private repository, and open to all in a public one', async () => {
    const { github } = setUp();
    github.addRepository({ owner: 'acme', name: 'open' });
    github.addToken({ kind: 'fine-grained', token: 'fine', login: 'ada' });
    github.addUser({ login: 'eve', token: 'eve-token', permission: 'none' });
    const file = github.uploadAsset({ as: 'ada', name: 'a.txt', kind: 'file', bytes, repository: 'acme/app' });
    for (const token of [undefined, 'fine', 'job-token', 'eve-token']) expect((await get(github, file, token)).status).toBe(404);
    const open = github.uploadAsset({ as: 'ada', name: 'a.txt', kind: 'file', bytes, repository: 'acme/open' });
    expect((await get(github, open)).status).toBe(200);
  });

  it('appear in body_html at signed addresses that end after five minutes; files stay links', async () => {
    const { github, clock, checked } = setUp();
    const place = { as: 'ada', bytes, repository: 'acme/app' };
    const image = github.uploadAsset({ ...place, name: 'a.png', kind: 'image' });
    const video = github.uploadAsset({ ...place, name: 'a.mp4', kind: 'image' });
    const file = github.uploadAsset({ ...place, name: 'a.pdf', kind: 'file' });
    const body = `![a](${image})\n\n${video}\n\n<img width="5" src="${image}">\n\n[a.pdf](${file})\n\n\`![c](${image})\``;
    github.createIssue({ repository: 'acme/app', as: 'ada', title: 'A', body });
    const { rest } = octokitFor(checked, 'job-token');
    const issue = await rest.issues.get({ owner: 'acme', repo: 'app', issue_number: 1, ...full });
    const html = issue.data.body_html ?? '';
    const signed = [...html.matchAll(/<(?:img|video) src="([^"]+)"/g)].map(([, url = '']) => url);
    expect(signed).toHaveLength(3);
    expect(html).toContain(`<a href="${file}"`);
    expect(html).toContain(`<code class="notranslate">![c](${image})</code>`);
    expect(issue.data.body).toBe(body);
    for (const url of signed) expect((await get(github, url)).status).toBe(200);
    clock.advance(300_000);
    expect((await get(github, signed[0] ?? '')).status).toBe(401);
    expect(checked.violations).toEqual([]);
  });

  it('appear so in comments and listings too', async () => {
    const { github, checked } = setUp();
    const image = github.uploadAsset({ as: 'ada', name: 'a.png', kind: 'image', bytes, repository: 'acme/app' });
    github.createIssue({ repository: 'acme/app', as: 'ada', title: 'A', body: image });
    github.addComment({ repository: 'acme/app', number: 1, as: 'ada', body: `![](${image})` });
    const { rest } = octokitFor(checked, 'job-token');
    const repo = { owner: 'acme', repo: 'app' };
    const listed = await rest.issues.listForRepo({ ...repo, ...full });
    const comments = await rest.issues.listComments({ ...repo, issue_number: 1, ...full });
    for (const { body_html: html } of [...listed.data, ...comments.data]) expect(html).toContain('/signed/');
    expect(checked.violations).toEqual([]);
  });
});

describe('secrets', () => {
  it('can be opened with the repository’s key by a test', async () => {
    const { github } = setUp();
    await ready;
    const { rest } = octokitFor(github, 'ada-token');
    const repo = { owner: 'acme', repo: 'app' };
    const { data } = await rest.actions.getRepoPublicKey(repo);
    const sealed = sodium.crypto_box_seal('code', Buffer.from(data.key, 'base64'));
    const encrypted = Buffer.from(sealed).toString('base64');
    await rest.actions.createOrUpdateRepoSecret({
      ...repo,
      secret_name: 'SALLYPORT',
      encrypted_value: encrypted,
      key_id: data.key_id,
    });
    const { key, values } = github.secrets('acme/app');
    const stored = Buffer.from(values.get('SALLYPORT') ?? '', 'base64');
    const opened = sodium.crypto_box_seal_open(
      stored,
      Buffer.from(key.publicKey, 'base64'),
      Buffer.from(key.privateKey, 'base64'),
    );
    expect(Buffer.from(opened).toString()).toBe('code');
  });
});
