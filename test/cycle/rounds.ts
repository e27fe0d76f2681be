import type { World } from './world.ts';

const minuteMs = 60_000;

/** Cycles twenty minutes apart, and what they told: changes, conflicts and failures as lines. */
export async function rounds(world: World, count: number, more = {}) {
  const told: string[] = [];
  for (let round = 0; round < count; round += 1) {
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle(more);
    told.push(
      ...result.changes.map(({ side, what, action }) => `${side} ${what} ${action}`),
      ...result.conflicts.map(({ field, outcome }) => `conflict ${field} ${outcome}`),
      ...result.failures.map(({ what }) => `failed ${what}`),
    );
  }
  return told;
}
