import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRig, sealedCode, secrets } from './rig.ts';
import { peopleWriteLittle } from './scenario.ts';

test('reissue by the action and finish by the command line; the code is shown once and sealed', async () => {
  const rig = await createRig();
  const old = { ...(await rig.initiate()), state: join(rig.directory, 'state') };
  peopleWriteLittle(rig);
  expect(await rig.action({ operation: 'sync', ...old })).toMatchObject({ exitCode: 0, outputs: { failed: '0' } });
  const begun = await rig.action({ operation: 'reissue', ...old });
  expect(begun, begun.stdout).toMatchObject({ exitCode: 0, outputs: { status: 'Active' } });
  const code = sealedCode.exec(begun.summary)?.[0] ?? '';
  expect(code).not.toBe(old['invitation-code']);
  expect(begun.stdout).not.toContain(code);
  const next = { ...old, 'invitation-code': code };
  expect((await rig.action({ operation: 'sync', ...old })).exitCode).toBe(0);
  expect((await rig.action({ operation: 'sync', ...next })).exitCode).toBe(0);
  const late = await rig.action({ operation: 'sync', ...old });
  expect(late.exitCode).toBe(2);
  expect(late.stdout).toContain('it was replaced by a newer one');

  const flags = ['--project', rig.repository, ...Object.entries(next).flatMap(([name, value]) => [`--${name}`, value ?? ''])];
  const end = await rig.cli(['reissue', '--finish', ...flags, '--json']);
  expect(end, end.stderr).toMatchObject({ exitCode: 0 });
  const report: { code: string } = JSON.parse(end.stdout);
  expect(report).toMatchObject({ operation: 'reissued', stage: 'finished', left: 0, code: expect.stringMatching(sealedCode) });
  expect(end.stderr).not.toContain(report.code);
  // A runner takes the commands that mask out of its log.
  const log = begun.stdout.replaceAll(/^::add-mask::.*$/gm, '');
  for (const shown of [log, begun.summary, end.stdout, end.stderr]) {
    expect(shown).not.toContain(secrets.jiraToken);
    expect(shown).not.toContain(secrets.passphrase);
  }
  const last = await rig.action({ operation: 'sync', ...next, 'invitation-code': report.code });
  expect(last, last.stdout).toMatchObject({ exitCode: 0, outputs: { created: '0', failed: '0' } });
});

test('in a workflow a reissue without passphrase and save-secret is refused before anything is done', async () => {
  const rig = await createRig();
  const words = [
    'initiate',
    '--jira-url',
    rig.siteUrl,
    '--jira-project',
    'ACME',
    '--jira-email',
    secrets.email,
    '--unsealed',
    '--json',
  ];
  const made: { code: string } = JSON.parse((await rig.cli(words, { SALLYPORT_JIRA_TOKEN: secrets.jiraToken })).stdout);
  const before = JSON.stringify(rig.jira.people.userProperties(rig.people.sync));
  const end = await rig.action({ operation: 'reissue', 'invitation-code': made.code });
  expect(end.exitCode).toBe(2);
  expect(end.stdout).toContain('reissue in a workflow: its log is read by others');
  expect(JSON.stringify(rig.jira.people.userProperties(rig.people.sync))).toBe(before);
});
