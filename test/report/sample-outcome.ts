import type { ChangeLine, CycleResult } from '../../src/core/result.ts';
import type { ConnectionCard, CycleReport, Outcome } from '../../src/report/outcome.ts';
import type { StatusReport } from '../../src/report/status-report.ts';

export const card: ConnectionCard = {
  connectionId: 'k3m9x2',
  name: 'Acme support',
  status: 'Active',
  site: 'https://acme.atlassian.net',
  project: 'ACME (Acme support)',
  destination: 'acme/app',
};

export const issues = {
  public: { key: 'ACME-1', url: 'https://acme.atlassian.net/browse/ACME-1' },
  private: { key: '#7', url: 'https://github.example.com/acme/app/issues/7' },
};

export const quiet: CycleResult = {
  cycleId: 'c1',
  dryRun: false,
  start: 'resumed',
  startReason: undefined,
  twins: 3,
  asked: [],
  changes: [],
  conflicts: [],
  held: [],
  failures: [],
  differences: [],
  ended: [],
  deferred: 0,
  parked: 0,
  guard: undefined,
  warnings: [],
  ignoredStamps: 0,
  oldestPendingSeconds: 0,
};

export function change(more: Partial<ChangeLine> = {}): ChangeLine {
  return { issues, side: 'private', action: 'created', what: 'issue', title: 'Login fails', ...more };
}

export function cycle(result: Partial<CycleResult> = {}): CycleReport {
  return {
    result: { ...quiet, ...result },
    requests: { public: 5, private: 2, control: 4, audit: 1, writes: { public: 1, private: 2 } },
    durationMs: 1_500,
    budgets: [{ host: 'api.github.com', limit: 5_000, remaining: 4_321 }],
  };
}

export function synced(results: readonly Partial<CycleResult>[], detail: 'full' | 'ids' = 'full'): Outcome {
  return { kind: 'synced', card, cycles: results.map(cycle), detail, notices: [] };
}

export function statusOutcome(more: Partial<StatusReport> = {}, detail: 'full' | 'ids' = 'full'): Outcome {
  return {
    kind: 'status',
    card,
    detail,
    facts: [{ name: 'trigger', value: 'labels = sync' }],
    counts: { twins: 3, retry: 1, parked: 0 },
    problems: [],
    cycles: [],
    budgets: [],
    state: { kind: 'unread', reason: 'no state here.' },
    notices: [],
    stale: undefined,
    ...more,
  };
}

/** One of each kind of line, with content that only `full` may show. */
export const eventful: Partial<CycleResult> = {
  changes: [
    change(),
    change({ side: 'public', action: 'updated', what: 'summary, description', title: 'Export' }),
    change({ action: 'removed', what: 'attachment secret-plan.pdf', title: 'Plans' }),
  ],
  conflicts: [
    { issues, field: 'summary', outcome: 'public', links: { public: issues.public.url, private: issues.private.url } },
    { issues, field: 'description', outcome: 'merged', links: { public: issues.public.url, private: issues.private.url } },
  ],
  held: [{ what: 'comment', reason: 'restricted, and restricted-comments is hold', link: 'https://acme.atlassian.net/c/1' }],
  failures: [
    {
      issues,
      what: 'attachment secret-plan.pdf',
      error: 'limit',
      message: 'secret-plan.pdf is larger than the 10 bytes that this Jira site takes.',
      next: 'It stays a link.',
      parked: true,
    },
  ],
  differences: [
    { issues, what: 'ledger', repaired: true },
    { issues, what: 'attachment secret-plan.pdf (altered)', repaired: false },
  ],
  ended: [{ issues, reason: 'its issue on the public side was removed; the one on the private side stays' }],
  warnings: ['the server said something about secret-plan.pdf'],
};
