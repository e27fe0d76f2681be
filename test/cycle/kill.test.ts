import { expect, test } from 'vitest';
import { picture, recover, richWorld } from './rich-world.ts';
import { Killed } from './world.ts';

async function requestsOfRichCycle(): Promise<{ count: number; wanted: unknown }> {
  const world = await richWorld({ hard: true });
  const cycle = await world.cycle();
  expect(cycle.result.failures).toEqual([]);
  expect(cycle.result.conflicts.map(({ field, outcome }) => `${field} ${outcome}`).toSorted()).toEqual([
    'description public',
    'summary public',
  ]);
  const count = world.requests;
  await recover(world);
  return { count, wanted: picture(world) };
}

for (const loss of ['with its state', 'with its state lost, too'] as const) {
  test(`a process that dies at any request of a rich cycle with removals and conflicts, and runs again ${loss}, comes to the same end without a duplicate`, async () => {
    const { count, wanted } = await requestsOfRichCycle();
    expect(count).toBeGreaterThan(40);
    for (let killAt = 1; killAt <= count; killAt += 1) {
      const world = await richWorld({ hard: true });
      world.killAt = killAt;
      await expect(world.cycle(), `killed at request ${killAt}`).rejects.toThrow(Killed);
      world.killAt = undefined;
      if (loss !== 'with its state') world.states.clear();
      await recover(world);
      expect(picture(world), `killed at request ${killAt} of ${count}`).toEqual(wanted);
    }
  }, 300_000);
}
