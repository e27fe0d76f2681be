import { z } from 'zod';

/*
 * The values of the connection record (connection.md, "Record"): JSON in the user properties of the connection's Jira
 * account, each at most 32,768 characters. Times are epoch milliseconds, connection time. Each key has one writer,
 * because Jira's properties know no compare-and-set.
 */

/** The newest format of every value below; one above it was written by a newer Sallyport. */
export const recordFormat = 1;

const format = z.literal(recordFormat);
const time = z.int().nonnegative().max(8.64e15);
const count = z.int().nonnegative();
const line = z.string().min(1).max(255);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** `sallyport.<id>`, written by the initiator's operations only. */
export const initiatorRecordSchema = z.object({
  format,
  name: line,
  mode: z.literal('basic'),
  type: z.literal('private'),
  /** Deactivated by the public side. */
  paused: z.boolean(),
  siteUrl: z.string().max(2048),
  project: z.object({ id: line, key: line, name: line }),
  /** JQL as the admin gave it; whoever runs it wraps it as `project = <id> AND (…)`. */
  trigger: z.string().max(8000),
  /** Issues created or updated after it are taken up. */
  triggerSetAt: time,
  types: z.array(z.object({ id: line, name: line, subtask: z.boolean() })).max(500),
  /** Where issues of other types go; undefined: Task, else the first type that is no sub-task. */
  defaultTypeName: line.optional(),
  /** Largest attachment that the site takes, in bytes. */
  attachmentBytesMax: count,
  /** See `secretHashOf`: a code with another secret was replaced. */
  secretHash: hash,
  /** After a reissue, until it is finished: that of the key before, which verifies and does not sign. */
  previousSecretHash: hash.optional(),
  /** When the public side revoked the connection: no code of it is good for anything any more. */
  revokedAt: time.optional(),
  /** Oldest Sallyport that may run this connection: `1.4.0`. */
  runnerVersionMin: z.string().regex(/^\d+\.\d+\.\d+$/),
  /** The Jira account that the connection writes with. */
  accountId: line,
  accountName: line,
  /** IANA name of that account's time zone: quoted JQL dates are read in it. */
  timeZone: line,
  createdAt: time,
  /** When the account's token expires, as the admin said; Jira does not tell it. */
  tokenExpiresAt: time.optional(),
});
export type InitiatorRecord = z.infer<typeof initiatorRecordSchema>;

/** `sallyport.<id>.accept`, written by the private side's admin operations and by the `sync` that accepts. */
export const acceptRecordSchema = z.object({
  format,
  /** Deactivated by the private side. */
  paused: z.boolean(),
  /** The destination's short name, which the public side shows instead of `unknown`. */
  destination: line,
  tracker: z.enum(['jira-cloud', 'github', 'jira-dc', 'redmine']),
  /** The private project as people write it: `acme/app`. */
  project: line,
  /** Immutable ids of tracker and project, opaque here: another one is another destination. */
  fingerprint: line,
  /** GitHub: what stands for issue types, as found then. What the organisation does later on is no edit of any issue. */
  types: z.enum(['issue-types', 'labels']).optional(),
  acceptedAt: time,
  /** A clean-up has begun: `paused` is set along with it, which runners know that do not know this. */
  removing: z.literal(true).optional(),
  /** Only where the private side's admin allows the public side to know it. */
  url: z.string().max(2048).optional(),
});
export type AcceptRecord = z.infer<typeof acceptRecordSchema>;

/**
 * How a cycle ended: `done`; `failed`: committed, but some items failed; `guard`: committed, removals were stopped;
 * `stopped`: ended by an error before it could commit.
 */
export const cycleOutcomes = ['done', 'failed', 'guard', 'stopped'] as const;

export const cycleEntrySchema = z.object({
  /** When it ended. */
  at: time,
  outcome: z.enum(cycleOutcomes),
  created: count,
  updated: count,
  removed: count,
  conflicts: count,
  failed: count,
  /** Tracker requests of both sides together; control requests are not counted. */
  requests: count,
  /** How long it took; an older version did not tell. */
  durationMs: count.optional(),
});
export type CycleEntry = z.infer<typeof cycleEntrySchema>;

export const removalEntrySchema = z.object({ at: time, count });
/** Removals applied at about this time. */
export type RemovalEntry = z.infer<typeof removalEntrySchema>;

const issueName = z.string().min(1).max(80);

/**
 * Something that stands open, for the side that cannot reach the runner: issues by their keys and the error by its name.
 * Whoever may read the Jira account's properties reads it, so it holds no message and no content.
 */
