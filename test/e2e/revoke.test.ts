import { expect, test } from 'vitest';
import { createRig, initiateInputs, secrets } from './rig.ts';

test('revoke by the code, or by the account that initiated; the next sync says so and exits 2', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  expect(await rig.action({ operation: 'accept', ...connection })).toMatchObject({ exitCode: 0 });
  const words = ['revoke', '--jira-url', rig.siteUrl, '--jira-email', secrets.email, '--connection-name', 'Acme support'];
  const plan = await rig.cli([...words, '--dry-run'], { SALLYPORT_JIRA_TOKEN: secrets.jiraToken });
  expect(plan, plan.stderr).toMatchObject({ exitCode: 0 });
  expect(plan.stdout).toContain('Dry run, nothing was written.');
  const end = await rig.cli([...words, '--json'], { SALLYPORT_JIRA_TOKEN: secrets.jiraToken });
  expect(end, end.stderr).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(end.stdout)).toMatchObject({ operation: 'revoked', connection: { status: 'Revoked' } });
  const sync = await rig.action({ operation: 'sync', ...connection });
  expect(sync.exitCode).toBe(2);
  expect(sync.stdout).toMatch(/^::error title=Sallyport::the connection "Acme support" was revoked by its public side/m);
  const again = await rig.action({ operation: 'revoke', ...connection });
  expect(again, again.stdout).toMatchObject({ exitCode: 0, outputs: { status: 'Revoked' } });
  expect(again.summary).toContain('was revoked before');
  expect(await rig.action(initiateInputs(rig))).toMatchObject({ exitCode: 0, outputs: { status: 'Pending' } });
});
