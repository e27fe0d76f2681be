import type { Pair, SideName } from './model.ts';

/** Whether a side's fingerprint differs from its base fingerprint. */
export type Change = 'same' | 'changed';
export type Decision = 'nothing' | 'write-private' | 'write-public' | 'compare';

/** Per field (sync-model.md, "Three trees"): rows are the public side, columns the private side. */
export const fieldTable: Readonly<Record<Change, Readonly<Record<Change, Decision>>>> = {
  same: { same: 'nothing', changed: 'write-public' },
  changed: { same: 'write-private', changed: 'compare' },
};

export type Presence = 'present' | 'absent';
export type PairDecision = 'compare' | 'bury' | 'remove-copy';

/**
 * Comments and attachments (rule 5): rows are the origin, columns the copy. Only an origin's removal removes anything, and
 * only the copy; a removed copy is buried: never created again, and not the origin's end.
 */
export const presenceTable: Readonly<Record<Presence, Readonly<Record<Presence, PairDecision>>>> = {
  present: { present: 'compare', absent: 'bury' },
  // An origin may be out of sight instead of gone (I6): its copy stays removed in case it comes back.
  absent: { present: 'remove-copy', absent: 'bury' },
};

export type Winner = SideName;

/** Two server times this close are a tie; each server's `Date` has second precision. */
const tieMs = 2_000;

/** The later edit wins; unknown times and ties go to the public side (rule 6). */
export function laterOf(times: Pair<number | undefined>): Winner {
  if (times.public === undefined || times.private === undefined) return 'public';
  return times.private - times.public > tieMs ? 'private' : 'public';
}

export interface TypeRule {
  /** The destination's type names, sub-task types left out. */
  readonly names: readonly string[];
  readonly defaultName: string | undefined;
  readonly everyNameExists: boolean;
  readonly required: boolean;
}

/** `mirrored` by name, or `fallback`: to the default type, else Task, else the first, else none. */
export interface TypeResult {
  readonly name: string;
  readonly how: 'mirrored' | 'fallback';
}

/** Rule 2: what a type of the other side becomes here. The empty name stands for an issue without a type. */
export function mapType(name: string, rule: TypeRule): TypeResult {
  if (name !== '') {
    if (rule.everyNameExists) return { name, how: 'mirrored' };
    const same = rule.names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    if (same !== undefined) return { name: same, how: 'mirrored' };
  }
  const fallback =
    nameIn(rule, rule.defaultName) ??
    nameIn(rule, 'Task') ??
    (rule.required ? rule.names[0] : undefined) ??
    (name === '' ? '' : rule.names[0]) ??
    '';
  return { name: fallback, how: 'fallback' };
}

function nameIn(rule: TypeRule, wanted: string | undefined): string | undefined {
  if (wanted === undefined) return undefined;
  return rule.names.find((candidate) => candidate.toLowerCase() === wanted.toLowerCase());
}
