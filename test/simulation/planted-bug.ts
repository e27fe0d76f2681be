import type { PrivateKind } from './scenario.ts';

/** One change to a file of the product. `find` stands there exactly once, so that a planted bug never rots silently. */
export interface PlantedEdit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A plausible bug, as data, and the run that shows it soonest. */
export interface PlantedBug {
  readonly name: string;
  /** Tracker of the private side; `any`: drawn. Default github. */
  readonly private?: PrivateKind | 'any';
  readonly edits: readonly PlantedEdit[];
  /** Invariants by which it is caught: a violation that begins with one of these, as `invariants.ts` words it. */
  readonly breaks: readonly string[];
  /** Faults and troubles that are drawn: those alone that bring the bug out. Default: all of them. */
  readonly faults?: string;
  /** Where it was caught last. If it is not caught there, runs from 0 on of the seed are searched. */
  readonly seed: number;
  readonly run: number;
}
