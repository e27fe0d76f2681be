import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRig } from './rig.ts';
import { peopleWriteLittle } from './scenario.ts';

test('clean-up by the action and by the command line leaves no stamp and a twin map', async () => {
  const rig = await createRig();
  const connection = { ...(await rig.initiate()), state: join(rig.directory, 'state') };
  peopleWriteLittle(rig);
  expect(await rig.action({ operation: 'sync', ...connection })).toMatchObject({ exitCode: 0, outputs: { failed: '0' } });
  const stamped = JSON.stringify([rig.jira.people.issues(), rig.github.issues(rig.repository)]);
  expect(stamped).toContain('sallyport:');

  const unmeant = await rig.action({ operation: 'clean-up', ...connection });
  expect(unmeant.exitCode).toBe(2);
  expect(unmeant.stdout).toContain('confirm is missing');
  const plan = await rig.action({ operation: 'clean-up', 'dry-run': 'true', ...connection });
  expect(plan, plan.stdout).toMatchObject({ exitCode: 0, outputs: { status: 'Active' } });
  const part = await rig.action({ operation: 'clean-up', confirm: 'true', 'time-budget': '0', ...connection });
  expect(part, part.stdout).toMatchObject({ exitCode: 0, outputs: { status: 'Removing' } });
  expect(await readFile(part.outputs['twin-map-path'] ?? '', 'utf8')).toMatch(/^public_id,private_id,/);
  expect((await rig.action({ operation: 'sync', ...connection })).exitCode).toBe(4);

  const flags = [
    '--project',
    rig.repository,
    ...Object.entries(connection).flatMap(([name, value]) => [`--${name}`, value ?? '']),
  ];
  const map = join(rig.directory, 'map.csv');
  const end = await rig.cli(['clean-up', '--yes', '--twin-map', map, ...flags, '--json']);
  expect(end, end.stderr).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(end.stdout)).toMatchObject({
    operation: 'cleaned',
    connection: { status: 'Removed' },
    remaining: 0,
    mapPath: map,
  });
  expect(await readFile(map, 'utf8')).toContain(',in sync,');
  const left = JSON.stringify([
    rig.jira.people.issues(),
    rig.jira.people.userProperties(rig.people.sync),
    rig.github.issues(rig.repository).map(({ body, comments }) => [body, comments.map((comment) => comment.body)]),
  ]).replaceAll(/\]\([^)]*\)/g, '');
  expect(left).not.toMatch(/sallyport[.:-]/i);
  expect(await rig.action({ operation: 'sync', ...connection })).toMatchObject({ exitCode: 2 });
});
