import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { runScenario } from './run-scenario.ts';
import { scenarios } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

/** A run that broke an invariant, as small as it could be made. */
export interface Failure {
  readonly violations: readonly string[];
  /** Steps of the run, counted from 0, that are left out: what remains breaks the same invariant. */
  readonly without: readonly number[];
}

/** One run of a seed, perhaps without some of its steps. */
export interface RunPlace {
  readonly seed: number;
  readonly run: number;
  readonly without?: readonly number[];
}

/** The seed of one run out of the seed of all: runs can be repeated one by one, and shared out among processes. */
export function seedOf(seed: number, run: number): number {
  return createHash('sha256').update(`${seed} ${run}`).digest().readInt32LE(0);
}

/** The scenario of one run. */
export function scenarioOf(options: ScenarioOptions, { seed, run, without = [] }: RunPlace): Scenario {
  let found: Scenario | undefined;
  fc.check(
    fc.property(scenarios(options), (scenario) => {
      found ??= scenario;
      return true;
    }),
    { seed: seedOf(seed, run), numRuns: 1, unbiased: true },
  );
  if (found === undefined) throw new Error(`There is no scenario of run ${run} with seed ${seed}.`);
  const left = new Set(without);
  return { ...found, steps: found.steps.filter((_, index) => !left.has(index)) };
}

/**
 * Makes a failing run small by leaving out steps, in pieces that are halved (delta debugging): what is left still breaks the
 * same invariant. Undefined where the run breaks none. At most `triesMax` runs.
 */
export async function shrink(
  options: ScenarioOptions,
  place: { readonly seed: number; readonly run: number; readonly triesMax: number },
): Promise<Failure | undefined> {
  const play = async (without: readonly number[]): Promise<readonly string[]> =>
    (await runScenario(scenarioOf(options, { ...place, without }))).violations;
  let violations = await play([]);
  const invariant = violations[0]?.slice(0, 3);
  if (invariant === undefined) return undefined;
  let kept = scenarioOf(options, place).steps.map((_, index) => index);
  const all = kept;
  const without = (wanted: readonly number[]): number[] => all.filter((index) => !wanted.includes(index));
  let tries = 1;
  for (let size = Math.ceil(kept.length / 2); size >= 1 && tries < place.triesMax; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length && tries < place.triesMax; ) {
      const fewer = [...kept.slice(0, start), ...kept.slice(start + size)];
      tries += 1;
      const found = await play(without(fewer));
      if (found[0]?.startsWith(invariant) !== true) start += size;
      else {
        kept = fewer;
        violations = found;
      }
    }
  }
  return { violations, without: without(kept) };
}
