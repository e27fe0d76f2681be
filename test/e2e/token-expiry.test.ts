import { expect, test } from 'vitest';
import { createRig, secrets } from './rig.ts';

test('a job whose token expires soon gets a warning, and the public side sees it in the status', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  const expiresAt = rig.clock.now() + 10 * 24 * 3_600_000;
  rig.github.addToken({ token: 'ghp_thatExpires', kind: 'classic', login: 'syncbot', expiresAt });
  const day = new Date(expiresAt).toISOString().slice(0, 10);
  const end = await rig.action({ ...connection, operation: 'sync', 'tracker-token': 'ghp_thatExpires' });
  expect(end).toMatchObject({ exitCode: 0, stderr: '' });
  expect(end.stdout).toContain(`::warning title=Attention::The private tracker's token expires by ${day}, in 10 days.`);
  const status = await rig.cli(['status', '--jira-url', rig.siteUrl, '--jira-email', secrets.email], {
    SALLYPORT_JIRA_TOKEN: secrets.jiraToken,
  });
  expect(status.stdout).toContain(`The private tracker's token expires by ${day}`);
});
