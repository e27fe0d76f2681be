import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRig, syncReport } from './rig.ts';
import { oldestNode } from './runner.ts';
import { everything, expectInStep, expectQuiet, peopleWrite, peopleWriteLittle } from './scenario.ts';

const minuteMs = 60_000;

test('with its state in a directory, on the oldest Node, the action syncs, pauses and resumes', async () => {
  const rig = await createRig({
    node: oldestNode(),
    environment: { ACTIONS_RESULTS_URL: undefined, ACTIONS_CACHE_URL: undefined, ACTIONS_RUNTIME_TOKEN: undefined },
  });
  const connection = { ...(await rig.initiate()), state: join(rig.directory, 'state') };
  peopleWriteLittle(rig);
  // No accept of its own: the first sync of a Pending connection accepts.
  expect(await rig.action({ operation: 'sync', ...connection })).toMatchObject({
    exitCode: 0,
    outputs: { status: 'Active', failed: '0' },
  });
  expectInStep(rig);
  const quiet = await rig.action({ operation: 'sync', ...connection });
  expect(quiet.exitCode).toBe(0);
  expectQuiet(syncReport(quiet.report));

  expect(await rig.action({ operation: 'deactivate', ...connection })).toMatchObject({
    exitCode: 0,
    outputs: { status: 'Deactivated' },
  });
  const [issue] = rig.jira.people.issues();
  rig.clock.advance(minuteMs);
  peopleWrite(rig);
  rig.jira.people.editIssue(issue?.key ?? '', { as: rig.people.ben, summary: 'Edited while paused' });
  const before = everything(rig);
  const paused = await rig.action({ operation: 'sync', ...connection });
  expect(paused.exitCode).toBe(4);
  expect(paused.stdout).toMatch(/^::error title=Sallyport::.*paused/m);
  expect(everything(rig)).toEqual(before);

  expect(await rig.action({ operation: 'activate', ...connection })).toMatchObject({
    exitCode: 0,
    outputs: { status: 'Active' },
  });
  expect(await rig.action({ operation: 'sync', ...connection })).toMatchObject({ exitCode: 0, outputs: { failed: '0' } });
  expectInStep(rig);
  expect(rig.github.issues(rig.repository).map((copy) => copy.title)).toContain('Edited while paused');
  const status = await rig.action({ operation: 'status', ...connection });
  expect(status).toMatchObject({ exitCode: 0, outputs: { status: 'Active' } });
  expect(status.summary).toContain('acme/app');
  const rules = await rig.action({ operation: 'rules' });
  expect(rules.exitCode).toBe(0);
  expect(rules.summary).toMatch(/issue type/i);
});
