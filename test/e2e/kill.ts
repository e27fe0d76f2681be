import { join } from 'node:path';
import { expect } from 'vitest';
import type { Received } from './rig.ts';
import { createRig, syncReport } from './rig.ts';
import { expectInStep, expectNoWrite, peopleWrite, sides } from './scenario.ts';

const minuteMs = 60_000;

/** The request after whose effect the process is killed. */
export interface KillPoint {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
}

function isAt(point: KillPoint, request: Received): boolean {
  return request.method === point.method && point.path.test(new URL(request.url).pathname);
}

/**
 * For each point in turn: people write on both sides, the action is killed (SIGKILL) there, and runs again once the dead
 * run's lease has ended and once a copy that it made must have come to light. Both sides then hold everything once.
 */
export async function expectNoDuplicate(points: readonly KillPoint[]): Promise<void> {
  const rig = await createRig();
  const connection = { ...(await rig.initiate()), operation: 'sync', state: join(rig.directory, 'state') };
  let issues = 0;
  for (const [index, point] of points.entries()) {
    peopleWrite(rig, `Round ${index + 1}: `);
    issues += 4;
    rig.killWhen = (request) => isAt(point, request);
    const dead = await rig.action(connection);
    rig.killWhen = undefined;
    expect(dead.exitCode, `killed at ${point.name}`).toBeUndefined();
    if (index === 0) expect((await rig.action(connection)).exitCode, 'while the lease of the dead run lives').toBe(4);
    for (const pause of [4 * minuteMs, 16 * minuteMs]) {
      rig.clock.advance(pause);
      expect(await rig.action(connection), `after ${point.name}`).toMatchObject({ exitCode: 0, outputs: { failed: '0' } });
    }
    expect(sides(rig).jira, `after ${point.name}`).toHaveLength(issues);
    expectInStep(rig);
  }
  rig.clock.advance(minuteMs);
  expectNoWrite(syncReport((await rig.action(connection)).report));
}
