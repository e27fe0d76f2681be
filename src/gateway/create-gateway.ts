import { SallyportError } from '../errors.ts';
import { requireAllowed, type AllowedHost } from './allow-list.ts';
import { attemptRequest, type Attempt, type AttemptParts } from './attempt.ts';
import type { Gateway, GatewayRequest, ProcessClock, TraceLine, Transport } from './gateway.ts';
import { createPacing, type PacingRule } from './pacing.ts';
import { pathPattern } from './path-pattern.ts';
import { askedWaitOf, limitsWholeHost } from './rate-headers.ts';
import { createRatePauses } from './rate-pauses.ts';
import { discard } from './read-json.ts';
import { isRedirect, redirectedRequest } from './redirects.ts';
import { decideRetry } from './retry-timing.ts';
import { createSlots } from './slots.ts';
import { createTraffic } from './traffic.ts';

/** Bounds of I9. Durations in milliseconds. */
export interface GatewayLimits {
  /** Attempts of one request, each hop of a redirect counted anew. */
  readonly attemptsMax: number;
  /** What one request may wait in all: backoff, the server's wishes and pacing together. */
  readonly waitMsMax: number;
  readonly redirectsMax: number;
  readonly concurrencyPerHost: number;
  /** Until the head of an answer, where the request does not say. */
  readonly headTimeoutMs: number;
  /** The longest silence in the middle of a body. */
  readonly bodyInactivityMs: number;
  /** JSON answers up to this size are read at once, so that a cut one is met where it can be repeated. */
  readonly prefetchBytesMax: number;
  /** Attempts that one gateway makes in its life. */
  readonly requestsMax: number;
}

export const defaultLimits: GatewayLimits = {
  attemptsMax: 5,
  waitMsMax: 120_000,
  redirectsMax: 5,
  concurrencyPerHost: 10,
  headTimeoutMs: 30_000,
  bodyInactivityMs: 60_000,
  prefetchBytesMax: 8 * 1024 * 1024,
  requestsMax: 500_000,
};

export interface GatewayOptions {
  readonly transport: Transport;
  readonly clock: ProcessClock;
  readonly allowedHosts: readonly AllowedHost[];
  /** Sent with every request, in place of a library's own. */
  readonly userAgent: string;
  readonly onTrace?: (line: TraceLine) => void;
  readonly limits?: Partial<GatewayLimits>;
  readonly pacing?: readonly PacingRule[];
}

/** The one outbound door (I7): allow-list, pacing, retries, redirects by hand, counting and tracing around a transport. */
export function createGateway(options: GatewayOptions): Gateway {
  const limits = { ...defaultLimits, ...options.limits };
  const { clock } = options;
  const [traffic, pauses] = [createTraffic(clock), createRatePauses(clock)];
  const pacing = createPacing(options.pacing ?? [], clock);
  const slots = createSlots(limits.concurrencyPerHost);
  const parts: AttemptParts = { ...options, onTrace: options.onTrace, traffic, ...limits };

  /** Waits until the host's pauses and the pacing let the request through; returns the milliseconds waited. */
  async function awaitTurn(request: GatewayRequest, waitedMs: number): Promise<number> {
    const url = new URL(request.url);
    const [budgetMs, pauseMs] = [limits.waitMsMax - waitedMs, pauses.remainingMs(url)];
    const turnMs = pauseMs > budgetMs ? pauseMs : Math.max(pauseMs, pacing.reserve({ method: request.method, url }, budgetMs));
    if (turnMs > budgetMs) {
      throw tooLong(request, turnMs, { serverNowMs: traffic.serverTime(url.host), status: undefined, sent: false });
    }
    if (turnMs > 0) await clock.wait(turnMs);
    return turnMs;
  }

  function pauseHost(url: URL, { outcome }: Attempt): void {
    if (outcome.kind === 'failure' || !limitsWholeHost(outcome)) return;
    const askedMs = askedWaitOf(outcome, traffic.serverTime(url.host));
    if (askedMs !== undefined) pauses.pause(url, askedMs);
  }

  /** One hop with its retries. */
  async function sendHop(request: GatewayRequest, budget: { waitedMs: number }): Promise<Response> {
    const url = new URL(request.url);
    for (let attempt = 1; ; attempt += 1) {
      budget.waitedMs += await awaitTurn(request, budget.waitedMs);
      requireRequestLeft(traffic.counts(), limits.requestsMax);
      const made = await slots.run(url.host, () => attemptRequest(parts, request, attempt));
      pauseHost(url, made);
      const decision = decideRetry({
        ...limits,
        outcome: made.outcome,
        retry: request.retry,
        replayable: !(request.body instanceof ReadableStream),
        answeredBefore: traffic.everAnswered(url.host),
        attempt,
        waitedMs: budget.waitedMs,
        serverNowMs: traffic.serverTime(url.host),
        random: clock.random(),
      });
      if (decision.kind === 'finish') return responseOf(made);
      await discard(made.response);
      if (decision.kind === 'too-long') {
        const status = made.response?.status;
        throw tooLong(request, decision.retryAfterMs, { serverNowMs: traffic.serverTime(url.host), status, sent: true });
      }
      budget.waitedMs += decision.waitMs;
      await clock.wait(decision.waitMs);
    }
  }

  return {
    send: (request) => {
      const budget = { waitedMs: 0 };
      const hops: Hops = { ...options, redirectsMax: limits.redirectsMax, sendHop: (hop) => sendHop(hop, budget) };
      return followRedirects(request, hops);
    },
    counts: (host) => traffic.counts(host),
    serverTime: (host) => traffic.serverTime(host),
    rateBudget: (host) => traffic.rateBudget(host),
    tokenExpiresAt: (host) => traffic.tokenExpiresAt(host),
  };
}

