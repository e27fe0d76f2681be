import type { GatewayRequest, ProcessClock, RateBudget, RequestCounts } from './gateway.ts';
import { isWrite } from './is-write.ts';
import { dateOf, rateBudgetOf } from './rate-headers.ts';

/** What the gateway remembers of its traffic: numbers of requests, who answered, each server's clock, each server's rate budget. */
export interface Traffic {
  countRequest(host: string, request: GatewayRequest): void;
  noteAnswer(host: string, answer: Pick<Response, 'headers' | 'status'>): void;
  /** Whether this host (`URL.host`) has answered at all, whatever it said. */
  everAnswered(host: string): boolean;
  counts(host?: string): RequestCounts;
  serverTime(host: string): number | undefined;
  rateBudget(host: string): RateBudget | undefined;
  tokenExpiresAt(host: string): number | undefined;
}

const noRequests: RequestCounts = { work: 0, audit: 0, control: 0, writes: 0 };

export function createTraffic(clock: Pick<ProcessClock, 'monotonicMs'>): Traffic {
  let all = noRequests;
  const byHost = new Map<string, RequestCounts>();
  const answered = new Set<string>();
  const serverClocks = new Map<string, { readonly dateMs: number; readonly seenAtMs: number }>();
  const budgets = new Map<string, RateBudget>();
  const expiries = new Map<string, number>();

  function serverTime(host: string): number | undefined {
    const seen = serverClocks.get(host);
    return seen === undefined ? undefined : Math.floor(seen.dateMs + clock.monotonicMs() - seen.seenAtMs);
  }

  return {
    countRequest(host, request) {
      all = withOneMore(all, request);
      byHost.set(host, withOneMore(byHost.get(host) ?? noRequests, request));
    },
    noteAnswer(host, { headers, status }) {
      answered.add(host);
      const dateMs = dateOf(headers);
      // An answer out of a cache on the way carries the `Date` at which it was made.
      const cached = Number(headers.get('age') ?? 0) > 0;
      // Where a server fails, what stands before it often answers in its place, by a clock of its own.
      const isOfAnother = status >= 500 && serverClocks.has(host);
      if (dateMs !== undefined && !cached && !isOfAnother) serverClocks.set(host, { dateMs, seenAtMs: clock.monotonicMs() });
      const budget = rateBudgetOf(headers, serverTime(host));
      if (budget !== undefined) budgets.set(host, budget);
      const expiresAt = tokenExpiryOf(headers);
      if (expiresAt !== undefined) expiries.set(host, expiresAt);
    },
    everAnswered: (host) => answered.has(host),
    counts: (host) => (host === undefined ? all : (byHost.get(host) ?? noRequests)),
    serverTime,
    rateBudget: (host) => budgets.get(host),
    tokenExpiresAt: (host) => expiries.get(host),
  };
}

function withOneMore(counts: RequestCounts, request: GatewayRequest): RequestCounts {
  const writes = request.purpose !== 'control' && isWrite(request) ? 1 : 0;
  return { ...counts, [request.purpose]: counts[request.purpose] + 1, writes: counts.writes + writes };
}

/** GitHub tells it of a personal access token with each answer: `2026-12-31 23:59:59 UTC`, or with an offset such as `-0800`. */
function tokenExpiryOf(headers: Headers): number | undefined {
  const text = headers.get('github-authentication-token-expiration')?.trim() ?? '';
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) (UTC|[+-]\d{4})$/.exec(text);
  if (match === null) return undefined;
  const zone = match[3] === 'UTC' ? 'Z' : `${match[3]?.slice(0, 3)}:${match[3]?.slice(3)}`;
  const time = Date.parse(`${match[1]}T${match[2]}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}
