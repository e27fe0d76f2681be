import type { VirtualClock } from '../simulator.ts';

/**
 * Jira Cloud's limits for API tokens, as its documentation gives them: bursts per endpoint and method, counted per tenant,
 * and writes per issue. A sliding window over virtual time stands for its token buckets.
 */
const burstsPerSecond: Readonly<Record<string, number>> = { GET: 100, HEAD: 100, POST: 100, PUT: 50, DELETE: 50 };

const issueWriteWindows = [
  { durationMs: 2_000, limit: 20 },
  { durationMs: 30_000, limit: 100 },
] as const;

/** Below this share of a budget an answer says that the limit is near. */
const nearLimitShare = 0.2;

export interface RateVerdict {
  /** A 429 to answer with, in place of handling the request. */
  readonly refusal: Response | undefined;
  /** For the answer, if the request is handled. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface RateLimits {
  /**
   * Counts a request. `endpoint` is the method and the path with its ids replaced; `writtenIssue` the id of the issue that
   * it writes to, if it writes to one.
   */
  count(request: { readonly method: string; readonly endpoint: string; readonly writtenIssue: string | undefined }): RateVerdict;
}

export function createRateLimits(clock: VirtualClock): RateLimits {
  const times = new Map<string, number[]>();
  /** Milliseconds until the window has room again; 0: there is room. */
  const waitMs = (name: string, limit: number, durationMs: number): number => {
    const known = (times.get(name) ?? []).filter((time) => time > clock.now() - 30_000);
    times.set(name, known);
    const inside = known.filter((time) => time > clock.now() - durationMs);
    const oldestToLeave = inside.at(-limit);
    return oldestToLeave === undefined ? 0 : oldestToLeave + durationMs - clock.now();
  };
  const note = (name: string): void => {
    times.set(name, [...(times.get(name) ?? []), clock.now()]);
  };
  return {
    count: ({ method, endpoint, writtenIssue }) => {
      const burst = `${method} ${endpoint}`;
      const limit = burstsPerSecond[method] ?? 100;
      const burstWait = waitMs(burst, limit, 1_000);
      if (burstWait > 0) return { refusal: refuse(clock, 'jira-burst-based', { limit, waitMs: burstWait }), headers: {} };
      const issue = `issue ${writtenIssue ?? ''}`;
      for (const window of writtenIssue === undefined ? [] : issueWriteWindows) {
        const wait = waitMs(issue, window.limit, window.durationMs);
        if (wait > 0) {
          return { refusal: refuse(clock, 'jira-per-issue-on-write', { limit: window.limit, waitMs: wait }), headers: {} };
        }
      }
      note(burst);
      if (writtenIssue !== undefined) note(issue);
      const used = (times.get(burst) ?? []).filter((time) => time > clock.now() - 1_000).length;
      return { refusal: undefined, headers: budgetHeaders(limit, limit - used) };
    },
  };
}

function budgetHeaders(limit: number, remaining: number): Readonly<Record<string, string>> {
  const near = remaining < limit * nearLimitShare ? { 'X-RateLimit-NearLimit': 'true' } : undefined;
  return { 'X-RateLimit-Limit': String(limit), 'X-RateLimit-Remaining': String(remaining), ...near };
}

/** `X-RateLimit-Reset` has minute precision, `Retry-After` whole seconds. */
function refuse(clock: VirtualClock, reason: string, budget: { readonly limit: number; readonly waitMs: number }): Response {
  const retryAfterSeconds = Math.max(1, Math.ceil(budget.waitMs / 1_000));
  const reset = new Date(clock.now() + retryAfterSeconds * 1_000).toISOString();
  return new Response(JSON.stringify({ errorMessages: ['Rate limit exceeded.'], errors: {} }), {
    status: 429,
    headers: {
      ...budgetHeaders(budget.limit, 0),
      'Content-Type': 'application/json;charset=UTF-8',
      'Retry-After': String(retryAfterSeconds),
      'RateLimit-Reason': reason,
      'X-RateLimit-Reset': `${reset.slice(0, 16)}Z`,
    },
  });
}
