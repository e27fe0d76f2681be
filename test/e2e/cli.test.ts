import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createRig, initiateInputs, secrets, syncReport } from './rig.ts';
import { expectInStep, peopleWriteLittle } from './scenario.ts';

const initiatedSchema = z.object({
  operation: z.literal('initiated'),
  code: z.string(),
  passphrase: z.string(),
  connection: z.object({ status: z.literal('Pending'), destination: z.literal('unknown') }),
});

/** Inputs as the variables of the command line, which hide them from a list of processes. */
function variables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`SALLYPORT_${name.toUpperCase().replaceAll('-', '_')}`, value]),
  );
}

test('every command of the command line gives one JSON document with --json, from initiate to rules', async () => {
  const rig = await createRig();
  const run = async (command: string, inputs: Readonly<Record<string, string>>): Promise<unknown> => {
    const end = await rig.cli([command, '--json'], variables({ ...inputs, operation: command, 'log-level': 'debug' }));
    expect(end.exitCode, `${command}: ${end.stderr}`).toBe(0);
    expect(end.stdout).toMatch(/^[^\n]+\n$/);
    return JSON.parse(end.stdout);
  };
  const { passphrase: _, ...inputs } = initiateInputs(rig);
  const { code, passphrase } = initiatedSchema.parse(await run('initiate', inputs));
  peopleWriteLittle(rig);
  const connection = {
    'invitation-code': code,
    passphrase,
    project: 'acme/app',
    'tracker-url': rig.trackerUrl,
    'tracker-token': secrets.githubToken,
    state: join(rig.directory, 'state'),
  };
  expect(await run('accept', connection)).toMatchObject({ operation: 'accepted', connection: { status: 'Active' } });
  expect(syncReport(await run('sync', connection)).cycles[0]?.result.twins).toBe(2);
  expectInStep(rig);
  expect(await run('status', { ...connection, 'max-age': '30m' })).toMatchObject({
    operation: 'status',
    connection: { destination: 'acme/app' },
    counts: { twins: 2, retry: 0, parked: 0 },
    state: { kind: 'read', twins: [{ public: { key: 'ACME-1' } }, {}] },
    stale: null,
  });
  rig.clock.advance(45 * 60_000);
  const stale = await rig.cli(['status', '--max-age', '30m', '--jira-url', rig.siteUrl, '--jira-email', secrets.email], {
    SALLYPORT_JIRA_TOKEN: secrets.jiraToken,
  });
  expect(stale).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('No cycle has committed for 45 min') });
  expect(await run('deactivate', connection)).toMatchObject({ operation: 'switched', connection: { status: 'Deactivated' } });
  expect(await run('activate', connection)).toMatchObject({ operation: 'switched', connection: { status: 'Active' } });
  expect(await run('rules', {})).toMatchObject({ operation: 'rules', text: expect.stringContaining('comments') });
});
