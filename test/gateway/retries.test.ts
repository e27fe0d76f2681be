import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../src/errors.ts';
import { create, errorOf, get, openGateway } from './open-gateway.ts';
import { answer, bare, brokenBody } from './scripted-transport.ts';

const issue = 'https://acme.atlassian.net/rest/api/3/issue/10001';
const comments = 'https://api.github.com/repos/o/r/issues/1/comments';

describe('retries', () => {
  it('repeats a read until it is answered', async () => {
    const { gateway, seen, clock } = openGateway([bare(503), new Error('reset'), bare(502), answer(200, { id: 1 })]);
    const response = await gateway.send(get(issue));
    expect(await response.json()).toEqual({ id: 1 });
    expect(seen).toHaveLength(4);
    expect(clock.waits).toEqual([500, 1000, 2000]);
  });

  it('returns the last answer when the attempts are used up', async () => {
    const { gateway, seen } = openGateway([bare(503)]);
    expect((await gateway.send(get(issue))).status).toBe(503);
    expect(seen).toHaveLength(5);
  });

  it('sends a replayable body again, whole', async () => {
    const { gateway, seen } = openGateway([bare(500), answer(200)]);
    await gateway.send({ method: 'PUT', url: issue, body: '{"a":1}', retry: 'idempotent', purpose: 'work' });
    await gateway.send({ method: 'PUT', url: issue, body: new Uint8Array([97, 98]), retry: 'idempotent', purpose: 'work' });
    expect(seen.map((request) => request.body)).toEqual(['{"a":1}', '{"a":1}', 'ab']);
    expect(seen[0]!.headers['content-length']).toBe('7');
  });

  it('never repeats a create whose answer was lost, and says that it may have happened', async () => {
    const { gateway, seen } = openGateway([new Error('reset')]);
    expect(await errorOf(gateway.send(create(comments)))).toMatchObject({ kind: 'passing', outcomeUnknown: true });
    expect(seen).toHaveLength(1);
  });

  it('never repeats a create answered by 500 or a 503 that does not say that nothing was done', async () => {
    for (const status of [500, 502, 503, 504, 408]) {
      const { gateway, seen } = openGateway([bare(status)]);
      expect((await gateway.send(create(comments))).status).toBe(status);
      expect(seen).toHaveLength(1);
    }
  });

  it('repeats a create that was refused for coming too soon', async () => {
    const { gateway, seen } = openGateway([bare(429, { 'retry-after': '2' }), bare(503, { 'retry-after': '3' }), answer(201)]);
    expect((await gateway.send(create(comments))).status).toBe(201);
    expect(seen).toHaveLength(3);
  });

  it('does not call a lost search an unknown outcome', async () => {
    const { gateway } = openGateway([new Error('reset')]);
    const search = create('https://acme.atlassian.net/rest/api/3/search/jql', { retry: 'never' });
    expect(await errorOf(gateway.send(search))).toMatchObject({ kind: 'passing', outcomeUnknown: false });
  });

  it('passes on what the transport knows, and does not repeat what cannot help', async () => {
    const { gateway, seen } = openGateway([new SallyportError('Cannot reach x', { kind: 'host' })]);
    expect(await errorOf(gateway.send(get(issue)))).toMatchObject({ kind: 'host', message: 'Cannot reach x' });
    expect(seen).toHaveLength(1);
  });

  it('gives a host up after two attempts that made no connection, unless it has answered before', async () => {
    const unconnected = new SallyportError('No connection to x', { kind: 'passing' });
    const unproven = openGateway([unconnected]);
    expect(await errorOf(unproven.gateway.send(get(issue)))).toBe(unconnected);
    expect(unproven.seen).toHaveLength(2);
    const proven = openGateway([answer(200), unconnected]);
    await proven.gateway.send(get(issue));
    expect(await errorOf(proven.gateway.send(get(issue)))).toBe(unconnected);
    expect(proven.seen).toHaveLength(6);
  });

  it('waits for a host that answered before and is down for a short while, even with a create', async () => {
    const refused = new SallyportError('Cannot reach x', { kind: 'host' });
    const { gateway, seen } = openGateway([answer(200), refused, refused, answer(201)]);
    await gateway.send(get(comments));
    expect((await gateway.send(create(comments))).status).toBe(201);
    expect(seen).toHaveLength(4);
  });

  it('repeats a lost read of a host that never answered as often as any', async () => {
    const { gateway, seen } = openGateway([new Error('reset')]);
    await errorOf(gateway.send(get(issue)));
    expect(seen).toHaveLength(5);
  });

  it('does not repeat a stream, whatever the answer', async () => {
    const { gateway, seen } = openGateway([bare(429, { 'retry-after': '1' })]);
    const body = new Blob(['file']).stream();
    const upload = create(`${issue}/attachments`, { body, headers: { 'content-length': '4' }, retry: 'idempotent' });
    expect((await gateway.send(upload)).status).toBe(429);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ body: 'file', headers: { 'content-length': '4' } });
  });

  it('ends with when to come back if the server wants a longer wait than is allowed', async () => {
    const { gateway } = openGateway([answer(429, {}, { 'retry-after': '300' })]);
    const error = await errorOf(gateway.send(get(issue)));
    expect(error).toMatchObject({ kind: 'passing', status: 429, retryAfterMs: 300_000, outcomeUnknown: false });
    expect(error.message).toBe(
      'acme.atlassian.net asks to wait 300 s, until 2026-11-02T10:05:00.000Z (GET /rest/api/3/issue/{id}); it is tried again in a later cycle.',
    );
  });

  it('tells a secondary limit from a missing permission by the body, which stays readable', async () => {
    const limited = answer(403, { message: 'You have exceeded a secondary rate limit. Please wait.' });
    const first = openGateway([limited, answer(201)]);
    expect((await first.gateway.send(create(comments))).status).toBe(201);
    expect(first.clock.waits).toEqual([60_000]);
    const second = openGateway([answer(403, { message: 'Resource not accessible by integration' })]);
    const response = await second.gateway.send(create(comments));
    expect(await response.json()).toEqual({ message: 'Resource not accessible by integration' });
  });
});

