import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { RawInputs } from '../../src/config/inputs.ts';

const root = resolve(import.meta.dirname, '../..');

/** What a job leaves behind once its one step has ended. */
export interface JobEnd {
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ActionEnd extends JobEnd {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The JSON of `report-path`, where there is one. */
  readonly report: unknown;
}

export interface JobOptions {
  /** The job's own folder: the runner's files, its temporary and its working folder. */
  readonly directory: string;
  /** Added to what every job has; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: the Node that runs the tests. */
  readonly node?: string;
  readonly onStart?: (child: ChildProcess) => void;
}

/** The oldest Node at hand that the bundles promise to run on: the system's 20 where there is one, else this one. */
export function oldestNode(): string {
  const system = '/usr/bin/node';
  const version = existsSync(system) ? spawnSync(system, ['--version'], { encoding: 'utf8', env: {} }).stdout : '';
  return version.startsWith('v20.') ? system : process.execPath;
}

const fileVariables = ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY', 'GITHUB_STATE', 'GITHUB_ENV', 'GITHUB_PATH'] as const;

/** Runs `dist/action.js` as the one step of a job on a runner, with inputs as action.yml passes them. */
export async function runAction(inputs: RawInputs, options: JobOptions): Promise<ActionEnd> {
  const { directory } = options;
  const [temporary, workspace] = [join(directory, 'temporary'), join(directory, 'workspace')];
  for (const folder of [temporary, workspace]) await mkdir(folder, { recursive: true });
  const files = Object.fromEntries(fileVariables.map((name) => [name, join(directory, name.toLowerCase())]));
  for (const file of Object.values(files)) await writeFile(file, '');
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]);
  const end = await run(['action.js'], {
    ...options,
    environment: {
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      RUNNER_TEMP: temporary,
      GITHUB_WORKSPACE: workspace,
      ...files,
      ...Object.fromEntries(given),
      ...options.environment,
    },
    workspace,
  });
  const outputs = parseOutputs(await readFile(join(directory, 'github_output'), 'utf8'));
  const reportPath = outputs['report-path'];
  return {
    ...end,
    outputs,
    summary: await readFile(join(directory, 'github_step_summary'), 'utf8'),
    report: reportPath === undefined ? undefined : JSON.parse(await readFile(reportPath, 'utf8')),
  };
}

/** Runs `dist/cli.js` in an empty folder. */
export async function runCli(words: readonly string[], options: JobOptions): Promise<JobEnd> {
  const workspace = join(options.directory, 'workspace');
  await mkdir(workspace, { recursive: true });
  return run(['cli.js', ...words], { ...options, workspace });
}

async function run(
  [bundle = '', ...words]: readonly string[],
  options: JobOptions & { readonly workspace: string },
): Promise<JobEnd> {
  const child = spawn(options.node ?? process.execPath, [join(root, 'dist', bundle), ...words], {
    cwd: options.workspace,
    // Nothing of this process is passed on: a proxy or a token of the machine has no part in a test.
    env: { PATH: process.env['PATH'], HOME: options.directory, TMPDIR: options.directory, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  options.onStart?.(child);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  await Promise.all([writeFile(join(options.directory, 'stdout'), stdout), writeFile(join(options.directory, 'stderr'), stderr)]);
  return { exitCode: child.exitCode ?? undefined, stdout, stderr };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** `name<<delimiter`, the value's lines, `delimiter`: as the toolkit writes it and the runner reads it. */
function parseOutputs(content: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name = '', , value = ''] of content.matchAll(/^([\w-]+)<<(.+)\r?\n([\s\S]*?)\r?\n\2\r?$/gm))
    outputs[name] = value;
  return outputs;
}
