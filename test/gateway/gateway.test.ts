import { describe, expect, it } from 'vitest';
import { create, errorOf, get, openGateway } from './open-gateway.ts';
import { answer, bare, dateMs } from './scripted-transport.ts';

const issue = 'https://acme.atlassian.net/rest/api/3/issue/10001';

describe('the allow-list (I7)', () => {
  it.each([
    'https://attacker.example/rest/api/3/issue/1',
    'https://acme.atlassian.net.attacker.example/',
    'https://acme.atlassian.net:8443/',
    'http://acme.atlassian.net/',
    'https://tracker.internal:3000/',
    'https://media.example/',
    'https://user:secret@acme.atlassian.net/',
    'not a url',
    '/rest/api/3/issue/1',
  ])('refuses %s before anything leaves', async (url) => {
    const { gateway, seen } = openGateway([answer(200)]);
    const error = await errorOf(gateway.send(get(url)));
    expect(error.kind).toBe('configuration');
    expect(error.message).not.toContain('secret');
    expect(seen).toHaveLength(0);
    expect(gateway.counts()).toEqual({ work: 0, audit: 0, control: 0, writes: 0 });
  });

  it.each([
    'https://acme.atlassian.net/',
    'https://ACME.atlassian.net:443/',
    'http://tracker.internal:3000/',
    'https://a.b.media.example/',
  ])('lets %s pass', async (url) => {
    const { gateway } = openGateway([answer(200)]);
    expect((await gateway.send(get(url))).status).toBe(200);
  });
});

describe('counting', () => {
  it('counts every attempt by purpose, writes apart, in all and by host', async () => {
    const { gateway } = openGateway([bare(503), answer(200)]);
    await gateway.send(get(issue));
    await gateway.send(create(issue));
    await gateway.send(create('https://acme.atlassian.net/rest/api/3/search/jql', { purpose: 'audit' }));
    await gateway.send({ ...create(issue), method: 'PUT', purpose: 'control' });
    await gateway.send(get('https://api.github.com/repos/o/r'));
    expect(gateway.counts()).toEqual({ work: 4, audit: 1, control: 1, writes: 1 });
    expect(gateway.counts('acme.atlassian.net')).toEqual({ work: 3, audit: 1, control: 1, writes: 1 });
    expect(gateway.counts('api.github.com')).toEqual({ work: 1, audit: 0, control: 0, writes: 0 });
    expect(gateway.counts('eu.media.example')).toEqual({ work: 0, audit: 0, control: 0, writes: 0 });
  });
});

describe("a server's clock", () => {
  it('is its newest Date, advanced by the time since', async () => {
    const { gateway, clock } = openGateway([answer(200), bare(404, { date: 'Mon, 02 Nov 2026 10:01:00 GMT' })]);
    expect(gateway.serverTime('acme.atlassian.net')).toBeUndefined();
    await gateway.send(get(issue));
    clock.advance(1500);
    expect(gateway.serverTime('acme.atlassian.net')).toBe(dateMs + 1500);
    expect(gateway.serverTime('api.github.com')).toBeUndefined();
    await gateway.send(get(issue));
    expect(gateway.serverTime('acme.atlassian.net')).toBe(dateMs + 60_000);
  });

  it('is not taken from an answer in the place of a server that fails, but where nothing else tells it', async () => {
    const elsewhere = { date: 'Mon, 02 Nov 2026 09:00:00 GMT' };
    const { gateway } = openGateway([answer(200), bare(501, elsewhere)]);
    for (let index = 0; index < 2; index += 1) await gateway.send(get(issue));
    expect(gateway.serverTime('acme.atlassian.net')).toBe(dateMs);
    const other = openGateway([bare(501, elsewhere)]).gateway;
    await other.send(get(issue));
    expect(other.serverTime('acme.atlassian.net')).toBe(Date.UTC(2026, 10, 2, 9));
  });

  it('is not taken from an answer out of a cache, nor from one without a date', async () => {
    const { gateway } = openGateway([
      answer(200),
      answer(200, {}, { date: 'Mon, 02 Nov 2026 09:00:00 GMT', age: '3600' }),
      new Response(''),
    ]);
    for (let index = 0; index < 3; index += 1) await gateway.send(get(issue));
    expect(gateway.serverTime('acme.atlassian.net')).toBe(dateMs);
  });
});