describe('a host that asks everyone to stay away', () => {
  it('is not asked again by others until then', async () => {
    const exhausted = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.UTC(2026, 10, 2, 10, 30) / 1000) };
    const { gateway, seen } = openGateway([bare(403, exhausted), answer(200)]);
    expect((await errorOf(gateway.send(get(comments)))).retryAfterMs).toBe(1_800_000);
    const second = await errorOf(gateway.send(get('https://api.github.com/repos/o/r/issues/2')));
    expect(second).toMatchObject({ kind: 'passing', retryAfterMs: 1_800_000 });
    expect(seen).toHaveLength(1);
  });

  it('is asked again once the time is over, and other budgets and hosts go on', async () => {
    const { gateway, seen, clock } = openGateway([bare(429, { 'retry-after': '150' }), answer(200)]);
    await errorOf(gateway.send(get(comments)));
    await gateway.send(create('https://api.github.com/graphql', { body: '{"query":"{ viewer { login } }"}' }));
    await gateway.send(get(issue));
    expect(clock.waits).toEqual([]);
    clock.advance(149_000);
    await gateway.send(get(comments));
    expect(clock.waits).toEqual([1000]);
    expect(seen).toHaveLength(4);
  });

  it('goes on with other issues where Jira limited the writes to one', async () => {
    const limited = bare(429, { 'retry-after': '150', 'ratelimit-reason': 'jira-per-issue-on-write' });
    const { gateway, clock } = openGateway([limited, answer(200)]);
    await errorOf(gateway.send(create(issue)));
    await gateway.send(get('https://acme.atlassian.net/rest/api/3/issue/10002'));
    expect(clock.waits).toEqual([]);
  });
});

describe('an answer that breaks off', () => {
  const cut = () =>
    new Response(brokenBody('{"id":', 'cut'), { status: 200, headers: { 'content-type': 'application/json;charset=UTF-8' } });

  it('is asked for again if it was JSON of an idempotent request', async () => {
    const { gateway, seen } = openGateway([() => cut(), answer(200, { id: 1 })]);
    expect(await (await gateway.send(get(issue))).json()).toEqual({ id: 1 });
    expect(seen).toHaveLength(2);
  });

  it('leaves the outcome of a create unknown', async () => {
    const { gateway, seen } = openGateway([() => cut()]);
    expect(await errorOf(gateway.send(create(comments)))).toMatchObject({ kind: 'passing', outcomeUnknown: true });
    expect(seen).toHaveLength(1);
  });

  it('fails its reader where it was a file', async () => {
    const { gateway } = openGateway([() => new Response(brokenBody('abc', 'cut'))]);
    const response = await gateway.send(get(issue));
    expect(await errorOf(response.arrayBuffer())).toMatchObject({ kind: 'passing' });
  });

  it('is a stream where JSON is too large to be read at once', async () => {
    const text = JSON.stringify('x'.repeat(5000));
    const { gateway } = openGateway([new Response(text, { headers: { 'content-type': 'application/json' } })], {
      limits: { prefetchBytesMax: 1000 },
    });
    expect(await (await gateway.send(get(issue))).text()).toBe(text);
  });
});
