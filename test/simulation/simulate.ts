import * as fc from 'fast-check';
import { createHash } from 'node:crypto';
import { runScenario } from './run-scenario.ts';
import type { RunOutcome } from './run-scenario.ts';
import { scenarios } from './scenario.ts';
import type { Scenario, ScenarioOptions } from './scenario.ts';

/** A run that broke an invariant, as small as it could be made. */
export interface Failure {
  readonly run: number;
  readonly violations: readonly string[];
  readonly scenario: Scenario;
  /** Where the shrunk scenario lies under the run's own: fast-check's path. */
  readonly path: string;
}

/** The seed of one run out of the seed of all: runs can be repeated one by one, and shared out among processes. */
export function seedOf(seed: number, run: number): number {
  return createHash('sha256').update(`${seed} ${run}`).digest().readInt32LE(0);
}

/** The scenario of one run, or the one at the end of a path of shrinking under it. */
export function scenarioOf(
  options: ScenarioOptions,
  run: { readonly seed: number; readonly run: number; readonly path?: string },
): Scenario {
  const path = run.path ?? '';
  let found: Scenario | undefined;
  // With a path fast-check goes straight to the scenario that it names.
  fc.check(
    fc.property(scenarios(options), (scenario) => {
      found ??= scenario;
      return true;
    }),
    { seed: seedOf(run.seed, run.run), numRuns: 1, unbiased: true, ...(path === '' ? {} : { path }) },
  );
  if (found === undefined) throw new Error(`There is no scenario at path ${path} of run ${run.run} with seed ${run.seed}.`);
  return found;
}

/** Makes a failing scenario small: what is left out of it still breaks the same invariant. */
export async function shrink(
  options: ScenarioOptions,
  run: { readonly seed: number; readonly run: number; readonly triesMax: number },
): Promise<Failure | undefined> {
  let tries = 0;
  let best: { scenario: Scenario; outcome: RunOutcome } | undefined;
  let invariant: string | undefined;
  const details = await fc.check(
    fc.asyncProperty(scenarios(options), async (scenario) => {
      tries += 1;
      if (tries > run.triesMax) return true;
      const outcome = await runScenario(scenario);
      const first = outcome.violations[0]?.slice(0, 3);
      invariant ??= first;
      const fails = first !== undefined && first === invariant;
      if (fails) best = { scenario, outcome };
      return !fails;
    }),
    { seed: seedOf(run.seed, run.run), numRuns: 1, unbiased: true },
  );
  if (best === undefined) return undefined;
  return {
    run: run.run,
    violations: best.outcome.violations,
    scenario: best.scenario,
    path: details.counterexamplePath ?? '',
  };
}
