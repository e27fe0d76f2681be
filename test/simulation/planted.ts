import { fork } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { PlantedBug, PlantedEdit } from './planted-bug.ts';
import { plantedBugs } from './planted-bugs.ts';

/**
 * `npm run simulate:planted [-- --only NAME --seed S --runs N --jobs N]`: plants one bug at a time in a copy of the sources
 * and plays simulations there until one breaks an invariant. A bug that no run shows is a gap in the simulation.
 * Exit code: 0 if every bug was caught and the sources as they are broke nothing, 1 if not, 2 for bad arguments.
 */

const root = resolve(import.meta.dirname, '../..');

/** What a simulation needs of the repository. */
const copied = ['src', 'test/simulation', 'test/contract', 'package.json'];

const defaults = { runs: 80, jobs: 2 };

/** A run takes a second or two; one that takes so long will not end. */
const runMsMax = 120_000;

const lineSchema = z.object({ run: z.number(), violations: z.array(z.string()) });

interface Options {
  readonly bugs: readonly PlantedBug[];
  /** Searched instead of the recorded runs. */
  readonly seed: number | undefined;
  readonly runs: number;
  readonly jobs: number;
}

/** Runs of one seed, from one on, until so many were played. */
interface Stretch {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly faults: string | undefined;
  readonly private: NonNullable<PlantedBug['private']>;
}

interface Found {
  readonly seed: number;
  readonly run: number;
  readonly violation: string;
}

/** The text with an edit applied. @throws Error unless what it replaces stands there exactly once. */
function edited(text: string, edit: PlantedEdit): string {
  const parts = text.split(edit.find);
  if (parts.length === 2) return parts.join(edit.replace);
  throw new Error(`${edit.file} holds ${parts.length - 1} times, not once: ${edit.find}`);
}

/** A copy of the sources with a bug in it, or without any; to be removed by the caller. */
function plant(edits: readonly PlantedEdit[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-planted-'));
  for (const path of copied) cpSync(join(root, path), join(directory, path), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const edit of edits) {
    const path = join(directory, edit.file);
    writeFileSync(path, edited(readFileSync(path, 'utf8'), edit));
  }
  return directory;
}

/** Plays runs in a directory and returns the first violation that `counts`. Rejects if the simulation itself breaks. */
function play(directory: string, stretch: Stretch, counts: (violation: string) => boolean): Promise<Found | undefined> {
  const argv = [`--seed=${stretch.seed}`, `--runs=${stretch.to}`, `--share=${stretch.from}/1`, `--private=${stretch.private}`];
  if (stretch.faults !== undefined) argv.push(`--faults=${stretch.faults}`);
  return new Promise((settle, reject) => {
    const child = fork(join(directory, 'test/simulation/main.ts'), argv, { cwd: directory });
    const hung = (): void => {
      child.kill('SIGKILL');
      reject(new Error(`a run did not end within ${runMsMax / 1000} s`));
    };
    let timer = setTimeout(hung, runMsMax);
    child.on('message', (message) => {
      clearTimeout(timer);
      timer = setTimeout(hung, runMsMax);
      const { run, violations } = lineSchema.parse(message);
      const violation = violations.find(counts);
      if (violation === undefined) return;
      settle({ seed: stretch.seed, run, violation });
      child.kill('SIGKILL');
    });
    child.on('exit', (status) => {
      clearTimeout(timer);
      if (status === 0) settle(undefined);
      else reject(new Error('the simulation ended before its runs were played'));
    });
  });
}

/** Seeds that are searched one after the other before a bug counts as surviving: a rare one need not be in the first. */
const seedsSearched = 3;

/** The run that shows a bug: the recorded one, else the first of some seeds that does. */
async function search(directory: string, bug: PlantedBug, options: Options): Promise<Found | undefined> {
  const counts = (violation: string): boolean => bug.breaks.some((name) => violation.startsWith(`${name}:`));
  const { faults, private: tracker = 'github' } = bug;
  if (options.seed === undefined) {
    const found = await play(directory, { seed: bug.seed, from: bug.run, to: bug.run + 1, faults, private: tracker }, counts);
    if (found !== undefined) return found;
  }
  const first = options.seed ?? bug.seed;
  for (let seed = first; seed < first + seedsSearched; seed += 1) {
    const found = await play(directory, { seed, from: 0, to: options.runs, faults, private: tracker }, counts);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Plants one bug and tells whether it was caught. */
async function judge(bug: PlantedBug, options: Options): Promise<boolean> {
  const startedMs = performance.now();
  const directory = plant(bug.edits);
  try {
    const found = await search(directory, bug, options);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    if (found === undefined) {
      process.stdout.write(
        `SURVIVED  ${bug.name}: ${options.runs} runs of each of ${seedsSearched} seeds broke none of ${bug.breaks.join(', ')} (${seconds} s)\n`,
      );
      return false;
    }
    const isRecorded = found.seed === bug.seed && found.run === bug.run;
    const hint = isRecorded || options.seed !== undefined ? '' : ', which is not the recorded one';
    process.stdout.write(
      `caught    ${bug.name}: seed ${found.seed}, run ${found.run}${hint} (${seconds} s)\n          ${found.violation.slice(0, 300)}\n`,
    );
    return true;
  } catch (error) {
    process.stdout.write(`BROKEN    ${bug.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The sources as they are break nothing in the runs that show the bugs: else those would prove nothing. */
async function control(options: Options): Promise<boolean> {
  const directory = plant([]);
  const places = new Map(
    options.bugs.map((bug) => [`${bug.private ?? 'github'} ${bug.seed} ${bug.run} ${bug.faults ?? ''}`, bug]),
  );
  try {
    for (const { seed, run, faults, private: tracker = 'github' } of places.values()) {
      const found = await play(directory, { seed, from: run, to: run + 1, faults, private: tracker }, () => true);
      if (found === undefined) continue;
      process.stdout.write(
        `BROKEN    without any bug: seed ${seed}, run ${run}, faults ${faults ?? 'all'}: ${found.violation}\n`,
      );
      return false;
    }
    process.stdout.write(`clean     without any bug: ${places.size} runs\n`);
    return true;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

class UsageError extends Error {}

function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: { only: { type: 'string' }, seed: { type: 'string' }, runs: { type: 'string' }, jobs: { type: 'string' } },
  });
  const count = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text)) throw new UsageError(`A whole number is wanted, not "${text}".`);
    return Number(text);
  };
  const { only } = values;
  const bugs = plantedBugs.filter((bug) => only === undefined || bug.name.includes(only));
  if (bugs.length === 0) throw new UsageError(`There is no planted bug "${only}".`);
  return {
    bugs,
    seed: count(values.seed),
    runs: count(values.runs) ?? defaults.runs,
    jobs: Math.max(1, count(values.jobs) ?? defaults.jobs),
  };
}

async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  const startedMs = performance.now();
  // The control comes first and counts as one of the works that are shared out.
  const works = [() => control(options), ...options.bugs.map((bug) => () => judge(bug, options))].values();
  const results: boolean[] = [];
  await Promise.all(
    Array.from({ length: options.jobs }, async () => {
      for (const work of works) results.push(await work());
    }),
  );
  const failed = results.filter((isGood) => !isGood).length;
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  process.stdout.write(
    `${options.bugs.length} planted bugs and the sources as they are, ${failed} not as they should be (${seconds} s)\n`,
  );
  return failed === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
