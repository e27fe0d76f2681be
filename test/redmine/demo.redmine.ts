import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { runCli } from '../e2e/runner.ts';
import { redminePeople } from './people.ts';
import { startRedmine } from './start-redmine.ts';

const figuresSchema = z.looseObject({ twins: z.number(), converged: z.boolean(), quietWrites: z.number() });

test.each(['textile', 'commonmark'] as const)('demo --redmine-url plays against a real Redmine with %s', async (textFormat) => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-demo-test-'));
  const server = await startRedmine({ textFormat, hasMarkField: false });
  onTestFinished(async () => {
    await server.close();
    await rm(directory, { recursive: true, force: true });
  });
  const people = await redminePeople(server, 'demonstration');
  const flags = ['--private', 'redmine', '--redmine-url', server.url, '--redmine-project', people.identifier];
  const end = await runCli(['demo', ...flags, '--text-format', textFormat, '--json'], {
    directory,
    environment: { SALLYPORT_TRACKER_TOKEN: people.syncKey },
  });
  expect(end.exitCode).toBe(0);
  expect(figuresSchema.parse(JSON.parse(end.stdout))).toMatchObject({ twins: 6, converged: true, quietWrites: 0 });
  expect(end.stderr).not.toContain(people.syncKey);
  expect((await people.issues()).map(({ subject }) => subject)).toContain('Login fails after a password change');
});
