import { Octokit } from 'octokit';
import { describe, expect, it } from 'vitest';
import { gatewayErrorIn, gatewayFetch } from '../../src/gateway/fetch-adapter.ts';
import { openGateway } from './open-gateway.ts';
import { answer, type Step } from './scripted-transport.ts';

function openFetch(...steps: Step[]) {
  const open = openGateway(steps);
  const fetch = gatewayFetch(open.gateway, {
    purpose: 'audit',
    retry: (method) => (method === 'POST' ? 'never' : 'idempotent'),
  });
  return { ...open, fetch };
}

const url = 'https://api.github.com/repos/o/r/issues';

describe('gatewayFetch', () => {
  it('serves octokit, with errors that tell what the gateway knows', async () => {
    const { fetch, seen, gateway } = openFetch(answer(200, { number: 7 }), new Error('reset'));
    const octokit = new Octokit({ auth: 'token', request: { fetch }, retry: { enabled: false }, throttle: { enabled: false } });
    const read = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
      owner: 'o',
      repo: 'r',
      issue_number: 7,
    });
    expect(read.data).toEqual({ number: 7 });
    expect(read.url).toBe(`${url}/7`);
    const error: unknown = await octokit
      .request('POST /repos/{owner}/{repo}/issues', { owner: 'o', repo: 'r', title: 'x' })
      .catch((thrown: unknown) => thrown);
    expect(gatewayErrorIn(error)).toMatchObject({ kind: 'passing', outcomeUnknown: true });
    expect(seen[1]).toMatchObject({ method: 'POST', body: '{"title":"x"}' });
    expect(gateway.counts()).toMatchObject({ audit: 2, writes: 1 });
  });

  it('repeats what may be repeated', async () => {
    const { fetch, seen } = openFetch(new Error('reset'), answer(200));
    await fetch(new URL(url), { method: 'put', body: new URLSearchParams({ a: '1' }) });
    expect(seen).toHaveLength(2);
    expect(seen[1]).toMatchObject({ method: 'PUT', body: 'a=1' });
    expect(seen[1]!.headers['content-type']).toContain('application/x-www-form-urlencoded');
  });

  it('takes a Request, a form and a stream', async () => {
    const { fetch, seen } = openFetch(answer(200));
    await fetch(new Request(url, { method: 'POST', body: 'text', headers: { 'x-one': '1' } }));
    const form = new FormData();
    form.set('file', new Blob(['content']), 'a.txt');
    await fetch(url, { method: 'POST', body: form });
    const streamed = { method: 'POST', body: new Blob(['streamed']).stream(), duplex: 'half' };
    await fetch(url, streamed);
    expect(seen[0]).toMatchObject({ body: 'text', headers: { 'x-one': '1' } });
    expect(seen[1]!.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(seen[1]!.body).toContain('filename="a.txt"');
    expect(seen[2]).toMatchObject({ body: 'streamed' });
  });

  it("does not follow the redirect of a write: a moved issue's edit must not hit another repository", async () => {
    const { fetch, seen } = openFetch(
      new Response(null, { status: 301, headers: { location: '/repositories/2/issues/1' } }),
      answer(200),
    );
    expect((await fetch(`${url}/1`, { method: 'PATCH', body: '{}' })).status).toBe(301);
    expect(seen).toHaveLength(1);
  });

  it('ends when its caller aborts', async () => {
    const { fetch, seen } = openFetch(() => new Promise<Response>(() => undefined));
    const early = new AbortController();
    const unsent = fetch(url, { signal: early.signal });
    early.abort(new Error('at once'));
    await expect(unsent).rejects.toThrow('at once');
    expect(seen).toHaveLength(0);
    const late = new AbortController();
    const sending = fetch(url, { signal: late.signal });
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toHaveLength(1);
    late.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('enough');
    await expect(fetch(url, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });

  it('refuses what the gateway cannot send', async () => {
    const { fetch, seen } = openFetch(answer(200));
    await expect(fetch('/relative')).rejects.toMatchObject({ kind: 'configuration' });
    await expect(fetch(url, { method: 'OPTIONS' })).rejects.toMatchObject({ kind: 'configuration' });
    await expect(fetch('https://attacker.example/')).rejects.toMatchObject({ kind: 'configuration' });
    expect(seen).toHaveLength(0);
  });
});
