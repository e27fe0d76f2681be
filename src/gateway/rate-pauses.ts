import type { ProcessClock } from './gateway.ts';

/**
 * Remembers which hosts asked everyone to stay away, and until when: once GitHub's budget is gone, each further request
 * would be refused too, and counts against the account.
 */
export interface RatePauses {
  pause(url: URL, durationMs: number): void;
  /** Milliseconds until requests like this one make sense again, 0 if now. */
  remainingMs(url: URL): number;
}

export function createRatePauses(clock: Pick<ProcessClock, 'monotonicMs'>): RatePauses {
  const until = new Map<string, number>();
  return {
    pause(url, durationMs) {
      const key = budgetOf(url);
      until.set(key, Math.max(until.get(key) ?? 0, clock.monotonicMs() + durationMs));
    },
    remainingMs: (url) => Math.max(0, (until.get(budgetOf(url)) ?? 0) - clock.monotonicMs()),
  };
}

/** GitHub counts GraphQL and searches apart from the rest, Jira each endpoint; three budgets a host serve both. */
function budgetOf(url: URL): string {
  if (url.pathname.endsWith('/graphql')) return `${url.host} graphql`;
  return /\/search(?:\/|$)/.test(url.pathname) ? `${url.host} search` : `${url.host} core`;
}
