import type { Check, CycleResult, FailureLine } from '../core/result.ts';
import type { CheckGroup, HostRow } from './health-report.ts';
import type { StatusReport } from './status-report.ts';

/** Requests of one run by side; control requests are record and lease. */
export interface RequestTotals {
  readonly public: number;
  readonly private: number;
  readonly control: number;
  readonly audit: number;
  readonly writes: { readonly public: number; readonly private: number };
}

/** A connection as the card of a report shows it. */
export interface ConnectionCard {
  readonly connectionId: string;
  readonly name: string;
  /** `Removed`: of a clean-up that is done, when the record is no more. */
  readonly status: 'Pending' | 'Active' | 'Deactivated' | 'Removing' | 'Revoked' | 'Removed';
  readonly site: string;
  readonly project: string;
  /** `unknown` until the private side accepted. */
  readonly destination: string;
}

/** One cycle with what it cost. */
export interface CycleReport {
  readonly result: CycleResult;
  readonly requests: RequestTotals;
  readonly durationMs: number;
  /** Tracker rate budgets by host, where headers told them. */
  readonly budgets: readonly { readonly host: string; readonly limit: number; readonly remaining: number }[];
}

export type Outcome =
  | {
      readonly kind: 'synced';
      readonly card: ConnectionCard;
      readonly cycles: readonly CycleReport[];
      readonly detail: 'full' | 'ids';
      /** What an admin should see to soon, such as a token that expires; Sallyport's own words. */
      readonly notices: readonly string[];
    }
  | {
      readonly kind: 'initiated';
      /** Neither record nor code was made. */
      readonly dryRun: boolean;
      readonly card: ConnectionCard;
      /** Undefined where it was saved as a secret instead, and under `dry-run`. */
      readonly code: string | undefined;
      /** A passphrase that was made up here; shown once. */
      readonly passphrase: string | undefined;
      readonly savedAs: string | undefined;
      readonly expiresAt: number;
      readonly checks: readonly Check[];
    }
  | {
      readonly kind: 'accepted';
      readonly dryRun: boolean;
      readonly card: ConnectionCard;
      readonly checks: readonly Check[];
      readonly savedAs: string | undefined;
      readonly wasAccepted: boolean;
    }
  | ({ readonly kind: 'status'; readonly card: ConnectionCard; readonly detail: 'full' | 'ids' } & StatusReport)
  | {
      readonly kind: 'configured';
      readonly card: ConnectionCard;
      readonly changes: readonly { readonly name: string; readonly before: string; readonly after: string }[];
      readonly checks: readonly Check[];
      readonly dryRun: boolean;
    }
  | {
      readonly kind: 'switched';
      /** The card is what the record would come to. */
      readonly dryRun: boolean;
      readonly card: ConnectionCard;
      readonly side: 'public' | 'private';
      /** The sides that keep it paused. */
      readonly pausedBy: readonly ('public' | 'private')[];
    }
  | {
      readonly kind: 'cleaned';
      readonly card: ConnectionCard;
      readonly dryRun: boolean;
      readonly detail: 'full' | 'ids';
      /** By the account of the public side: the record went, and stamps stay. */
      readonly recordOnly: boolean;
      /** Pairs in the twin map, ended ones among them. */
      readonly twins: number;
      /** Issues that stamps were taken off, and the writes that took. */
      readonly issues: number;
      readonly writes: number;
      /** Twins whose turn comes with the next run; under a dry run all whose stamps would be taken off. */
      readonly remaining: number;
      /** Issues that the trackers do not show any more. */
      readonly unseen: number;
      readonly failures: readonly FailureLine[];
      readonly mapPath: string | undefined;
    }
  | {
      readonly kind: 'examined';
      /** Undefined where no connection could be read. */
      readonly card: ConnectionCard | undefined;
      readonly groups: readonly CheckGroup[];
    }
  | { readonly kind: 'hosts'; readonly hosts: readonly HostRow[] }
  | { readonly kind: 'revoked'; readonly card: ConnectionCard; readonly dryRun: boolean; readonly wasRevoked: boolean }
  | {
      readonly kind: 'reissued';
      readonly card: ConnectionCard;
      readonly dryRun: boolean;
      /** `replaced`: of a Pending connection; `begun`: the key before still verifies; `unfinished`: stamps are left under it. */
      readonly stage: 'replaced' | 'begun' | 'unfinished' | 'finished';
      readonly code: string | undefined;
      readonly passphrase: string | undefined;
      readonly savedAs: string | undefined;
      readonly expiresAt: number | undefined;
      /** Issues with stamps under the key before. */
      readonly left: number;
      readonly failures: readonly FailureLine[];
    }
  | { readonly kind: 'rules'; readonly text: string };

/** Whether it ends with a code that is meant to be shown once, to the person who asked for it (I8). */
export function showsCode(outcome: Outcome): boolean {
  return (outcome.kind === 'initiated' || outcome.kind === 'reissued') && outcome.code !== undefined;
}

export type StatusOutcome = Extract<Outcome, { kind: 'status' }>;
