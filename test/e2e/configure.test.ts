import { expect, test } from 'vitest';
import { createRig, secrets } from './rig.ts';
import { everything } from './scenario.ts';

test('configure changes a Pending connection from a workflow, and its dry run nothing', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  rig.jira.people.addProject({ key: 'OPS', name: 'Operations' });
  const before = everything(rig);
  const wish = { ...connection, operation: 'configure', 'jira-project': 'OPS', 'connection-name': 'Ops support' };
  const dry = await rig.action({ ...wish, 'dry-run': 'true' });
  expect(dry).toMatchObject({ exitCode: 0, outputs: { status: 'Pending' }, report: { operation: 'configured', dryRun: true } });
  expect(dry.summary).toMatch(/Dry run, nothing was written/);
  expect(everything(rig)).toEqual(before);
  const done = await rig.action(wish);
  expect(done.summary).toContain('Acme support | Ops support');
  const status = await rig.cli(['status', '--json', '--jira-url', rig.siteUrl, '--jira-email', secrets.email], {
    SALLYPORT_JIRA_TOKEN: secrets.jiraToken,
  });
  expect(JSON.parse(status.stdout)).toMatchObject({
    connection: { name: 'Ops support', status: 'Pending', project: 'OPS (Operations)' },
    // An action passes every default of its inputs: the trigger is not among them.
    facts: expect.arrayContaining([{ name: 'trigger', value: 'labels = sync' }]),
  });
  const rules = await rig.cli(['configure', '--rules', 'mine.groovy'], {});
  expect(rules).toMatchObject({
    exitCode: 2,
    stderr: "Sync Rules can't be modified in Basic mode; that takes Script mode, which Sallyport does not offer yet.\n",
  });
});
