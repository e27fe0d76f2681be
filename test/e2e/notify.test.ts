import { expect, test } from 'vitest';
import { createRig, secrets } from './rig.ts';

test('a job tells of a paused connection in its own repository, and closes the notice once it goes on', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  const job = { ...connection, notify: 'true', 'job-token': secrets.githubToken, 'private-trigger': '*' };
  const sync = () => rig.action({ ...job, operation: 'sync' }, { GITHUB_SERVER_URL: rig.trackerUrl });
  expect((await sync()).exitCode).toBe(0);
  expect((await rig.action({ ...connection, operation: 'deactivate' })).exitCode).toBe(0);
  expect((await sync()).exitCode).toBe(4);
  expect(rig.github.issues('acme/app')).toMatchObject([{ state: 'open', body: expect.stringContaining('**paused**') }]);
  expect((await rig.action({ ...connection, operation: 'activate' })).exitCode).toBe(0);
  expect((await sync()).exitCode).toBe(0);
  expect(rig.github.issues('acme/app')).toMatchObject([{ state: 'closed' }]);
  expect(rig.jira.people.issues()).toEqual([]);
});

test('notify where there is no job is one problem with the inputs', async () => {
  const rig = await createRig();
  const end = await rig.cli(['sync', '--notify', '--project', 'acme/app', '--invitation-code', 'x', '--tracker-token', 'y'], {});
  expect(end).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('notify: there is no repository of the runner') });
});
