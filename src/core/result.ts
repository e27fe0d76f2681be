import type { ErrorKind } from '../errors.ts';
import type { Pair, SideName } from './model.ts';
import type { ValueChange } from './value-change.ts';

/** An issue as the report names it. */
export interface IssueLink {
  readonly key: string;
  readonly url: string;
}

/** What was written, or under a dry run would be: one line of the report. */
export interface ChangeLine {
  /** Both twins; a side is undefined while its issue does not exist. */
  readonly issues: Pair<IssueLink | undefined>;
  /** The side written to. */
  readonly side: SideName;
  readonly action: 'created' | 'updated' | 'removed';
  /** `issue`, `summary`, `description, type`, `comment`, `attachment plan.pdf`, … */
  readonly what: string;
  readonly title: string;
  /** Under a dry run: what it would make of the values that stand there. */
  readonly values?: readonly ValueChange[] | undefined;
}

export interface ConflictLine {
  readonly issues: Pair<IssueLink | undefined>;
  readonly field: string;
  /** `merged`: both edits stand. Otherwise the side whose value stands. */
  readonly outcome: 'merged' | SideName;
  /** Where each side's value is found (history for the one that lost). */
  readonly links: Pair<string>;
}

export interface HeldLine {
  readonly what: string;
  readonly reason: string;
  readonly link: string;
}

export interface FailureLine {
  readonly issues: Pair<IssueLink | undefined>;
  readonly what: string;
  /** The error's name: all that the connection's record tells of it. */
  readonly error: ErrorKind;
  readonly message: string;
  /** What happens next without anybody's doing, or what a person can do. */
  readonly next: string;
  /** Refused for good and parked, in contrast to tried again. */
  readonly parked: boolean;
}

/** What the audit found to differ between the two sides of a twin although they were held to be in step. */
export interface DifferenceLine {
  readonly issues: Pair<IssueLink | undefined>;
  /** `description`, `comment`, `ledger`, `attachment plan.pdf (altered)`, … */
  readonly what: string;
  /** False under a dry run, and where it is left to a person or to a later cycle. */
  readonly repaired: boolean;
}

/** What came of an issue that a person asked for (`push`, `connect`, `unlink`, `retry`). */
export interface AskedLine {
  readonly issues: Pair<IssueLink | undefined>;
  readonly outcome: AskedOutcome;
}

export type AskedOutcome = 'taken up' | 'in sync before' | 'connected' | 'revived' | 'unlinked' | 'tried again' | 'waiting';

/** What one cycle did; everything that reports, outputs and the record need. */
export interface CycleResult {
  readonly cycleId: string;
  readonly dryRun: boolean;
  /** How the cycle began: with its state, for the first time, or rebuilt because the state was lost. */
  readonly start: 'first' | 'resumed' | 'rebuilt';
  readonly startReason: string | undefined;
  readonly twins: number;
  /** In the order asked for; empty for a plain sync. */
  readonly asked: readonly AskedLine[];
  /** Of a cycle that puts stamps under a new key: issues and comments done, and issues that are left. */
  readonly resigned?: { readonly stamps: number; readonly left: number } | undefined;
  readonly changes: readonly ChangeLine[];
  readonly conflicts: readonly ConflictLine[];
  readonly held: readonly HeldLine[];
  readonly failures: readonly FailureLine[];
  /** Found by the audit. */
  readonly differences: readonly DifferenceLine[];
  /** Twins that ended in this cycle. */
  readonly ended: readonly { readonly issues: Pair<IssueLink | undefined>; readonly reason: string }[];
  /** Twins left for the next cycle by the time budget or max-changes. */
  readonly deferred: number;
  /** Contents that a tracker refused for good: each is tried again once a day. */
  readonly parked: number;
  /** Why removals were stopped, if the guard stopped them. */
  readonly guard: string | undefined;
  readonly warnings: readonly string[];
  /** Stamps of others that were ignored. */
  readonly ignoredStamps: number;
  /** Age of the oldest change that still waits. */
  readonly oldestPendingSeconds: number;
}

/** One check of initiate, accept or doctor, as shown to the admin. */
export interface Check {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'warning';
  readonly detail: string;
  /** What to do about it, unless it passed. */
  readonly next: string | undefined;
}