export const problemSchema = z.object({
  public: issueName.optional(),
  private: issueName.optional(),
  /** The kind of an error, `conflict`, `guard`, or `stopped: ` and a kind. */
  name: z.string().min(1).max(40),
  at: time,
  /** Of a conflict: what both sides had changed, and the side whose value stands. An older version did not tell. */
  field: z.string().min(1).max(20).optional(),
  stands: z.enum(['public', 'private']).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

const budget = z.object({ limit: count, remaining: count, at: time });

export const healthSchema = z.object({
  twins: count,
  /** Issues that wait for another try. */
  retry: count,
  /** Fields and items that were refused for good, and stay so until their content changes. */
  parked: count,
  /** The newest last, at most 20, see `nextProblems`. */
  problems: z.array(problemSchema).max(20),
  /** What each side's server said of its rate limit, where it does. */
  budgets: z.object({ public: budget.optional(), private: budget.optional() }).optional(),
});
export type Health = z.infer<typeof healthSchema>;

/** Twins of which so many at most are named: of others a lost state loses since when their histories are to be read. */
export const unreadMax = 50;

/** A twin, by the id of its public issue, and when a cycle committed before the write whose history could not be read yet. */
const unreadSchema = z.object({ issue: issueName, since: time });
export type UnreadEntry = z.infer<typeof unreadSchema>;

/** So many issues at most that a person asked for are named while they wait: a lost state forgets others. */
export const askedMax = 50;

/** An issue that a person asked for by name and that has no copy yet: no trigger tells of it. */
const askedSchema = z.object({ side: z.enum(['public', 'private']), issue: issueName, since: time });
export type AskedEntry = z.infer<typeof askedSchema>;

/** The issue in the runner's repository that tells of problems, see the input `notify`. */
export const noticeSchema = z.object({
  number: z.int().positive(),
  /** Of the text that it shows, so that an unchanged one costs no request. */
  digest: z.string().max(64),
  isOpen: z.boolean(),
});
export type Notice = z.infer<typeof noticeSchema>;

/** `sallyport.<id>.run` (of a shard: `.run.<index>-<total>`), written by the runner that holds the lease. */
export const runRecordSchema = z.object({
  format,
  /** Id of the committed state; undefined until a cycle has committed. */
  stateId: line.optional(),
  parentStateId: line.optional(),
  /** When a cycle last committed. Not one of `cycles`: those may all be of a later failure. */
  committedAt: time.optional(),
  /** See `nextUnread`. */
  unread: z.array(unreadSchema).max(unreadMax).optional(),
  /** See `nextAsked`. */
  asked: z.array(askedSchema).max(askedMax).optional(),
  /** Where observing resumes when the state is lost: the start of the last committed cycle, or older if work was left. */
  resumeFrom: time,
  /** Of the last 24 hours, see `addRemovals`. */
  removals: z.array(removalEntrySchema).max(300),
  /** The newest last, at most 20, see `addCycle`. */
  cycles: z.array(cycleEntrySchema).max(20),
  /** Permissions that each side's account was last seen to have, sorted; the guard compares them. */
  permissionsSeen: z.object({ public: z.array(line).max(100), private: z.array(line).max(100) }).optional(),
  /** When each side's token expires, where known: warned of from 30 days before. */
  tokensExpireAt: z.object({ public: time.optional(), private: time.optional() }).optional(),
  /** As the last cycle left it. */
  health: healthSchema.optional(),
  notice: noticeSchema.optional(),
  /** Of both triggers and projects as last seen: a change of them is no removal. */
  triggerFingerprint: line.optional(),
  /** Fingerprint of the trigger whose older issues were taken up already. */
  backfilledTrigger: line.optional(),
  /** Of the newest code that a run has worked with: from then on the one before it is refused. */
  secretHash: hash.optional(),
  /** A clean-up is done with the twins whose public issue's id is not above this one. */
  erasedTo: count.optional(),
  /** Where the rolling audit goes on when the state is lost; opaque. */
  auditPosition: z.string().max(2000).optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Creates on one side. */
const createsSchema = z.object({
  at: time,
  /** The side on which the copies are being created. */
  side: z.enum(['public', 'private']).optional(),
  /** Ids of the origin issues. */
  origins: z.array(line).max(1000),
  /** Highest issue key and id seen on that side before the batch: copies lie above. */
  highestKey: line.optional(),
  highestId: line.optional(),
});

/**
 * `sallyport.<id>.intent` (of a shard: `.intent.<index>-<total>`): what a batch of creates is about to do. After a crash
 * an origin named here is not created again until its copy is found or surely absent (sync-model.md, step 7).
 */
export const intentRecordSchema = createsSchema.extend({
  format,
  /** The same of the other side, where a create of each is open. An older version did not tell. */
  other: createsSchema.optional(),
  /** Nonce of the lease of the run that wrote this. */
  runNonce: line,
});
export type IntentRecord = z.infer<typeof intentRecordSchema>;

/** `sallyport.<id>.lease.<nonce>` (of a shard: `.lease.<index>-<total>.<nonce>`), written by the run that made the nonce. */
export const leaseRecordSchema = z.object({
  format,
  acquiredAt: time,
  expiresAt: time,
});
export type LeaseRecord = z.infer<typeof leaseRecordSchema>;

export const endedEntrySchema = z.object({
  public: line.optional(),
  private: line.optional(),
  at: time,
  reason: z.enum(['removed', 'moved', 'unlinked']),
});
/** A twin that ended: its issues' ids on the sides that are known. Triggers pass over them, only `connect` revives them. */
export type EndedEntry = z.infer<typeof endedEntrySchema>;

/** `sallyport.<id>.ended.<n>`, n from 1, written by the runner. */
export const endedRecordSchema = z.object({ format, entries: z.array(endedEntrySchema).max(1000) });

const connectedEntrySchema = z.object({ public: line, private: line, at: time });
/** Two people's issues that `connect` made twins: no listing by author finds them when the state is lost. */
export type ConnectedEntry = z.infer<typeof connectedEntrySchema>;

/** `sallyport.<id>.connected.<n>`, n from 1, written by the runner. */
export const connectedRecordSchema = z.object({ format, entries: z.array(connectedEntrySchema).max(1000) });

/** One of several runners that share a connection: `2/5`. */
export interface Shard {
  /** From 1 to `total`. */
  readonly index: number;
  readonly total: number;
}
