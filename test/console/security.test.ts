import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { createAccess } from '../../src/console/access.ts';
import { openLoopback } from '../../src/console/http-server.ts';
import { bundleAssets } from '../../scripts/bundle.ts';
import { connectDesk, createDesk, host, origin, secrets, signIn } from './desk.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

describe('who gets an answer', () => {
  it('refuses every other host, whatever is sent along (DNS rebinding)', async () => {
    const desk = await createDesk();
    for (const foreign of ['evil.example', 'evil.example:4711', 'localhost:4711', '127.0.0.1:4712', '127.0.0.1', '[::1]:4711']) {
      for (const path of ['/', '/assets/console.css', desk.access.entryPath]) {
        const answer = await desk.send(path, { host: foreign, headers: { cookie: desk.cookie } });
        expect([foreign, path, answer.status]).toEqual([foreign, path, 403]);
        expect(answer.headers.get('set-cookie')).toBeNull();
      }
    }
  });

  it('refuses requests from another origin, and changes that hide theirs', async () => {
    const desk = await createDesk();
    const { cookie } = desk;
    for (const foreign of ['https://evil.example', 'null', 'http://127.0.0.1:4712', `https://${host}`]) {
      expect((await desk.send('/', { headers: { origin: foreign, cookie } })).status).toBe(403);
      const body = new URLSearchParams({ csrf: desk.access.csrfToken }).toString();
      const changed = await desk.send('/refresh', { method: 'POST', headers: { ...form, origin: foreign, cookie }, body });
      expect(changed.status).toBe(403);
    }
    const without = await desk.send('/refresh', { method: 'POST', headers: { ...form, cookie } });
    expect(without.status).toBe(403);
    for (const site of ['cross-site', 'same-site'])
      expect((await desk.send('/', { headers: { 'sec-fetch-site': site, cookie } })).status).toBe(403);
    expect((await desk.send('/', { headers: { origin, 'sec-fetch-site': 'same-origin', cookie } })).status).toBe(200);
    expect((await desk.post('/refresh')).status).toBe(303);
  });

  it('lets in by the one-time token once, and by the cookie alone from then on', async () => {
    const desk = await createDesk();
    // The desk entered already.
    expect((await desk.send(desk.access.entryPath)).status).toBe(403);
    expect((await desk.send('/enter?token=')).status).toBe(403);
    expect((await desk.send('/enter')).status).toBe(403);
    for (const path of ['/', '/initiate', '/accept', '/connections/abcdefghij', '/task/00', '/nowhere']) {
      const answer = await desk.send(path);
      expect([path, answer.status]).toEqual([path, 403]);
    }
    const wrong = await desk.send('/', { headers: { cookie: `sallyport-4711=${'A'.repeat(43)}` } });
    expect(wrong.status).toBe(403);
    expect((await desk.get('/')).status).toBe(200);
  });

  it('gives a cookie that no script reads and no other site sends', () => {
    const access = createAccess({ host, port: 4711 });
    const token = new URL(`${origin}${access.entryPath}`).searchParams.get('token') ?? '';
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(access.enter(`${token}x`)).toBeUndefined();
    expect(access.enter(token)).toMatch(/^sallyport-4711=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(access.enter(token)).toBeUndefined();
  });

  it("refuses a change without the token of its forms, or with another console's", async () => {
    const desk = await createDesk();
    const other = createAccess({ host, port: 4711 });
    for (const csrf of ['', 'x', other.csrfToken]) {
      const answer = await desk.post('/account', { csrf, site: 'http://127.0.0.1:4001', email: 'a@b', token: 'c' });
      expect(answer.status).toBe(403);
    }
    expect(await (await desk.get('/')).text()).toContain('Jira account of the public side');
  });

  it('answers no other method', async () => {
    const desk = await createDesk();
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await desk.send('/', { method, headers: { origin } })).status).toBe(403);
  });
});

