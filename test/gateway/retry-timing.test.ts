import { describe, expect, it } from 'vitest';
import { SallyportError } from '../../src/errors.ts';
import { decideRetry, type AttemptOutcome, type RetryQuestion } from '../../src/gateway/retry-timing.ts';
import { dateHeader, dateMs } from './scripted-transport.ts';

function answered(status: number, headers: Record<string, string> = {}, bodyText?: string): AttemptOutcome {
  return { kind: 'answer', status, headers: new Headers({ date: dateHeader, ...headers }), bodyText };
}

function failed(kind: 'passing' | 'host', outcomeUnknown: boolean): AttemptOutcome {
  return { kind: 'failure', error: new SallyportError('x', { kind, outcomeUnknown }), sent: outcomeUnknown };
}

function decide(outcome: AttemptOutcome, more: Partial<RetryQuestion> = {}) {
  return decideRetry({
    outcome,
    retry: 'idempotent',
    replayable: true,
    answeredBefore: true,
    attempt: 1,
    waitedMs: 0,
    serverNowMs: dateMs,
    random: 0,
    attemptsMax: 5,
    waitMsMax: 120_000,
    ...more,
  });
}

describe('whether a request is sent again', () => {
  const cases: readonly [string, AttemptOutcome, 'again' | 'no', 'again' | 'no'][] = [
    ['200', answered(200), 'no', 'no'],
    ['304', answered(304), 'no', 'no'],
    ['400', answered(400), 'no', 'no'],
    ['401', answered(401), 'no', 'no'],
    ['403', answered(403), 'no', 'no'],
    ['404', answered(404), 'no', 'no'],
    ['408', answered(408), 'again', 'no'],
    ['409', answered(409), 'no', 'no'],
    ['429', answered(429), 'again', 'again'],
    ['500', answered(500), 'again', 'no'],
    ['501', answered(501), 'no', 'no'],
    ['502', answered(502), 'again', 'no'],
    ['503', answered(503), 'again', 'no'],
    ['503 with Retry-After', answered(503, { 'retry-after': '1' }), 'again', 'again'],
    ['500 with Retry-After', answered(500, { 'retry-after': '1' }), 'again', 'no'],
    ['504', answered(504), 'again', 'no'],
    ['403 with Retry-After', answered(403, { 'retry-after': '1' }), 'again', 'again'],
    ['403 with nothing remaining', answered(403, { 'x-ratelimit-remaining': '0' }), 'again', 'again'],
    ['403 that names a secondary limit', answered(403, {}, 'You have exceeded a secondary rate limit.'), 'again', 'again'],
    ['403 of a permission', answered(403, { 'x-ratelimit-remaining': '4000' }, 'Resource not accessible'), 'no', 'no'],
    ['a cut connection', failed('passing', true), 'again', 'no'],
    ['a connection never made', failed('passing', false), 'again', 'again'],
    ['an unreachable host that answered before', failed('host', false), 'again', 'again'],
  ];
  it.each(cases)('after %s', (_name, outcome, idempotent, never) => {
    expect(decide(outcome, { retry: 'idempotent' }).kind).toBe(idempotent === 'again' ? 'retry' : 'finish');
    expect(decide(outcome, { retry: 'never' }).kind).toBe(never === 'again' ? 'retry' : 'finish');
  });

  it('never sends a spent stream again', () => {
    expect(decide(answered(429), { replayable: false })).toEqual({ kind: 'finish' });
    expect(decide(failed('passing', false), { replayable: false })).toEqual({ kind: 'finish' });
  });

  it('gives a host that never answered one more chance to be connected to, and one that refuses none', () => {
    const unproven = { answeredBefore: false } as const;
    expect(decide(failed('host', false), unproven)).toEqual({ kind: 'finish' });
    expect(decide(failed('passing', false), unproven).kind).toBe('retry');
    expect(decide(failed('passing', false), { ...unproven, attempt: 2 })).toEqual({ kind: 'finish' });
    expect(decide(failed('passing', false), { attempt: 2 }).kind).toBe('retry');
  });

  it('repeats a cut connection as often where the host never answered', () => {
    expect(decide(failed('passing', true), { answeredBefore: false, attempt: 4 }).kind).toBe('retry');
  });

  it('ends with the last attempt allowed', () => {
    expect(decide(answered(503), { attempt: 4 }).kind).toBe('retry');
    expect(decide(answered(503), { attempt: 5 })).toEqual({ kind: 'finish' });
  });
});

describe('how long it waits', () => {
  it('doubles from half a second to a second, up to half a minute', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => decide(answered(500), { attempt, attemptsMax: 9 }));
    expect(waits.map((wait) => (wait.kind === 'retry' ? wait.waitMs : undefined))).toEqual([
      500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000,
    ]);
    expect(decide(answered(500), { random: 0.5 })).toEqual({ kind: 'retry', waitMs: 750 });
  });

  it('obeys Retry-After in seconds and only ever adds jitter', () => {
    expect(decide(answered(429, { 'retry-after': '7' }))).toEqual({ kind: 'retry', waitMs: 7000 });
    expect(decide(answered(429, { 'retry-after': '7' }), { random: 0.999 })).toEqual({ kind: 'retry', waitMs: 7999 });
  });

  it('measures a date in Retry-After against the server, not this machine', () => {
    const headers = { 'retry-after': 'Mon, 02 Nov 2026 10:00:20 GMT' };
    expect(decide(answered(503, headers))).toEqual({ kind: 'retry', waitMs: 20_000 });
    expect(decide(answered(503, headers), { serverNowMs: dateMs + 15_000 })).toEqual({ kind: 'retry', waitMs: 5000 });
    expect(decide(answered(503, headers), { serverNowMs: undefined })).toEqual({ kind: 'retry', waitMs: 500 });
  });

  it("waits for GitHub's reset where nothing remains, but not for that of another budget", () => {
    const reset = String(dateMs / 1000 + 30);
    const exhausted = answered(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
    expect(decide(exhausted)).toEqual({ kind: 'retry', waitMs: 30_000 });
    const secondary = answered(403, { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': reset }, 'secondary rate limit');
    expect(decide(secondary)).toEqual({ kind: 'retry', waitMs: 60_000 });
  });

  it("waits for Jira's reset, which is an ISO time, where Retry-After is missing", () => {
    expect(decide(answered(429, { 'x-ratelimit-reset': '2026-11-02T10:00:12Z' }))).toEqual({ kind: 'retry', waitMs: 12_000 });
  });

  it('says so when the server asks for more than one request may wait', () => {
    expect(decide(answered(429, { 'retry-after': '121' }))).toEqual({ kind: 'too-long', retryAfterMs: 121_000 });
    expect(decide(answered(429, { 'retry-after': '60' }), { waitedMs: 61_000 })).toEqual({
      kind: 'too-long',
      retryAfterMs: 60_000,
    });
  });

  it('gives up quietly where its own backoff would take too long', () => {
    expect(decide(answered(500), { waitedMs: 119_900 })).toEqual({ kind: 'finish' });
  });
});
