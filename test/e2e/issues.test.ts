import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { memberPermissions } from '../../src/simulators/jira-cloud/permissions.ts';
import { createRig } from './rig.ts';

const askedSchema = z.object({
  cycles: z.array(z.object({ result: z.object({ asked: z.array(z.object({ outcome: z.string() })) }) })),
});

test('push, unlink, connect and retry take issues as words of the command line and as an input of the action', async () => {
  const rig = await createRig();
  const connection = { ...(await rig.initiate()), state: join(rig.directory, 'state') };
  const flags = [
    '--project',
    rig.repository,
    ...Object.entries(connection).flatMap(([name, value]) => [`--${name}`, value ?? '']),
  ];
  const outcomes = async (...words: string[]): Promise<readonly string[]> => {
    const end = await rig.cli([...words, ...flags, '--json']);
    expect(end, end.stderr).toMatchObject({ exitCode: 0 });
    return askedSchema.parse(JSON.parse(end.stdout)).cycles.flatMap(({ result }) => result.asked.map(({ outcome }) => outcome));
  };
  const { key } = rig.jira.people.createIssue({ project: 'ACME', as: rig.people.ann, summary: 'No label' });
  expect(await outcomes('push', key)).toEqual(['taken up']);
  const [copy] = rig.github.issues(rig.repository);
  expect(copy?.title).toBe('No label');
  expect(await outcomes('unlink', `#${copy?.number}`)).toEqual(['unlinked']);
  expect(await outcomes('connect', key, `${rig.repository}#${copy?.number}`)).toEqual(['revived']);
  expect(await outcomes('retry')).toEqual([]);

  const unlinked = await rig.action({ operation: 'unlink', issues: key, ...connection });
  expect(unlinked, unlinked.stdout).toMatchObject({ exitCode: 0, outputs: { status: 'Active', created: '0' } });
  expect(unlinked.summary).toContain('unlinked: both issues stay');
  const refused = await rig.action({ operation: 'push', issues: key, ...connection });
  expect(refused.exitCode).toBe(2);
  expect(refused.stdout).toMatch(/^::error title=Sallyport::issues: ACME-1 was in sync once.*Only connect takes it up again/m);
  const wrong = await rig.cli(['push', 'nonsense', ...flags]);
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('nonsense is no issue of either side; write ACME-12, #12 or its address.');
});

test('retry tries at once what waits, by a clock that whole seconds of servers set', async () => {
  const rig = await createRig();
  const connection = { ...(await rig.initiate()), state: join(rig.directory, 'state') };
  const { number } = rig.github.createIssue({
    repository: rig.repository,
    as: 'dana',
    title: 'Mine',
    labels: ['sync'],
    body: 'x',
  });
  const sync = (operation: string) => rig.action({ operation, ...connection });
  expect((await sync('sync')).exitCode).toBe(0);
  rig.jira.people.setPermissions(
    rig.people.sync,
    memberPermissions.filter((name) => name !== 'ADD_COMMENTS'),
  );
  rig.github.addComment({ repository: rig.repository, number, as: 'dana', body: 'Hello.' });
  expect((await sync('sync')).exitCode).toBe(1);
  rig.jira.people.setPermissions(rig.people.sync, [...memberPermissions, 'EDIT_ALL_COMMENTS']);
  const end = await sync('retry');
  expect(end, end.stdout).toMatchObject({ exitCode: 0 });
  expect(rig.jira.people.issues().map(({ comments }) => comments.length)).toEqual([1]);
});
