import type { RateBudget } from './gateway.ts';

/** Milliseconds that GitHub asks to stay away for after a secondary limit that names no time (its REST best practices). */
const secondaryLimitMs = 60_000;

/** The `Date` header as epoch milliseconds; undefined if missing or not a date. */
export function dateOf(headers: Headers): number | undefined {
  return parseDate(headers.get('date'));
}

/**
 * Milliseconds that `Retry-After` asks for: seconds, or an HTTP date measured against `serverNowMs` (the answer's own
 * `Date`), because the process clock may be wrong. Undefined if missing, unreadable, or a date without a `serverNowMs`.
 */
export function retryAfterOf(headers: Headers, serverNowMs: number | undefined): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  const until = parseDate(value);
  return until === undefined || serverNowMs === undefined ? undefined : Math.max(0, until - serverNowMs);
}

/**
 * When the budget is full again, in epoch milliseconds. GitHub gives epoch seconds, Jira Cloud an ISO time; a small number
 * is read as seconds from now.
 */
export function resetAtOf(headers: Headers, serverNowMs: number | undefined): number | undefined {
  const value = headers.get('x-ratelimit-reset')?.trim();
  if (value === undefined || value === '') return undefined;
  if (!/^\d+$/.test(value)) return parseDate(value);
  const seconds = Number(value);
  if (seconds >= 1_000_000_000) return seconds * 1000;
  return serverNowMs === undefined ? undefined : serverNowMs + seconds * 1000;
}

/** The rate budget of an answer's `X-RateLimit-*` headers (GitHub, Jira Cloud, Jira Data Center); undefined without them. */
export function rateBudgetOf(headers: Headers, serverNowMs: number | undefined): RateBudget | undefined {
  const limit = parseCount(headers.get('x-ratelimit-limit'));
  const remaining = parseCount(headers.get('x-ratelimit-remaining'));
  if (limit === undefined || remaining === undefined) return undefined;
  return { limit, remaining, resetAt: resetAtOf(headers, serverNowMs) };
}

/** An answer as far as rate limits are concerned. */
export interface LimitedAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body, where it was short JSON: GitHub tells a secondary limit from a missing permission only there. */
  readonly bodyText: string | undefined;
}

/**
 * Whether an answer says "too many requests", so that nothing was done: 429 anywhere, and GitHub's 403 with `Retry-After`,
 * with no requests remaining, or with a message about a secondary rate limit.
 */
export function isRateLimited(answer: LimitedAnswer): boolean {
  if (answer.status === 429) return true;
  if (answer.status !== 403) return false;
  return answer.headers.has('retry-after') || answer.headers.get('x-ratelimit-remaining') === '0' || namesSecondaryLimit(answer);
}

/**
 * Milliseconds that a server asks to wait before the next try, undefined if it names no time: `Retry-After` first, then
 * the reset of an exhausted budget, then GitHub's minute after a secondary limit.
 */
export function askedWaitOf(answer: LimitedAnswer, serverNowMs: number | undefined): number | undefined {
  const retryAfter = retryAfterOf(answer.headers, serverNowMs);
  if (retryAfter !== undefined) return retryAfter;
  if (!isRateLimited(answer)) return undefined;
  // With requests remaining the reset belongs to the primary budget, which is not what ran out.
  const remaining = answer.headers.get('x-ratelimit-remaining');
  const resetAt = resetAtOf(answer.headers, serverNowMs);
  if ((remaining === null || remaining === '0') && resetAt !== undefined && serverNowMs !== undefined) {
    return Math.max(0, resetAt - serverNowMs);
  }
  return namesSecondaryLimit(answer) ? secondaryLimitMs : undefined;
}

/** Whether a rate limit concerns the whole host, so that other requests had better wait too; Jira also limits single issues. */
export function limitsWholeHost(answer: LimitedAnswer): boolean {
  return isRateLimited(answer) && !(answer.headers.get('ratelimit-reason') ?? '').includes('per-issue');
}

function namesSecondaryLimit(answer: LimitedAnswer): boolean {
  return /secondary rate limit|abuse detection/i.test(answer.bodyText ?? '');
}

function parseDate(value: string | null): number | undefined {
  if (value === null) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

function parseCount(value: string | null): number | undefined {
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}
