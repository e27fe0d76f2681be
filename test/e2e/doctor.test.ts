import { expect, test } from 'vitest';
import { createRig } from './rig.ts';
import { everything } from './scenario.ts';

test('doctor in a workflow writes and reads the real cache service, passes, and leaves the trackers as they were', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  expect((await rig.action({ ...connection, operation: 'accept' })).exitCode).toBe(0);
  const before = everything(rig);
  const end = await rig.action({ ...connection, operation: 'doctor' });
  expect(end).toMatchObject({ exitCode: 0, stderr: '', outputs: { status: 'Active' }, report: { operation: 'examined' } });
  expect(end.summary).toContain('the Actions cache can be written and read');
  expect(end.summary).toMatch(/✔ connection/);
  expect(end.stdout).not.toMatch(/^::error/m);
  expect(everything(rig)).toEqual(before);
});

test('doctor on a wrong machine goes on behind what fails and exits with 1; with a directory it tries that', async () => {
  const rig = await createRig();
  const words = ['doctor', '--project', 'acme/nowhere', '--tracker-url', rig.trackerUrl, '--tracker-token', 'wrong-token'];
  const end = await rig.cli([...words, '--state', 'state', '--ca-file', '/nowhere.pem'], { HTTPS_PROXY: 'not a proxy' });
  expect(end.exitCode).toBe(1);
  expect(end.stdout).toMatch(/✘ ca-file: .*cannot be read/);
  expect(end.stdout).toMatch(/✘ proxy: HTTPS_PROXY holds no http or https URL/);
  expect(end.stdout).toMatch(/✔ state: the directory state can be written and read/);
  expect(end.stdout).toMatch(/✘ private tracker: .*does not take tracker-token/);
  expect(end.stdout).toMatch(/⚠ connection: was not looked at/);
});

test('doctor --hosts prints the list before anything is configured, as text and as JSON', async () => {
  const rig = await createRig();
  const text = await rig.cli(['doctor', '--hosts'], {});
  expect(text).toMatchObject({ exitCode: 0, stderr: '' });
  expect(text.stdout).toMatch(/^ +api\.media\.atlassian\.com {2}443 {2}https {2}\S/m);
  const json = await rig.cli(['doctor', '--hosts', '--json', '--tracker-url', 'https://ghes.corp.example'], {});
  expect(JSON.parse(json.stdout)).toMatchObject({
    operation: 'hosts',
    hosts: expect.arrayContaining([expect.objectContaining({ host: 'ghes.corp.example', port: 443 })]),
  });
  expect(rig.received).toEqual([]);
});
