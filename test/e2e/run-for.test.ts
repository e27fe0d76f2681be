import { expect, test } from 'vitest';
import { createRig, syncReport } from './rig.ts';

test('run-for repeats cycles within one job, poll apart', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  const end = await rig.action({ operation: 'sync', ...connection, 'run-for': '25s', poll: '5s' });
  expect(end).toMatchObject({ exitCode: 0, outputs: { status: 'Active', failed: '0' } });
  expect(syncReport(end.report).cycles.length).toBeGreaterThan(1);
});
