import type { ProcessClock, Transport } from '../gateway/gateway.ts';
import type { StateStore } from '../store/store.ts';

/** What a composition root gives to every operation: the process, and nothing of the configuration. */
export interface Runtime {
  /** `extraCa`: PEM text of the input `ca-file`. */
  readonly transport: (extraCa: string | undefined) => Transport;
  readonly clock: ProcessClock;
  readonly randomBytes: (count: number) => Uint8Array;
  readonly log: Log;
  /** Hides a value from everything that is printed from now on. */
  readonly mask: (secret: string) => void;
  readonly readFile: (path: string) => Promise<string>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
  /** Where a file of this name goes unless an input says otherwise: the job's temporary folder, or the working folder. */
  readonly pathOf: (name: string) => string;
  /** The store of the input `state`: the Actions cache, or a directory. */
  readonly store: (state: string, connectionId: string) => StateStore;
  readonly version: string;
  /** Whether this runs in a workflow, whose log others read: an unsealed code is never shown there. */
  readonly inWorkflow: boolean;
  /** What `doctor` looks at; left out where there is nothing but simulators. */
  readonly machine?: Machine;
  /** Opens the file of the input `audit-log`; left out where there are no files. */
  readonly openLog?: (path: string) => Promise<AppendLog>;
}

/** A file that lines are added to at its end. */
export interface AppendLog {
  /** Resolves when the text is on the disk; texts stay in the order of the calls. */
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

/** The machine that this runs on. */
export interface Machine {
  /** `v24.1.0`. */
  readonly nodeVersion: string;
  /** The first line of what a program says of itself; undefined where it is not there. */
  programVersion(name: 'tar' | 'zstd'): Promise<string | undefined>;
  /** Origin of the proxy for a URL, without credentials. Throws `configuration` for a variable that holds none. */
  proxyFor(url: URL): string | undefined;
  /** The clock on the wall, to be compared with servers' times. */
  wallTimeMs(): number;
  /** Makes the directory if need be, writes a file into it, reads it and removes it; rejects with the reason. */
  probeDirectory(path: string): Promise<void>;
}

export interface Log {
  info(line: string): void;
  warn(line: string): void;
  /** One line a request, if asked for. */
  debug(line: string): void;
}
