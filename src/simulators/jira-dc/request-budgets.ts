import type { VirtualClock } from '../simulator.ts';

export interface Verdict {
  readonly refusal: Response | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Each user's token bucket, where the administrator set one: a request takes a token, and a second brings one back. */
export function createRequestBudgets(
  clock: VirtualClock,
  limit: number | undefined,
): { readonly count: (userKey: string) => Verdict } {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    count: (userKey) => {
      if (limit === undefined) return { refusal: undefined, headers: {} };
      const now = clock.now();
      const bucket = buckets.get(userKey) ?? { tokens: limit, at: now };
      const refilled = Math.min(limit, bucket.tokens + Math.floor((now - bucket.at) / 1_000));
      const remaining = Math.max(0, refilled - 1);
      buckets.set(userKey, { tokens: remaining, at: refilled === bucket.tokens ? bucket.at : now });
      const headers = {
        'X-RateLimit-Limit': String(limit),
        'X-RateLimit-Remaining': String(remaining),
        'X-RateLimit-FillRate': '1',
        'X-RateLimit-Interval-Seconds': '1',
      };
      if (refilled > 0) return { refusal: undefined, headers };
      const refusal = Response.json(
        { message: 'Rate limit exceeded.' },
        { status: 429, headers: { ...headers, 'Retry-After': '1' } },
      );
      return { refusal, headers };
    },
  };
}
