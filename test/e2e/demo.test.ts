import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { runCli } from './runner.ts';

const sidesSchema = z.strictObject({ public: z.number(), private: z.number() });
const figuresSchema = z.strictObject({
  twins: z.number(),
  cycles: z.array(
    z.strictObject({
      requests: sidesSchema,
      writes: sidesSchema,
      control: z.number(),
      conflicts: z.number(),
      errors: z.number(),
      ms: z.number(),
    }),
  ),
  converged: z.boolean(),
  quietWrites: z.number(),
});

test.each([[], ['--private', 'jira-dc'], ['--private', 'redmine']])(
  'demo %s %s --json prints one line with its figures, ends in step and quiet, and leaves no file',
  async (...words) => {
    const directory = await mkdtemp(join(tmpdir(), 'sallyport-demo-test-'));
    onTestFinished(() => rm(directory, { recursive: true, force: true }));
    const end = await runCli(['demo', ...words, '--json'], { directory });
    expect(end.exitCode).toBe(0);
    expect(end.stdout).toMatch(/^[^\n]+\n$/);
    const figures = figuresSchema.parse(JSON.parse(end.stdout));
    expect(figures).toMatchObject({ converged: true, quietWrites: 0 });
    expect(figures.twins).toBeGreaterThan(0);
    expect(figures.cycles.flatMap((cycle) => cycle.errors)).toEqual(figures.cycles.map(() => 0));
    expect(figures.cycles.some((cycle) => cycle.conflicts > 0)).toBe(true);
    const last = figures.cycles.at(-1);
    expect(last?.writes).toEqual({ public: 0, private: 0 });
    expect((last?.requests.public ?? 0) + (last?.requests.private ?? 0)).toBeLessThanOrEqual(4);
    expect(last?.control).toBeLessThanOrEqual(8);
    expect((await readdir(directory)).toSorted()).toEqual(['stderr', 'stdout', 'workspace']);
  },
);

test('demo tells everything that is wrong with its flags at once', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-demo-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const end = await runCli(['demo', '--private', 'gitlab', '--redmine-url', 'nowhere'], { directory });
  expect(end).toMatchObject({ exitCode: 2, stdout: '' });
  for (const told of ['--private wants', '--redmine-url wants an address', '--redmine-key', '--redmine-project'])
    expect(end.stderr).toContain(told);
});
