import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Config } from '../src/config/config.ts';
import { parseConfig } from '../src/config/config.ts';
import type { InputName, RawInputs } from '../src/config/inputs.ts';
import { inputs } from '../src/config/inputs.ts';

const folder = join(import.meta.dirname, '../examples/workflows');
const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));
const textOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

interface Given {
  readonly name: string;
  readonly value: string;
  /** Shown as a possibility only. */
  readonly isComment: boolean;
}

/** What the example gives to the action, or offers to: the entries of every `with:`. */
function givenIn(text: string): readonly Given[] {
  const steps = [...text.matchAll(/^ {8}with:\n((?: {10}.*\n?)+)/gm)].map((match) => match[1] ?? '');
  const entries = steps.flatMap((step) => [...step.matchAll(/^ {10}(# )?([a-z][a-z-]*): (.+)$/gm)]);
  return entries.map(([, comment, name = '', value = '']) => ({ name, value, isComment: comment !== undefined }));
}

const inputNamed = (name: string): InputName | undefined => inputs.find((spec) => spec.name === name)?.name;

/** Stand-ins for what the expressions of a workflow come to. */
function valueOf(expression: string): string {
  if (!expression.startsWith('${{')) return expression.replaceAll(/^['"]|['"]$/g, '');
  if (expression.includes('dry-run')) return 'false';
  if (/inputs\.unsealed|inputs\.without-credentials|inputs\.save-secret/.test(expression)) return 'false';
  if (expression.includes('jira-url')) return 'https://acme.atlassian.net';
  if (expression.includes('email')) return 'sync@example.org';
  if (expression.includes('jira-project')) return 'ABC';
  return 'stand-in';
}

function configOf(name: string): Config {
  const raw: RawInputs = Object.fromEntries(
    givenIn(textOf(name))
      .filter(({ isComment }) => !isComment)
      .map((given) => [given.name, valueOf(given.value)]),
  );
  return parseConfig(raw, { serverUrl: 'https://github.com', repository: 'acme/app', token: 'job-token' });
}

describe.each(names)('examples/workflows/%s', (name) => {
  test('gives inputs that the action has, and offers no others', () => {
    const given = givenIn(textOf(name));
    expect(given.length).toBeGreaterThan(0);
    expect(given.filter((one) => inputNamed(one.name) === undefined)).toEqual([]);
  });

  test('gives all that its operation needs, in values that it takes', () => {
    expect(configOf(name).operation).toMatch(/^(?:sync|initiate)$/);
  });

  test('is told of in the README', () => {
    expect(readFileSync(join(folder, '../../README.md'), 'utf8')).toContain(`(examples/workflows/${name})`);
  });

  test('asks for no more than its job needs, and does not cut a cycle off', () => {
    expect(textOf(name)).toMatch(/^permissions: \{\}$/m);
    expect(textOf(name)).not.toContain('cancel-in-progress: true');
  });
});

test('live.yml repeats cycles for longer than there is between two jobs that are due, and its job may last longer still', () => {
  const { runForMs, pollMs } = configOf('live.yml').sync;
  const timeoutMinutes = Number(/timeout-minutes: (\d+)/.exec(textOf('live.yml'))?.[1]);
  expect(pollMs).toBe(20_000);
  const everyMinutes = Number(/cron: '\*\/(\d+) \* \* \* \*'/.exec(textOf('live.yml'))?.[1]);
  expect(runForMs).toBeGreaterThan(everyMinutes * 60_000);
  expect(runForMs).toBeLessThan(timeoutMinutes * 60_000);
});

test('ghes.yml takes the action from the server itself, at a commit', () => {
  const uses = [...textOf('ghes.yml').matchAll(/uses: (\S+)/g)].map((match) => match[1]);
  expect(uses).toEqual(['mirrors/sallyport@0000000000000000000000000000000000000000']);
});
