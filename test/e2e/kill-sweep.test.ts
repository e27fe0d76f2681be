import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectConverged, expectNothingLeft } from './converged.ts';
import { performHere } from './in-process.ts';
import { editRichly, expectedTwins, laterText, mergedText, seedOldTwins } from './kill-sweep-scenario.ts';
import type { ExpectedTwin } from './kill-sweep-scenario.ts';
import { createRig } from './rig.ts';
import type { Rig } from './rig.ts';

const minuteMs = 60_000;
const pointCount = 50;
/** A run waits for seconds until its writes have settled, in which others have the processor. */
const laneCount = 3;

interface Point {
  /** From 0 to 1: where in the run's requests it is killed. */
  readonly at: number;
  readonly stateIsLost: boolean;
  /** The runs after it: behind the dead run's lease at once, or only once its creations must have come to light. */
  readonly pausesMs: readonly number[];
}

const points: readonly Point[] = Array.from({ length: pointCount }, (_, index) => ({
  at: index / (pointCount - 1),
  stateIsLost: index % 4 === 1,
  pausesMs: index % 4 === 1 || index % 8 === 3 ? [4 * minuteMs, 16 * minuteMs] : [20 * minuteMs],
}));

/** Both sides before the run that is killed, the action's inputs, and its state's folder. */
async function ready() {
  const rig = await createRig();
  const state = join(rig.directory, 'state');
  const connection = { operation: 'sync', ...(await seedOldTwins(rig, state)) };
  editRichly(rig);
  rig.received.length = 0;
  return { rig, state, connection };
}

/** How many requests the run makes if nobody kills it; it comes to the same end. */
async function requestsOfRun(): Promise<number> {
  const { rig, connection } = await ready();
  expect(await rig.action(connection)).toMatchObject({ exitCode: 0, outputs: { failed: '0' } });
  const count = rig.received.length;
  await expectConverged(rig, expectedTwins, 'after a whole run');
  expectNothingLeft(rig, 'after a whole run');
  return count;
}

async function expectRecovery(point: Point, requests: number): Promise<void> {
  const { rig, state, connection } = await ready();
  // Twins are settled side by side, so that a run may make a request or two more or less than another.
  const killAt = Math.max(1, Math.round(point.at * requests) - Math.floor(4 * point.at));
  const when = `killed after request ${killAt} of about ${requests}${point.stateIsLost ? ', state lost' : ''}`;
  let answered = 0;
  rig.killWhen = () => {
    answered += 1;
    return answered === killAt;
  };
  expect((await rig.action(connection)).exitCode, when).toBeUndefined();
  rig.killWhen = undefined;
  if (point.stateIsLost) await rm(state, { recursive: true });
  for (const pauseMs of point.pausesMs) {
    rig.clock.advance(pauseMs);
    expect(await rig.action(connection), when).toMatchObject({ exitCode: 0, outputs: { failed: '0' } });
  }
  await expectConverged(rig, point.stateIsLost ? withoutMerge(rig) : expectedTwins, when);
  await expectQuietRun(rig, connection, when);
  // Not before: a run that finds the lease of one that died leaves its intents to the next (src/operations/commit.ts).
  expectNothingLeft(rig, when);
}

/**
 * The text that a merge starts from is in the state alone. Where it is lost before the merge, the later edit wins (Basic
 * rule 6), and the other is in the report.
 */
function withoutMerge(rig: Rig): readonly ExpectedTwin[] {
  const merged = rig.jira.people.issues().some((issue) => issue.descriptionText.includes('Last by GitHub.'));
  return expectedTwins.map((twin) => (twin.text === mergedText && !merged ? { ...twin, text: laterText } : twin));
}

async function expectQuietRun(rig: Rig, connection: Parameters<typeof performHere>[1], when: string): Promise<void> {
  rig.clock.advance(minuteMs);
  const outcome = await performHere(rig, connection);
  expect(outcome, when).toMatchObject({ kind: 'synced', cycles: [{ requests: { writes: { public: 0, private: 0 } } }] });
}

test(`the action, killed at any of ${pointCount} points of a rich run, comes to the same end without duplicate, loss or leftover`, async () => {
  const requests = await requestsOfRun();
  expect(requests).toBeGreaterThan(2 * pointCount);
  const queue = points.values();
  const lane = async (): Promise<void> => {
    for (const point of queue) await expectRecovery(point, requests);
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
}, 900_000);
