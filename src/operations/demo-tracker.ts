import type { RawInputs } from '../config/inputs.ts';

/** The private side of the demonstration: what it is called, how it is reached, and what people do there. */
export interface DemoTracker {
  /** With its article: `a GitHub server`. */
  readonly title: string;
  /** What `accept` and `sync` are given beside the code. */
  readonly inputs: RawInputs;
  /** People write issues. */
  seed(): Promise<void>;
  /** They edit and remove things, but for titles. */
  edit(): Promise<void>;
  /** Somebody gives the copy with this title another one. */
  rename(from: string, to: string): Promise<void>;
}
