import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runScenario } from './run-scenario.ts';
import { faultKinds, privateKinds, troubleKinds } from './scenario.ts';
import type { FaultKind, ScenarioOptions, TroubleKind } from './scenario.ts';
import { scenarioOf, shrink } from './simulate.ts';

/**
 * `npm run simulate -- --runs N --seed S [--steps N] [--faults LIST] [--private github|jira-dc|redmine|any] [--json]`: plays N random scenarios and checks the
 * invariants after each. `--run I [--without LIST]` plays a single one again, without the steps of the list, and prints its transcript.
 * Exit code: 0 without violations, 1 with, 2 for bad arguments.
 */

const usage =
  'usage: npm run simulate -- [--runs N] [--seed S] [--steps N] [--faults NAME,…] [--private github|jira-dc|redmine|any] [--jobs N] [--json] [--run I [--without LIST]]';

const defaults = { runs: 300, steps: 40, jobs: 2 };

const lineSchema = z.object({
  run: z.number(),
  violations: z.array(z.string()),
  cycles: z.number(),
  requests: z.number(),
  acts: z.number(),
  faults: z.record(z.string(), z.number()),
});
type Line = z.infer<typeof lineSchema>;

interface Arguments {
  readonly runs: number;
  readonly seed: number;
  readonly jobs: number;
  readonly json: boolean;
  readonly run: number | undefined;
  /** Steps of that run to be left out. */
  readonly without: readonly number[];
  /** Set in the processes that share the runs out: the first run, and how far to the next. */
  readonly share: { readonly from: number; readonly by: number } | undefined;
  readonly scenario: ScenarioOptions;
  readonly faultList: string | undefined;
  readonly private: string;
}

class UsageError extends Error {}

function readArguments(argv: readonly string[]): Arguments {
  const { values } = parse(argv);
  const count = (name: 'runs' | 'seed' | 'steps' | 'jobs' | 'run', otherwise: number): number => {
    const text = values[name];
    if (text === undefined) return otherwise;
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 0) throw new UsageError(`--${name} wants a whole number, not "${text}".`);
    return value;
  };
  const share = values.share?.split('/').map(Number);
  return {
    runs: count('runs', defaults.runs),
    seed: count('seed', Date.now() % 1_000_000_000),
    jobs: Math.max(1, count('jobs', defaults.jobs)),
    json: values.json ?? false,
    run: values.run === undefined ? undefined : count('run', 0),
    without: (values.without ?? '')
      .split(',')
      .filter((text) => text !== '')
      .map(Number),
    share: share === undefined ? undefined : { from: share[0] ?? 0, by: share[1] ?? 1 },
    scenario: {
      steps: count('steps', defaults.steps),
      allowed: allowedOf(values.faults),
      privates: privatesOf(values.private ?? 'any'),
    },
    private: values.private ?? 'any',
    faultList: values.faults,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        runs: { type: 'string' },
        seed: { type: 'string' },
        steps: { type: 'string' },
        faults: { type: 'string' },
        private: { type: 'string' },
        jobs: { type: 'string' },
        json: { type: 'boolean' },
        run: { type: 'string' },
        without: { type: 'string' },
        share: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function allowedOf(list: string | undefined): ReadonlySet<FaultKind | TroubleKind> {
  const all: readonly (FaultKind | TroubleKind)[] = [...faultKinds, ...troubleKinds];
  if (list === undefined) return new Set(all);
  const wanted = list.split(',').filter((name) => name !== '' && name !== 'none');
  const unknown = wanted.find((name) => !all.some((known) => known === name));
  if (unknown !== undefined) throw new UsageError(`There is no fault "${unknown}". There are: ${all.join(', ')}, none.`);
  return new Set(all.filter((name) => wanted.includes(name)));
}

function privatesOf(name: string): ScenarioOptions['privates'] {
  if (name === 'any') return privateKinds;
  const found = privateKinds.filter((kind) => kind === name);
  if (found.length === 0) throw new UsageError(`--private wants one of ${privateKinds.join(', ')}, any; not "${name}".`);
  return found;
}

/** Plays the runs of one share and tells each as a line to the process that shares out. */
async function playShare(options: Arguments, share: { from: number; by: number }): Promise<void> {
  for (let run = share.from; run < options.runs; run += share.by) {
    const outcome = await runScenario(scenarioOf(options.scenario, { seed: options.seed, run }));
    const { violations, cycles, requests, acts, faults } = outcome;
    process.send?.({ run, violations, cycles, requests, acts, faults });
  }
  process.disconnect();
}

/** All runs, shared out among processes; stops at the first violation. */
function playAll(options: Arguments, argv: readonly string[]): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const jobs = Math.min(options.jobs, Math.max(1, options.runs));
  return new Promise((resolve, reject) => {
    let open = jobs;
    let stopped = false;
    const children = Array.from({ length: jobs }, (_, from) =>
      fork(fileURLToPath(import.meta.url), [...argv, '--seed', String(options.seed), '--share', `${from}/${jobs}`], {
        stdio: 'inherit',
        // Requests and trees live for a moment only: with room for them a seed takes a tenth less time.
        execArgv: [...process.execArgv, '--max-semi-space-size=32'],
      }),
    );
    for (const child of children) {
      child.on('message', (message) => {
        const line = lineSchema.parse(message);
        lines.push(line);
        if (!options.json && lines.length % 100 === 0) process.stderr.write(`${lines.length} of ${options.runs} runs\n`);
        if (line.violations.length === 0) return;
        stopped = true;
        for (const other of children) other.kill();
      });
      child.on('exit', (status) => {
        open -= 1;
        if (status !== 0 && !stopped) reject(new Error('A process of the simulation ended before its share was done.'));
        if (open === 0) resolve(lines);
      });
    }
  });
}

