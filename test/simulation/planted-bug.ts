import { faultKinds, troubleKinds } from './scenario.ts';
import type { PrivateKind } from './scenario.ts';

/** What could go wrong in the run that shows a rare bug, when there were so many kinds of troubles: with more it is another run. */
export function asFoundWith(troubles: number): string {
  return [...faultKinds.slice(0, 10), ...troubleKinds.slice(0, troubles)].join(',');
}

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
