import { expect, test } from 'vitest';
import { createRig, syncReport } from './rig.ts';
import { everything, expectInStep, expectNoWrite, expectQuiet, peopleWrite } from './scenario.ts';

const minuteMs = 60_000;

test('the action initiates, accepts and syncs both ways with its state in the cache service, and rebuilds a state that was evicted', async () => {
  const rig = await createRig();
  const connection = await rig.initiate();
  expect((await rig.action({ operation: 'status', ...connection })).outputs).toEqual(
    expect.objectContaining({ status: 'Pending' }),
  );
  const accepted = await rig.action({ operation: 'accept', ...connection });
  expect(accepted).toMatchObject({ exitCode: 0, stderr: '', outputs: { status: 'Active' } });

  peopleWrite(rig);
  const before = everything(rig);
  const plan = await rig.action({ operation: 'sync', 'dry-run': 'true', ...connection });
  expect(plan).toMatchObject({ exitCode: 0, outputs: { created: '9', 'plan-path': plan.outputs['report-path'] } });
  expect(everything(rig)).toEqual(before);
  expect(rig.cache.keys()).toEqual([]);

  const first = await rig.action({ operation: 'sync', ...connection });
  expect(first).toMatchObject({
    exitCode: 0,
    stderr: '',
    outputs: { status: 'Active', created: '9', failed: '0', deferred: '0' },
  });
  expect(first.summary).toContain('Cache never expires');
  expect(syncReport(first.report).cycles[0]?.result.twins).toBe(4);
  expectInStep(rig);
  expect(rig.cache.keys()).toHaveLength(1);

  // What was written in the last seconds is read once more, because servers tell times in whole seconds; then all is quiet.
  rig.clock.advance(minuteMs);
  const second = await rig.action({ operation: 'sync', ...connection });
  expect(second.exitCode).toBe(0);
  expectNoWrite(syncReport(second.report));
  rig.clock.advance(minuteMs);
  const third = await rig.action({ operation: 'sync', ...connection });
  expectQuiet(syncReport(third.report));
  expect(Number(third.outputs['requests-public']) + Number(third.outputs['requests-private'])).toBeLessThanOrEqual(4);

  rig.cache.evict();
  rig.clock.advance(20 * minuteMs);
  const rebuilt = await rig.action({ operation: 'sync', ...connection });
  expect(rebuilt).toMatchObject({ exitCode: 0, outputs: { created: '0', updated: '0', removed: '0' } });
  expect(rebuilt.summary).toMatch(/rebuilt/);
  expectInStep(rig);
  rig.clock.advance(minuteMs);
  expectQuiet(syncReport((await rig.action({ operation: 'sync', ...connection })).report));
});
