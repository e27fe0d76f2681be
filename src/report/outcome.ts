import type { Check, CycleResult } from '../core/result.ts';
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
  readonly status: 'Pending' | 'Active' | 'Deactivated';
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
    }
  | {
      readonly kind: 'initiated';
      readonly card: ConnectionCard;
      /** Undefined where it was saved as a secret instead. */
      readonly code: string | undefined;
      /** A passphrase that was made up here; shown once. */
      readonly passphrase: string | undefined;
      readonly savedAs: string | undefined;
      readonly expiresAt: number;
      readonly checks: readonly Check[];
    }
  | {
      readonly kind: 'accepted';
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
  | { readonly kind: 'switched'; readonly card: ConnectionCard; readonly side: 'public' | 'private' }
  | {
      readonly kind: 'examined';
      /** Undefined where no connection could be read. */
      readonly card: ConnectionCard | undefined;
      readonly groups: readonly CheckGroup[];
    }
  | { readonly kind: 'hosts'; readonly hosts: readonly HostRow[] }
  | { readonly kind: 'rules'; readonly text: string };
