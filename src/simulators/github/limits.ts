import { ApiError, apiError } from './answers.ts';
import type { Caller } from './auth.ts';
import type { World } from './data.ts';

/**
 * GitHub's published limits. Primary ones count requests an hour, secondary ones points and content-creating requests.
 * Source: docs.github.com, "Rate limits for the REST API".
 */
export interface Limits {
  readonly primaryPerHour: number;
  /** `GITHUB_TOKEN`, for each repository. */
  readonly jobPerHour: number;
  readonly anonymousPerHour: number;
  readonly pointsPerMinute: number;
  readonly contentPerMinute: number;
  readonly contentPerHour: number;
}

export const publishedLimits: Limits = {
  primaryPerHour: 5000,
  jobPerHour: 1000,
  anonymousPerHour: 60,
  pointsPerMinute: 900,
  contentPerMinute: 80,
  contentPerHour: 500,
};

const minuteMs = 60_000;
const hourMs = 3_600_000;

interface Budget {
  used: number;
  resetAt: number;
}

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  /** Epoch seconds. */
  readonly reset: number;
}

/** GraphQL has a budget of its own, of the same size; a query that asks for few connections costs one point of it. */
export type RateResource = 'core' | 'graphql';

export interface RateLimiter {
  /** @throws ApiError 403 or 429 when a limit is used up, 200 with `errors` for GraphQL's. Counts on the secondary limits. */
  admit(request: Request, caller: Caller): void;
  /** Counts on the primary limit; not called for 304s and `/rate_limit`. */
  count(caller: Caller, resource: RateResource): void;
  state(caller: Caller, resource: RateResource): RateState;
}

/** GHES has its rate limits off by default, so only the `github.com` shape makes one. */
export function createRateLimiter(world: World): RateLimiter {
  const budgets = new Map<string, Budget>();
  const points = new Map<string, { at: number; points: number }[]>();
  const content = new Map<string, number[]>();

  const budgetOf = (caller: Caller, resource: RateResource): Budget => {
    const key = `${resource} ${keyOf(caller)}`;
    const known = budgets.get(key);
    if (known && known.resetAt > world.clock.now()) return known;
    const fresh = { used: 0, resetAt: world.clock.now() + hourMs };
    budgets.set(key, fresh);
    return fresh;
  };
  const state = (caller: Caller, resource: RateResource): RateState => {
    const budget = budgetOf(caller, resource);
    const limit = limitOf(caller, world.settings.limits);
    return { limit, remaining: Math.max(0, limit - budget.used), used: budget.used, reset: Math.ceil(budget.resetAt / 1000) };
  };

  const admitPoints = (request: Request, key: string): void => {
    const now = world.clock.now();
    const recent = (points.get(key) ?? []).filter(({ at }) => at > now - minuteMs);
    const reads = request.method === 'GET' || request.method === 'HEAD' || resourceOf(request) === 'graphql';
    const cost = reads ? 1 : 5;
    const sum = recent.reduce((total, one) => total + one.points, 0);
    points.set(key, recent);
    if (sum + cost > world.settings.limits.pointsPerMinute)
      throw secondaryLimit(secondsUntil((recent[0]?.at ?? now) + minuteMs, now));
    recent.push({ at: now, points: cost });
  };
  const admitContent = (key: string): void => {
    const now = world.clock.now();
    const recent = (content.get(key) ?? []).filter((at) => at > now - hourMs);
    const lastMinute = recent.filter((at) => at > now - minuteMs);
    content.set(key, recent);
    const { contentPerMinute, contentPerHour } = world.settings.limits;
    if (lastMinute.length >= contentPerMinute) throw secondaryLimit(secondsUntil((lastMinute[0] ?? now) + minuteMs, now));
    if (recent.length >= contentPerHour) throw secondaryLimit(secondsUntil((recent[0] ?? now) + hourMs, now));
    recent.push(now);
  };

  return {
    state,
    admit: (request, caller) => {
      const resource = resourceOf(request);
      if (state(caller, resource).remaining === 0) {
        const who = caller.user === undefined ? 'IP address 127.0.0.1' : `user ID ${caller.user.id}`;
        const message = `API rate limit exceeded for ${who}.`;
        // GraphQL says so with status 200 (docs.github.com, "Rate limits and query limits for the GraphQL API").
        if (resource === 'graphql') throw new ApiError(200, { errors: [{ type: 'RATE_LIMITED', message }] });
        throw apiError(403, message);
      }
      const key = keyOf(caller);
      admitPoints(request, key);
      if (createsContent(request)) admitContent(key);
    },
    count: (caller, resource) => {
      budgetOf(caller, resource).used += 1;
    },
  };
}

export function resourceOf(request: Request): RateResource {
  return new URL(request.url).pathname.endsWith('/graphql') ? 'graphql' : 'core';
}

function keyOf(caller: Caller): string {
  if (caller.token === undefined) return 'anonymous';
  // People's tokens share the account's budget; a job's is the repository's.
  return caller.token.kind === 'job' ? `job ${caller.token.repositories?.join() ?? ''}` : `user ${caller.token.user.login}`;
}

function limitOf(caller: Caller, limits: Limits): number {
  if (caller.token === undefined) return limits.anonymousPerHour;
  return caller.token.kind === 'job' ? limits.jobPerHour : limits.primaryPerHour;
}

/** Issues, comments and labels: what shows up on the site for others. */
function createsContent(request: Request): boolean {
  return request.method === 'POST' && /\/(?:issues|comments|labels)$/.test(new URL(request.url).pathname);
}

function secondsUntil(time: number, now: number): number {
  return Math.max(1, Math.ceil((time - now) / 1000));
}

function secondaryLimit(retryAfterSeconds: number): Error {
  return apiError(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.',
    { 'retry-after': String(retryAfterSeconds) },
  );
}
