import type { Gateway, RequestCounts } from '../gateway/gateway.ts';
import type { RequestTotals } from '../report/outcome.ts';

const zero: RequestCounts = { work: 0, audit: 0, control: 0, writes: 0 };

function sum(counts: readonly RequestCounts[]): RequestCounts {
  return counts.reduce(
    (total, count) => ({
      work: total.work + count.work,
      audit: total.audit + count.audit,
      control: total.control + count.control,
      writes: total.writes + count.writes,
    }),
    zero,
  );
}

/** Counts the requests of one cycle by side: the difference between two readings of the gateway's own count. */
export function createMeter(
  gateway: Gateway,
  hosts: { readonly public: readonly string[]; readonly private: readonly string[] },
): () => RequestTotals {
  const read = (): { public: RequestCounts; private: RequestCounts } => {
    const publicHosts = new Set(hosts.public);
    return {
      public: sum(hosts.public.map((host) => gateway.counts(host))),
      private: sum(hosts.private.filter((host) => !publicHosts.has(host)).map((host) => gateway.counts(host))),
    };
  };
  const before = read();
  return () => {
    const after = read();
    const side = (name: 'public' | 'private'): number =>
      after[name].work + after[name].audit - before[name].work - before[name].audit;
    const both = (kind: 'audit' | 'control'): number =>
      after.public[kind] + after.private[kind] - before.public[kind] - before.private[kind];
    return {
      public: side('public'),
      private: side('private'),
      control: both('control'),
      audit: both('audit'),
      writes: { public: after.public.writes - before.public.writes, private: after.private.writes - before.private.writes },
    };
  };
}
