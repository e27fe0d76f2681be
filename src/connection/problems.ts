import type { Problem } from './record.ts';

/** As many as the record takes. */
const problemsMax = 20;
/** A conflict is over when it is reported; it stays in sight this long. */
const conflictShownMs = 24 * 60 * 60 * 1000;

/**
 * The problems that stand open after a cycle: those met in it, and of the earlier ones the conflicts of a day and the
 * failures of issues that still wait (`isWaiting`). The newest last, at most 20; one that comes again moves to the end.
 */
export function nextProblems(
  before: readonly Problem[],
  cycle: { readonly now: number; readonly met: readonly Problem[]; readonly isWaiting: (problem: Problem) => boolean },
): Problem[] {
  const kept = before.filter((problem) =>
    problem.name === 'conflict' ? cycle.now - problem.at < conflictShownMs : cycle.isWaiting(problem),
  );
  return withNewest(kept, cycle.met);
}

/** The list with further problems at its end, each once. */
export function withNewest(problems: readonly Problem[], added: readonly Problem[]): Problem[] {
  const byKey = new Map<string, Problem>();
  for (const problem of [...problems, ...added]) {
    const key = problemKey(problem);
    byKey.delete(key);
    byKey.set(key, problem);
  }
  return [...byKey.values()].slice(-problemsMax);
}

/** What makes two problems the same one, whenever they were met. */
export function problemKey(problem: Problem): string {
  return JSON.stringify([problem.public, problem.private, problem.name, problem.field]);
}
