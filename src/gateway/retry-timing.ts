import type { SallyportError } from '../errors.ts';
import { askedWaitOf, isRateLimited, type LimitedAnswer } from './rate-headers.ts';

/** How one attempt ended. */
export type AttemptOutcome =
  | ({ readonly kind: 'answer' } & LimitedAnswer)
  | {
      readonly kind: 'failure';
      readonly error: SallyportError;
      /** False where no connection was made, so that nothing can have left. */
      readonly sent: boolean;
    };

export interface RetryQuestion {
  readonly outcome: AttemptOutcome;
  readonly retry: 'idempotent' | 'never';
  /** False for bodies that are streams: they are spent. */
  readonly replayable: boolean;
  /** Whether the host has answered anything in this run. */
  readonly answeredBefore: boolean;
  /** Attempts made so far, from 1. */
  readonly attempt: number;
  /** Milliseconds that this request has waited so far. */
  readonly waitedMs: number;
  /** The answer's own `Date`, else what is known of the server's clock. */
  readonly serverNowMs: number | undefined;
  /** Uniform in [0, 1). */
  readonly random: number;
  readonly attemptsMax: number;
  readonly waitMsMax: number;
}

export type RetryDecision =
  | { readonly kind: 'finish' }
  | { readonly kind: 'retry'; readonly waitMs: number }
  /** The server asks for more time than one request may wait. */
  | { readonly kind: 'too-long'; readonly retryAfterMs: number };

const passingStatuses: readonly number[] = [408, 429, 500, 502, 503, 504];
/** Attempts to connect to a host that never answered: most likely its address is wrong, and a person waits for the word. */
const unprovenAttemptsMax = 2;
const backoffMs = 1000;
const backoffMsMax = 30_000;
/** Spreads those who were told the same time; always added, for a server's time is never undercut. */
const askedJitterMs = 1000;

/**
 * Whether and when a request is sent again. Pure: waiting is the caller's.
 *
 * Idempotent requests are repeated after 408, 429, 500, 502, 503, 504, GitHub's rate-limiting 403, timeouts and cut
 * connections; the others only where nothing can have happened: rate limits, 503 with `Retry-After`, a connection that
 * was never made (I2).
 *
 * A host that cannot be reached is given another chance only where it has answered before and so is down for a while;
 * one that never answered is given up after two attempts to connect.
 */
export function decideRetry(question: RetryQuestion): RetryDecision {
  if (!question.replayable || !mayRepeat(question)) return { kind: 'finish' };
  const asked = question.outcome.kind === 'answer' ? askedWaitOf(question.outcome, question.serverNowMs) : undefined;
  if (asked !== undefined && question.waitedMs + asked > question.waitMsMax) return { kind: 'too-long', retryAfterMs: asked };
  if (question.attempt >= attemptsOf(question)) return { kind: 'finish' };
  const waitMs = asked === undefined ? backoffOf(question) : asked + Math.round(question.random * askedJitterMs);
  if (asked === undefined && question.waitedMs + waitMs > question.waitMsMax) return { kind: 'finish' };
  return { kind: 'retry', waitMs };
}

function attemptsOf({ outcome, answeredBefore, attemptsMax }: RetryQuestion): number {
  const unproven = outcome.kind === 'failure' && !outcome.sent && !answeredBefore;
  return unproven ? Math.min(unprovenAttemptsMax, attemptsMax) : attemptsMax;
}

function mayRepeat({ outcome, retry, answeredBefore }: RetryQuestion): boolean {
  if (outcome.kind === 'failure') {
    const { error } = outcome;
    const mayPass = error.kind === 'passing' || (error.kind === 'host' && answeredBefore);
    return mayPass && (retry === 'idempotent' || !error.outcomeUnknown);
  }
  if (isRateLimited(outcome)) return true;
  if (retry === 'idempotent') return passingStatuses.includes(outcome.status);
  return outcome.status === 503 && outcome.headers.has('retry-after');
}

/** Doubles from one second; the lower half is fixed so that jitter never makes a retry immediate. */
function backoffOf({ attempt, random }: RetryQuestion): number {
  const full = Math.min(backoffMsMax, backoffMs * 2 ** (attempt - 1));
  return Math.round(full / 2 + (random * full) / 2);
}