describe('what an answer carries', () => {
  it('has a strict policy on every answer, refusals and assets among them', async () => {
    const desk = await createDesk();
    const answers = [
      await desk.get('/'),
      await desk.send('/'),
      await desk.send('/assets/console.js'),
      await desk.get('/nowhere'),
    ];
    for (const answer of answers) {
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("style-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('has no inline script, no inline style, no handler and no outside address to load from', async () => {
    const desk = await createDesk();
    const path = await connectDesk(desk);
    for (const page of ['/', '/initiate', '/initiate?step=project', '/accept', path]) {
      const text = await (await desk.get(page)).text();
      expect(text).not.toMatch(/<script(?! src="\/assets\/console\.js" defer)/);
      expect(text).not.toMatch(/<style|\sstyle=|\son[a-z]+=/i);
      expect(
        [...text.matchAll(/<(?:link|script|img|iframe)\b[^>]*(?:src|href)="([^"]*)"/g)].map((match) => match[1]?.[0]),
      ).not.toContain('h');
    }
  });

  it('holds no secret in any page; the code comes out alone, by its own form', async () => {
    const desk = await createDesk();
    await signIn(desk);
    const initiated = await desk.work('/initiate', { project: 'ACME' });
    const page = await initiated.text();
    const id = /\/initiated\/([a-z0-9]{10})\//.exec(page)?.[1] ?? '';
    const code = await (await desk.post(`/initiated/${id}/code`)).text();
    const passphrase = await (await desk.post(`/initiated/${id}/passphrase`)).text();
    expect(code).toMatch(/^sallyport1s\./);
    expect(passphrase.length).toBeGreaterThan(20);
    const draft = (await desk.post('/accept', { code, passphrase })).headers.get('location') ?? '';
    const pages = [page, await (await desk.get(draft)).text(), await (await desk.get(`/connections/${id}`)).text()];
    pages.push(await (await desk.get('/')).text());
    for (const text of pages) for (const secret of [code, passphrase, secrets.jiraToken]) expect(text).not.toContain(secret);
    expect((await desk.get(`/initiated/${id}/code`)).status).toBe(404);
    expect(await (await desk.post(`/initiated/${id}/show`)).text()).toContain(code);
  });
});

/** The status of a GET with exactly these Host headers. */
function statusFor(port: number, hosts: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end(`GET / HTTP/1.1\r\n${hosts.map((one) => `Host: ${one}\r\n`).join('')}Connection: close\r\n\r\n`);
    });
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.once('error', fail).once('end', () => done(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])));
  });
}

describe('the server', () => {
  it('answers for the very host that was printed, however another one is written', async () => {
    const server = await openLoopback({ port: 0, idleMsMax: 60_000, isBusy: () => false });
    const { port } = server;
    const access = createAccess({ host: server.host, port });
    server.start(async (request) => new Response('', { status: access.refusal(request) === undefined ? 200 : 403 }));
    expect(await statusFor(port, [server.host])).toBe(200);
    for (const foreign of [
      `evil@127.0.0.1:${port}`,
      `evil:secret@127.0.0.1:${port}`,
      `127.1:${port}`,
      `0x7f.0.0.1:${port}`,
      `2130706433:${port}`,
      `127.0.0.1:0${port}`,
      `127.0.0.1:${port}/evil`,
      `127.0.0.1:${port}?`,
      `evil.example:${port}`,
      '[',
    ])
      expect([foreign, await statusFor(port, [foreign])]).toEqual([foreign, 403]);
    expect(await statusFor(port, [server.host, 'evil.example'])).not.toBe(200);
    server.close();
    await server.closed;
  });

  it('is bound to loopback, and says what to do where its port is taken', async () => {
    const options = { port: 0, idleMsMax: 60_000, isBusy: () => false };
    const server = await openLoopback(options);
    expect(server.host).toBe(`127.0.0.1:${server.port}`);
    await expect(openLoopback({ ...options, port: server.port })).rejects.toThrow(/port \d+ of 127\.0\.0\.1 is in use.*--port/);
    server.start(async (request) => new Response(new URL(request.url).host));
    expect(await (await fetch(`${server.origin}/`)).text()).toBe(server.host);
    server.close();
    await server.closed;
  });

  it('closes when it is idle, and not while something is at work', async () => {
    let asked = 0;
    const server = await openLoopback({
      port: 0,
      idleMsMax: 1,
      isBusy: () => {
        asked += 1;
        return asked < 3;
      },
    });
    await server.closed;
    expect(asked).toBe(3);
  });

  it('refuses a body without bound', async () => {
    const server = await openLoopback({ port: 0, idleMsMax: 60_000, isBusy: () => false });
    server.start(async () => new Response('taken'));
    const answer = await fetch(server.origin, { method: 'POST', body: 'x'.repeat(12_000_001) }).catch(() => undefined);
    expect(answer?.status ?? 413).toBe(413);
    server.close();
    await server.closed;
  });
});

test('script and style stay under 60 KB together', async () => {
  const assets = await bundleAssets(join(import.meta.dirname, '../..'));
  expect(assets.map(({ path }) => path).toSorted()).toEqual(['assets/console.css', 'assets/console.js']);
  const bytes = assets.reduce((sum, { contents }) => sum + contents.length, 0);
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThan(60_000);
});
