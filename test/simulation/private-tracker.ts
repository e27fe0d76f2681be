import type { RawInputs } from '../../src/config/inputs.ts';
import type { GitHubSimulator } from '../../src/simulators/github/github.ts';
import type { Simulator, VirtualClock } from '../../src/simulators/simulator.ts';
import type { Hand, OwnWords, Shown } from './hand.ts';
import type { Settings } from './scenario.ts';

/** What the simulation needs of a private side, whichever tracker it is. */
export interface PrivateTracker {
  /** Every request and answer of which is checked, where there is an interface description to check them against. */
  readonly simulator: Simulator;
  readonly violations: () => readonly string[];
  /** What `accept` and `sync` are given beside the code. */
  readonly inputs: RawInputs;
  /** A trigger that holds for no issue. */
  readonly otherTrigger: string;
  /** Whether its history tells of an issue's types. */
  readonly hasTypeHistory: boolean;
  /** Types that an issue can get here; people choose from `hand().types`. */
  readonly typeNames: readonly string[];
  hand(): Hand;
  /** All issues, wherever they were moved to. */
  issues(): readonly PrivateIssue[];
  /** Somebody copies an issue into a new one, all of whose words are its own. Gives its id, and whether triggers pass over it. */
  clone(shown: Shown, own: OwnWords): readonly [string, boolean];
  isStamped(id: string): boolean;
  /** The texts of issues with their stamps, where people can edit those; undefined where stamps stand apart. */
  readonly bodies: { read(id: string): string; write(id: string, body: string): void } | undefined;
  /** Each gives what ends it. */
  expireToken(): () => void;
  losePermission(): () => void;
  /** The account sees what it wrote alone, where a tracker has such a role. */
  seeOwnAlone?(): () => void;
  /** Whom the connection's own writes have notified. */
  pings(): readonly string[];
  /** The simulator itself where it is GitHub, for what goes wrong there alone. */
  readonly github?: GitHubSimulator;
  /** Names of copied files that lie apart from the issues. */
  storedFiles(): readonly string[];
}

/** An issue as people see it. */
export interface PrivateIssue {
  readonly id: string;
  readonly url: string;
  readonly summary: string;
  readonly text: string;
  readonly type: string | undefined;
  readonly isByConnection: boolean;
  readonly comments: readonly {
    readonly id: string;
    /** What requests call it, where that is not its id: Redmine gives numbers again, to other notes. */
    readonly requestId?: string;
    readonly text: string;
    /** With its stamp. */
    readonly native: string;
    readonly isByConnection: boolean;
  }[];
  /** Files by which the other side's can be compared. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Whether a file that a person put here is here. */
  hasOwnFile(name: string): boolean;
}

export interface PrivateTrackerOptions {
  /** Perhaps ahead of Jira's, or behind it. */
  readonly clock: VirtualClock;
  readonly settings: Settings;
}
