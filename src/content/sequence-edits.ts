import type { Keys } from './align-blocks.ts';
import { patchSteps } from './patch-steps.ts';

/** A stretch of the source and what comes in its place. */
export interface SourceEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Blocks of a container, items of a list or rows of a table: where each stands, and how it reads. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly keys: Keys;
}

interface PartChange {
  /** How each target reads. */
  readonly keys: Keys;
  /** What parts two that come. */
  readonly between: string;
  /** What comes, as it is written; undefined where it has no place among the parts. */
  readonly write: (targets: readonly number[]) => string | undefined;
  /** The edits within a part; undefined where it cannot become the targets. */
  readonly edit: (part: number, targets: readonly number[]) => readonly SourceEdit[] | undefined;
  /** What else changes in a part that stays, where it is the first of all now. */
  readonly lead?: (part: number) => readonly SourceEdit[];
}

/**
 * The edits by which parts that stand one after another become the targets: those that stay are not touched, what comes
 * stands beside its neighbours. Undefined where none of them stays, so that nothing tells where the others would stand.
 */
export function sequenceEdits(
  parts: readonly Part[],
  { keys, between, write, edit, lead }: PartChange,
): readonly SourceEdit[] | undefined {
  const edits: SourceEdit[] = [];
  const steps = patchSteps(
    parts.map((part) => part.keys),
    keys,
  );
  let next = 0;
  let stays = false;
  for (const step of steps) {
    const part = step.piece === undefined ? undefined : parts[step.piece];
    const before = parts[next - 1];
    const after = parts[next];
    if (part === undefined && step.kind === 'replace') {
      const text = write(step.targets);
      if (text === undefined) return undefined;
      if (stays && before !== undefined) edits.push({ start: before.end, end: before.end, text: between + text });
      else if (after !== undefined) edits.push({ start: after.start, end: after.start, text: text + between });
      else return undefined;
    } else if (step.kind === 'replace' && step.targets.length === 0 && part !== undefined) {
      const following = parts[next + 1];
      if (stays && before !== undefined) edits.push({ start: before.end, end: part.end, text: '' });
      else if (following !== undefined) edits.push({ start: part.start, end: following.start, text: '' });
      else return undefined;
    } else if (step.piece !== undefined) {
      const inside = step.kind === 'keep' ? [] : edit(step.piece, step.targets);
      if (inside === undefined) return undefined;
      const isFirst = !stays && edits.every(({ text }) => text === '');
      edits.push(...inside, ...(isFirst ? (lead?.(step.piece) ?? []) : []));
      stays = true;
    }
    if (step.piece !== undefined) next = step.piece + 1;
  }
  return edits;
}
