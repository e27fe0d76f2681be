import { z } from 'zod';
import { twinBaseSchema } from '../core/twin.ts';

const names = z.object({ public: z.string(), private: z.string() });
const link = z.object({ key: z.string(), url: z.string() });
const sideTimes = z.object({ public: z.number().optional(), private: z.number().optional() });

const twinSchema = z.object({
  base: twinBaseSchema,
  /** Canonical description when last in step: the base of a merge. Absent after a rebuild. */
  baseText: z.string().optional(),
  /** Versions last processed without anything left to do. */
  versions: names,
  /** When both sides were last read whole, connection time. */
  auditedAt: z.number(),
  links: z.object({ public: link, private: link }),
  title: z.string(),
  /** Sides on which not everyone could read its issue when it was last read, or where no reading since the state was lost tells. */
  securedOn: z.array(z.enum(['public', 'private'])).optional(),
  /** Sides that could not be read since a run died: when the last cycle before that one was committed, connection time. */
  doubt: sideTimes.optional(),
  /** Sides whose history could not be read after a write, or was not dealt with: since when it is to be looked at, by that server's own clock. */
  unread: sideTimes.optional(),
  /** When such a side was read before the writes that are to be looked at: what stood there then had been seen. Its own clock, newest last. */
  readings: z.object({ public: z.array(z.number()).optional(), private: z.array(z.number()).optional() }).optional(),
  /** The copy's side while its base is what was sent: the history, by which what the tracker made of that is told from edits, could not be read. */
  unlearnt: z.enum(['public', 'private']).optional(),
  /** Taken up by the stamp of its copy while the issue with its ledger could not be read: pairs and tombstones are still to be learnt. */
  unledgered: z.literal(true).optional(),
});

const retrySchema = z.object({
  side: z.enum(['public', 'private']),
  id: z.string(),
  /** The key and address, where no twin tells them. */
  key: z.string().optional(),
  url: z.string().optional(),
  attempts: z.number().int(),
  notBefore: z.number(),
  /** When it first failed, connection time. */
  since: z.number(),
  reason: z.string(),
  /** A person asked for it: it is taken up whatever the triggers say. */
  asked: z.literal(true).optional(),
});

const seen = z.record(z.string(), z.object({ version: z.string(), updatedAt: z.number() }));

/** What the runner remembers between cycles. Only a cache: everything in it can be rebuilt from stamps and ledgers. */
export const stateSchema = z.object({
  format: z.literal(1),
  cursors: z.object({ public: z.string().optional(), private: z.string().optional() }),
  twins: z.array(twinSchema),
  /** Issues looked at and not under sync: out of scope, somebody else's copies. Only as far back as listings overlap. */
  seen: z.object({ public: seen, private: seen }),
  retry: z.array(retrySchema),
  /** Items seen absent, by `absenceKey`, with the time when first seen so. */
  absences: z.record(z.string(), z.number()),
  parked: z.array(
    z.object({
      twin: z.string(),
      id: z.string(),
      print: z.string(),
      what: z.string(),
      reason: z.string(),
      reportedAt: z.number(),
    }),
  ),
  /** Twins whose ledger is still to be written, by their keys. */
  ledgersDue: z.array(z.string()).default([]),
  /** Conflicts that were told while the writes that settle them are still to come, by twin (told-conflicts.ts). */
  told: z.record(z.string(), z.array(z.string())).default({}),
  /** Issues that a mark of nobody's keeps away, by side and id: when that was told, connection time (hold-stray.ts). */
  strays: z.record(z.string(), z.number()).default({}),
  /** Texts as they were sent and as they came back, by twin and field (returned.ts). */
  returned: z
    .record(
      z.string(),
      z.object({ sent: z.string(), stored: z.string(), count: z.number().int(), cycle: z.string(), at: z.number() }),
    )
    .default({}),
  /** Ended twins: a trigger passes over their issues. */
  ended: z.array(names),
  triggersAuditedAt: z.number(),
  /** Whether restricted comments were held back when the last cycle was committed. */
  hold: z.boolean().optional(),
});

export type State = z.infer<typeof stateSchema>;
export type Twin = z.infer<typeof twinSchema>;

/** The state of a connection that has never run: observing begins at `now`. */
export function emptyState(now: number): State {
  return {
    format: 1,
    cursors: {},
    twins: [],
    seen: { public: {}, private: {} },
    retry: [],
    absences: {},
    parked: [],
    told: {},
    ledgersDue: [],
    strays: {},
    returned: {},
    ended: [],
    triggersAuditedAt: now,
  };
}
