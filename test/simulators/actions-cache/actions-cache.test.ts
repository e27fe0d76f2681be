import { beforeEach, describe, expect, it } from 'vitest';
import { createActionsCacheSimulator } from '../../../src/simulators/actions-cache/actions-cache.ts';
import type { ActionsCacheSimulator } from '../../../src/simulators/actions-cache/actions-cache.ts';
import { nthRequest } from '../../../src/simulators/faults.ts';
import { ConnectionLost, createVirtualClock } from '../../../src/simulators/simulator.ts';
import type { VirtualClock } from '../../../src/simulators/simulator.ts';

const origin = 'https://results.example.test';
const bytes = new TextEncoder().encode('0123456789');

let clock: VirtualClock;
let simulator: ActionsCacheSimulator;
beforeEach(() => {
  clock = createVirtualClock(Date.UTC(2026, 10, 23));
  simulator = createActionsCacheSimulator({ clock, host: 'results.example.test', protocol: 'https' });
});

interface TwirpAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(
  method: string,
  body: unknown,
  headers: Record<string, string> = { Authorization: 'Bearer t' },
): Promise<TwirpAnswer> {
  const url = `${origin}/twirp/github.actions.results.api.v1.CacheService/${method}`;
  const response = await simulator.fetch(new Request(url, { method: 'POST', headers, body: JSON.stringify(body) }));
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

function blobRequest(url: unknown, init: RequestInit = {}): Promise<Response> {
  return simulator.fetch(new Request(String(url), init));
}

async function uploadUrl(key: string, version = 'v'): Promise<unknown> {
  return (await call('CreateCacheEntry', { key, version })).body['signed_upload_url'];
}

async function put(url: unknown, body: BodyInit = bytes): Promise<Response> {
  return blobRequest(url, { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body });
}

async function save(key: string, version = 'v'): Promise<void> {
  await put(await uploadUrl(key, version));
  const { body } = await call('FinalizeCacheEntryUpload', { key, version, size_bytes: String(bytes.length) });
  expect(body['ok']).toBe(true);
}

async function matched(key: string, restoreKeys: readonly string[] = [], version = 'v'): Promise<unknown> {
  const { body } = await call('GetCacheEntryDownloadURL', { key, restore_keys: restoreKeys, version });
  return body['ok'] === true ? body['matched_key'] : undefined;
}

describe('the simulated cache service, version 2', () => {
  it('wants a bearer token', async () => {
    expect(await call('CreateCacheEntry', { key: 'k', version: 'v' }, {})).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });

  it('answers what it cannot read, and what it does not have, in the form of Twirp', async () => {
    expect(await call('CreateCacheEntry', 'nonsense')).toMatchObject({ status: 400, body: { code: 'malformed' } });
    expect(await call('DeleteCacheEntry', {})).toMatchObject({ status: 404, body: { code: 'bad_route' } });
    expect(await call('FinalizeCacheEntryUpload', { key: 'k', version: 'v', size_bytes: '1' })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  it('tells a miss as a success', async () => {
    expect(await call('GetCacheEntryDownloadURL', { key: 'k', version: 'v' })).toMatchObject({
      status: 200,
      body: { ok: false },
    });
  });

  it('finds an entry only after its upload was finalised, and only whole', async () => {
    await put(await uploadUrl('k'));
    expect(await matched('k')).toBeUndefined();
    expect((await call('FinalizeCacheEntryUpload', { key: 'k', version: 'v', size_bytes: '9' })).body['ok']).toBe(false);
    expect(await matched('k')).toBeUndefined();
    expect((await call('FinalizeCacheEntryUpload', { key: 'k', version: 'v', size_bytes: '10' })).body).toMatchObject({
      ok: true,
      entry_id: '1',
    });
    expect(await matched('k')).toBe('k');
    expect(simulator.archive('k')).toEqual(bytes);
  });

  it('refuses a key that is taken in this version and scope, even while it is uploaded', async () => {
    await uploadUrl('k');
    expect(await call('CreateCacheEntry', { key: 'k', version: 'v' })).toMatchObject({
      status: 409,
      body: { code: 'already_exists' },
    });
    expect((await call('CreateCacheEntry', { key: 'k', version: 'w' })).status).toBe(200);
    simulator.setScopes({ write: 'refs/heads/topic', read: ['refs/heads/topic'] });
    expect((await call('CreateCacheEntry', { key: 'k', version: 'v' })).status).toBe(200);
  });

  it('prefers an exact key, then the newest prefix, key by key, in one version', async () => {
    for (const key of ['a-1', 'a-12', 'b-1', 'a-13']) {
      await save(key);
      clock.advance(1000);
    }
    expect(await matched('a-1')).toBe('a-1');
    expect(await matched('a-')).toBe('a-13');
    expect(await matched('x', ['b-', 'a-'])).toBe('b-1');
    expect(await matched('a-1', [], 'another version')).toBeUndefined();
  });

  it('keeps what is used and removes what nobody used for a week', async () => {
    await save('used');
    await save('unused');
    clock.advance(4 * 24 * 3_600_000);
    expect(await matched('used')).toBe('used');
    clock.advance(4 * 24 * 3_600_000);
    expect(simulator.keys()).toEqual(['used']);
    simulator.evict();
    expect(simulator.keys()).toEqual([]);
  });

  it('dates its answers by the virtual clock, and fails as planned', async () => {
    simulator = createActionsCacheSimulator({ clock, host: 'h', faults: nthRequest(1, { kind: 'status', status: 503 }) });
    const answers = await Promise.all([0, 1, 2].map(() => simulator.fetch(new Request('http://h/'))));
    expect(answers.map(({ status }) => status)).toEqual([401, 503, 401]);
    expect(answers.map(({ headers }) => headers.get('Date'))).toEqual(Array(3).fill('Mon, 23 Nov 2026 00:00:00 GMT'));
    simulator.setCondition('down');
    await expect(simulator.fetch(new Request('http://h/'))).rejects.toThrow(ConnectionLost);
  });
});

describe('the simulated blob service', () => {
  it('joins staged blocks in the order of the block list', async () => {
    const url = await uploadUrl('k');
    for (const [id, text] of [
      ['Yg==', 'world'],
      ['YQ==', 'hello '],
    ] as const) {
      const response = await blobRequest(`${String(url)}&comp=block&blockid=${encodeURIComponent(id)}`, {
        method: 'PUT',
        body: text,
      });
      expect(response.status).toBe(201);
    }
    const list = (ids: readonly string[]): string =>
      `<?xml version="1.0"?><BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join('')}</BlockList>`;
    const unknown = await blobRequest(`${String(url)}&comp=blocklist`, { method: 'PUT', body: list(['YQ==', 'Yw==']) });
    expect([unknown.status, unknown.headers.get('x-ms-error-code')]).toEqual([400, 'InvalidBlockList']);
    expect((await blobRequest(`${String(url)}&comp=blocklist`, { method: 'PUT', body: list(['YQ==', 'Yg==']) })).status).toBe(
      201,
    );
    await call('FinalizeCacheEntryUpload', { key: 'k', version: 'v', size_bytes: '11' });
    expect(Buffer.from(simulator.archive('k') ?? []).toString()).toBe('hello world');
  });

  it('serves heads and ranges', async () => {
    await save('k');
    const url = (await call('GetCacheEntryDownloadURL', { key: 'k', version: 'v' })).body['signed_download_url'];
    const head = await blobRequest(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('Content-Length'), await head.text()]).toEqual([200, '10', '']);
    const ranged = async (headers: Record<string, string>): Promise<readonly unknown[]> => {
      const response = await blobRequest(url, { headers });
      return [response.status, response.headers.get('Content-Range'), response.ok ? await response.text() : undefined];
    };
    expect(await ranged({})).toEqual([200, null, '0123456789']);
    expect(await ranged({ Range: 'bytes=2-4' })).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await ranged({ 'x-ms-range': 'bytes=8-', Range: 'bytes=0-1' })).toEqual([206, 'bytes 8-9/10', '89']);
    expect(await ranged({ Range: 'bytes=-3' })).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await ranged({ Range: 'bytes=10-' })).toEqual([416, null, undefined]);
  });

  it('refuses a URL that is altered, expired, or meant for the other direction', async () => {
    await save('k');
    const url = String((await call('GetCacheEntryDownloadURL', { key: 'k', version: 'v' })).body['signed_download_url']);
    expect((await blobRequest(url)).status).toBe(200);
    expect((await put(url)).status).toBe(403);
    expect((await blobRequest(url.replace('actions-cache/1', 'actions-cache/2'))).status).toBe(403);
    expect((await blobRequest(url.replace('2026', '2027'))).status).toBe(403);
    clock.advance(10 * 60_000);
    expect((await blobRequest(url)).status).toBe(403);
  });

  it('wants the type of a blob that is put at once', async () => {
    expect((await blobRequest(await uploadUrl('k'), { method: 'PUT', body: bytes })).status).toBe(400);
  });
});

describe('the simulated cache service, version 1', () => {
  const request = (path: string, init: RequestInit = {}): Promise<Response> =>
    simulator.fetch(
      new Request(`${origin}/_apis/artifactcache/${path}`, { ...init, headers: { Authorization: 'Bearer t', ...init.headers } }),
    );
  const post = (path: string, body: unknown): Promise<Response> => request(path, { method: 'POST', body: JSON.stringify(body) });

  it('takes chunks in any order and gives the archive by a URL that needs no token', async () => {
    expect((await request('cache?keys=k&version=v')).status).toBe(204);
    expect(await (await post('caches', { key: 'k', version: 'v', cacheSize: 10 })).json()).toEqual({ cacheId: 1 });
    for (const [start, text] of [
      [5, '56789'],
      [0, '01234'],
    ] as const) {
      const headers = { 'Content-Range': `bytes ${start}-${start + 4}/*` };
      expect((await request('caches/1', { method: 'PATCH', headers, body: text })).status).toBe(204);
    }
    expect((await post('caches/1', { size: 9 })).status).toBe(400);
    expect((await post('caches/1', { size: 10 })).status).toBe(204);
    const found = (await (await request('cache?keys=x,k&version=v')).json()) as { cacheKey: string; archiveLocation: string };
    expect(found.cacheKey).toBe('k');
    expect(await (await simulator.fetch(new Request(found.archiveLocation))).text()).toBe('0123456789');
  });

  it('refuses a key that is taken, and what it does not know', async () => {
    await post('caches', { key: 'k', version: 'v' });
    expect((await post('caches', { key: 'k', version: 'v' })).status).toBe(409);
    expect((await post('caches', {})).status).toBe(400);
    expect((await post('caches/7', { size: 1 })).status).toBe(404);
    expect((await request('elsewhere')).status).toBe(404);
    expect((await request('caches/7', { method: 'PATCH', body: 'x' })).status).toBe(400);
  });
});