async function repeat(options: Arguments, run: number): Promise<number> {
  const scenario = scenarioOf(options.scenario, { seed: options.seed, run, without: options.without });
  const outcome = await runScenario(scenario);
  const { transcript, ...told } = outcome;
  process.stdout.write(
    `${JSON.stringify(scenario, undefined, 1)}\n${transcript.join('\n')}\n${JSON.stringify(told, undefined, 1)}\n`,
  );
  return outcome.violations.length === 0 ? 0 : 1;
}

async function playAndTell(options: Arguments, argv: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  const lines = await playAll(options, argv);
  const sum = (of: (line: Line) => number): number => lines.reduce((total, line) => total + of(line), 0);
  const faults: Record<string, number> = {};
  for (const line of lines) for (const [kind, count] of Object.entries(line.faults)) faults[kind] = (faults[kind] ?? 0) + count;
  const broken = lines.filter((line) => line.violations.length > 0).toSorted((a, b) => a.run - b.run)[0];
  const failure =
    broken === undefined ? undefined : await shrink(options.scenario, { seed: options.seed, run: broken.run, triesMax: 100 });
  const summary = {
    seed: options.seed,
    runs: lines.length,
    steps: options.scenario.steps,
    acts: sum((line) => line.acts),
    requests: sum((line) => line.requests),
    cycles: sum((line) => line.cycles),
    faults: Object.fromEntries(Object.entries(faults).toSorted(([first], [second]) => (first < second ? -1 : 1))),
    violations: lines.filter((line) => line.violations.length > 0).length,
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
    ...(broken === undefined
      ? {}
      : {
          failing: {
            run: broken.run,
            violations: failure?.violations ?? broken.violations,
            repeat: commandOf(options, broken.run, failure?.without),
          },
        }),
  };
  process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : `${JSON.stringify(summary, undefined, 1)}\n`);
  return broken === undefined ? 0 : 1;
}

function commandOf(options: Arguments, run: number, without: readonly number[] = []): string {
  const list = options.faultList === undefined ? '' : ` --faults ${options.faultList}`;
  return `npm run simulate -- --seed ${options.seed} --steps ${options.scenario.steps}${list} --private ${options.private} --run ${run}${without.length === 0 ? '' : ` --without ${without.join(',')}`}`;
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readArguments(argv);
  if (options.share !== undefined) {
    await playShare(options, options.share);
    return 0;
  }
  return options.run === undefined ? playAndTell(options, argv) : repeat(options, options.run);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(
      error instanceof UsageError
        ? `${error.message}\n${usage}\n`
        : `${error instanceof Error ? (error.stack ?? '') : String(error)}\n`,
    );
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