interface Hops {
  readonly allowedHosts: readonly AllowedHost[];
  readonly redirectsMax: number;
  readonly sendHop: (request: GatewayRequest) => Promise<Response>;
}

/** Sends a request and goes after its redirects by hand, to allowed hosts only. */
async function followRedirects(request: GatewayRequest, hops: Hops): Promise<Response> {
  requireAllowed(request.url, hops.allowedHosts);
  const follows =
    (request.redirect ?? (request.method === 'GET' || request.method === 'HEAD' ? 'follow' : 'manual')) === 'follow';
  let current = request;
  for (let redirects = 0; redirects <= hops.redirectsMax; redirects += 1) {
    const response = await hops.sendHop(current);
    if (!follows || !isRedirect(response)) return response;
    await discard(response);
    current = redirectedRequest(current, response, hops.allowedHosts);
  }
  throw new SallyportError(
    `${new URL(request.url).host} redirected more than ${hops.redirectsMax} times (${request.method} ${patternOf(request)}); check the configured URL.`,
    { kind: 'limit' },
  );
}

function responseOf(made: Attempt): Response {
  if (made.outcome.kind === 'failure') throw made.outcome.error;
  if (made.response === undefined) throw new SallyportError('An attempt ended without an answer.', { kind: 'answer' });
  return made.response;
}

function requireRequestLeft(counts: ReturnType<Gateway['counts']>, requestsMax: number): void {
  if (counts.work + counts.audit + counts.control < requestsMax) return;
  throw new SallyportError(`This run made ${requestsMax} requests, the most that one may make; the next run goes on from here.`, {
    kind: 'limit',
  });
}

function tooLong(
  request: GatewayRequest,
  waitMs: number,
  seen: { readonly serverNowMs: number | undefined; readonly status: number | undefined; readonly sent: boolean },
): SallyportError {
  const { host } = new URL(request.url);
  const seconds = Math.ceil(waitMs / 1000);
  const until = seen.serverNowMs === undefined ? '' : `, until ${new Date(seen.serverNowMs + waitMs).toISOString()}`;
  const who = seen.sent ? `${host} asks to wait ${seconds} s${until}` : `Requests to ${host} have to wait ${seconds} s${until}`;
  return new SallyportError(`${who} (${request.method} ${patternOf(request)}); it is tried again in a later cycle.`, {
    kind: 'passing',
    retryAfterMs: Math.ceil(waitMs),
    ...(seen.status === undefined ? {} : { status: seen.status }),
  });
}

function patternOf(request: GatewayRequest): string {
  return request.pattern ?? pathPattern(new URL(request.url));
}
