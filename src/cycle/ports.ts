import type { Pair, SideName } from '../core/model.ts';
import type { StampKey } from '../core/stamp.ts';
import type { Side } from '../sides/side.ts';
import type { Journal } from './journal.ts';

/** What a cycle asks of the connection and the process, so that it knows neither record nor clock by itself. */
export interface CyclePorts {
  readonly sides: Pair<Side>;
  /** Connection time: the public server's, in epoch milliseconds. */
  readonly now: () => number;
  /** Monotonic process time: for the time budget only. */
  readonly monotonicMs: () => number;
  readonly wait: (durationMs: number) => Promise<void>;
  /**
   * Called before every batch of writes, with their number (default 1). Throws `inactive` where the lease was lost,
   * `configuration` where the connection was revoked meanwhile.
   */
  readonly holdLease: (writes?: number) => Promise<void>;
  /** Whether a run before this one died in the middle of something. */
  readonly foundDead: boolean;
  readonly intent: IntentPort;
  /** Ended twins of the record, read on a rebuild only; the empty id stands for an issue that is not told. */
  readonly readEnded: () => Promise<readonly Pair<string>[]>;
  /** Twins of two issues that people wrote: no listing by author finds them. Read on a rebuild only. */
  readonly readConnected: () => Promise<readonly Pair<string>[]>;
  readonly onProgress: (line: string) => void;
  /** Where every effect is noted; undefined where no audit log is kept. */
  readonly journal: Journal | undefined;
}

/** Creates on one side that are about to be made, or that a dead run was about to make (sync-model.md, step 7). */
export interface Intent {
  readonly at: number;
  readonly origins: readonly string[];
  /** The creation mark before the batch; undefined where listings do not lag. */
  readonly mark: string | undefined;
}

/** By the side on which the copies are made: ids of two sides may be the same. */
export type Intents = Readonly<Partial<Record<SideName, Intent>>>;

export interface IntentPort {
  /** What a run before this one left behind. */
  readonly left: Intents;
  /** In place of what was written before. */
  write(intents: Intents): Promise<void>;
  clear(): Promise<void>;
}

/** An issue as a person named it. */
export interface IssueName {
  /** As it was written, for messages. */
  readonly text: string;
  readonly side: SideName;
  /** `ABC-12`, or on trackers with numbers `12`. */
  readonly key: string;
}

/** What a person asks a cycle to do first, as data: it goes the one way through lease, state, guard, stamps and commit. */
export interface Directive {
  /** `resign`: of a reissue, put all stamps under the new key. */
  readonly kind: 'push' | 'connect' | 'unlink' | 'retry' | 'resign';
  /** Two for `connect`; none for a `retry` of all and for `resign`. */
  readonly issues: readonly IssueName[];
}

export interface CycleOptions {
  readonly directive?: Directive | undefined;
  readonly cycleId: string;
  readonly connectionId: string;
  /** The first one signs; the others verify what an earlier key signed. */
  readonly keys: readonly [StampKey, ...StampKey[]];
  readonly dryRun: boolean;
  readonly holdRestricted: boolean;
  readonly backfill: boolean;
  readonly audit: 'rolling' | 'full';
  readonly auditPeriodMs: number;
  /** Writes a cycle makes at most. */
  readonly maxChanges: number;
  /** Removals in 24 hours at most; undefined: 20 or a tenth of the twins, whichever is more. */
  readonly maxRemovals: number | undefined;
  readonly timeBudgetMs: number;
  /** Attachments are listed and not copied to the private side. */
  readonly listOnly: boolean;
  /** Removals applied in the last 24 hours, by the record. */
  readonly recentRemovals: number;
  /** Permissions that each account is known to have had, by the record; undefined before the first cycle. */
  readonly permissionsSeen: Pair<readonly string[]> | undefined;
  /** Where observing begins without a cursor, connection time. */
  readonly resumeFrom: number;
  /** When a cycle last ended well, connection time: what is newer on the trackers and unknown to the state, a dead run wrote. */
  readonly committedAt: number | undefined;
  /** Twins whose histories are still to be read, by the ids of their public issues: since when, connection time. */
  readonly unread: ReadonlyMap<string, number>;
  /** Issues that were asked for by name and wait for their copies, by the record: for a state that was lost. */
  readonly asked: readonly { readonly side: SideName; readonly issue: string; readonly since: number }[];
  /** When the triggers were set: older issues are taken up by a backfill only. */
  readonly triggersSetAt: number;
}
