import { describe, expect, it } from 'vitest';
import { firstOf, matchingRequests, nthRequest, seededFaults, withFaults } from '../../src/simulators/faults.ts';
import type { Handler } from '../../src/simulators/faults.ts';
import { ConnectionLost } from '../../src/simulators/simulator.ts';
import type { Fault, FaultPlan } from '../../src/simulators/simulator.ts';

interface Counted {
  readonly handle: Handler;
  handled: number;
}

function counting(body: string | null = '0123456789'): Counted {
  const counted: Counted = {
    handled: 0,
    handle: async () => {
      counted.handled += 1;
      return new Response(body, { headers: { 'X-Own': 'yes' } });
    },
  };
  return counted;
}

const request = (method = 'GET', path = '/a'): Request => new Request(`https://example.org${path}`, { method });

async function outcomes(plan: FaultPlan, requests: readonly Request[]): Promise<readonly (number | 'lost')[]> {
  const handle = withFaults(counting().handle, plan);
  const results: (number | 'lost')[] = [];
  for (const each of requests)
    results.push(
      await handle(each).then(
        ({ status }) => status,
        () => 'lost' as const,
      ),
    );
  return results;
}

describe('faults', () => {
  it.each([
    ['lost-before', 0],
    ['lost-after', 1],
  ] as const)('%s: no answer, handled %i times', async (kind, handled) => {
    const counted = counting();
    const handle = withFaults(counted.handle, () => ({ kind }));
    await expect(handle(request())).rejects.toThrow(ConnectionLost);
    expect(counted.handled).toBe(handled);
  });

  it('cut: the request is handled, its head arrives, its body breaks off half way', async () => {
    const counted = counting();
    const response = await withFaults(counted.handle, () => ({ kind: 'cut' }))(request());
    expect([response.status, response.headers.get('x-own'), response.headers.get('content-length'), counted.handled]).toEqual([
      200,
      'yes',
      '10',
      1,
    ]);
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('01234');
    await expect(reader.read()).rejects.toThrow(ConnectionLost);
  });

  it('cut: an answer without a body is lost as a whole', async () => {
    const handle = withFaults(counting(null).handle, () => ({ kind: 'cut' }));
    await expect(handle(request())).rejects.toThrow(ConnectionLost);
  });

  it('status and html answer in place of the handler, dated by the clock', async () => {
    const counted = counting();
    const options = { now: () => Date.UTC(2026, 0, 1) };
    const busy = await withFaults(
      counted.handle,
      () => ({ kind: 'status', status: 503, retryAfterSeconds: 7 }),
      options,
    )(request());
    expect([busy.status, busy.headers.get('retry-after'), busy.headers.get('date')]).toEqual([
      503,
      '7',
      'Thu, 01 Jan 2026 00:00:00 GMT',
    ]);
    const page = await withFaults(counted.handle, () => ({ kind: 'html', status: 502 }), options)(request());
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      502,
      'text/html; charset=utf-8',
      expect.stringContaining('<!DOCTYPE html>'),
    ]);
    expect(counted.handled).toBe(0);
  });
});

describe('fault plans', () => {
  const lost: Fault = { kind: 'lost-after' };

  it('hit the request with an index', async () => {
    expect(await outcomes(nthRequest(1, lost), [request(), request(), request()])).toEqual([200, 'lost', 200]);
  });

  it('hit requests that match, after some, so many times', async () => {
    const plan = matchingRequests({ method: 'POST', path: /^\/a$/, skip: 1, times: 1 }, lost);
    const requests = [request('POST'), request('GET'), request('POST', '/a?x=1'), request('POST', '/b'), request('POST')];
    expect(await outcomes(plan, requests)).toEqual([200, 200, 'lost', 200, 200]);
  });

  it('hit by chance, the same way for the same seed', async () => {
    const plan = (seed: number): FaultPlan =>
      seededFaults({ seed, probability: 0.3, faults: [lost, { kind: 'status', status: 500 }] });
    const requests = Array.from({ length: 40 }, () => request());
    const first = await outcomes(plan(7), requests);
    expect(await outcomes(plan(7), requests)).toEqual(first);
    expect(await outcomes(plan(8), requests)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 'lost', 500]));
  });

  it('go together, the first one that has a fault deciding', async () => {
    const plan = firstOf(
      nthRequest(0, lost),
      nthRequest(0, { kind: 'status', status: 500 }),
      nthRequest(2, { kind: 'status', status: 500 }),
    );
    expect(await outcomes(plan, [request(), request(), request()])).toEqual(['lost', 200, 500]);
  });
});