describe('the expiry of a token', () => {
  it.each([
    ['2026-12-31 23:59:59 UTC', Date.UTC(2026, 11, 31, 23, 59, 59)],
    ['2026-12-31 23:59:59 -0800', Date.UTC(2027, 0, 1, 7, 59, 59)],
    ['soon', undefined],
    ['2026-13-31 23:59:59 UTC', undefined],
  ])('is read from %s', async (text, expected) => {
    const { gateway } = openGateway([answer(200, {}, { 'github-authentication-token-expiration': text }), answer(200)]);
    const repository = 'https://api.github.com/repos/o/r';
    for (let index = 0; index < 2; index += 1) await gateway.send(get(repository));
    expect(gateway.tokenExpiresAt('api.github.com')).toBe(expected);
    expect(gateway.tokenExpiresAt('acme.atlassian.net')).toBeUndefined();
  });
});

describe('the rate budget', () => {
  it('is what the newest headers of GitHub told', async () => {
    const headers = (remaining: string) => ({
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': remaining,
      'x-ratelimit-reset': String(dateMs / 1000 + 600),
    });
    const { gateway } = openGateway([answer(200, {}, headers('4999')), answer(200, {}, headers('4998')), answer(200)]);
    const repository = 'https://api.github.com/repos/o/r';
    for (let index = 0; index < 3; index += 1) await gateway.send(get(repository));
    expect(gateway.rateBudget('api.github.com')).toEqual({ limit: 5000, remaining: 4998, resetAt: dateMs + 600_000 });
    expect(gateway.rateBudget('acme.atlassian.net')).toBeUndefined();
  });

  it('reads the ISO time of Jira', async () => {
    const headers = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '2026-11-02T10:00:30Z' };
    const { gateway } = openGateway([answer(200, {}, headers)]);
    await gateway.send(get(issue));
    expect(gateway.rateBudget('acme.atlassian.net')).toEqual({ limit: 100, remaining: 7, resetAt: dateMs + 30_000 });
  });
});

describe('trace lines (I8)', () => {
  it('tell method, host, pattern, status, attempt, time and bytes of each attempt', async () => {
    const { gateway, lines, clock } = openGateway([
      () => {
        clock.advance(40);
        return bare(500);
      },
      () => {
        clock.advance(25);
        return answer(200, { id: 1 });
      },
    ]);
    await gateway.send({ ...create(issue), method: 'PUT', body: '{"ä":1}', retry: 'idempotent' });
    expect(lines).toEqual([
      {
        method: 'PUT',
        host: 'acme.atlassian.net',
        pattern: '/rest/api/3/issue/{id}',
        status: 500,
        attempt: 1,
        durationMs: 40,
        bytesSent: 8,
        bytesReceived: 0,
      },
      {
        method: 'PUT',
        host: 'acme.atlassian.net',
        pattern: '/rest/api/3/issue/{id}',
        status: 200,
        attempt: 2,
        durationMs: 25,
        bytesSent: 8,
        bytesReceived: 8,
      },
    ]);
  });

  it('hold no value of a query, a header or a body', async () => {
    const { gateway, lines } = openGateway([answer(200, { summary: 'private words' })]);
    await gateway.send(create(`${issue}?jql=private`, { body: '{"x":"private"}', headers: { authorization: 'private' } }));
    expect(JSON.stringify(lines)).not.toContain('private');
  });
});

describe('requests', () => {
  it("carry Sallyport's user agent in place of a library's", async () => {
    const { gateway, seen } = openGateway([answer(200)]);
    await gateway.send(get(issue, { headers: { 'User-Agent': 'octokit' } }));
    expect(seen[0]!.headers['user-agent']).toBe('sallyport/test');
  });

  it('with a broken header fail without repeating it', async () => {
    const { gateway, seen, clock } = openGateway([answer(200)]);
    const error = await errorOf(gateway.send(get(issue, { headers: { authorization: 'Bearer s3cr\u00e9t\nx' } })));
    expect(error.kind).toBe('configuration');
    expect(error.message).toContain('authorization');
    expect(`${error.message} ${String(error.cause)} ${error.stack}`).not.toContain('s3cr');
    expect(seen).toHaveLength(0);
    expect(clock.armed()).toBe(0);
  });

  it('are answered with the URL they came from', async () => {
    const { gateway } = openGateway([answer(200)]);
    expect((await gateway.send(get(issue))).url).toBe(issue);
  });
});
