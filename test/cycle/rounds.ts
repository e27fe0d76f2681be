import type { CycleResult } from '../../src/core/result.ts';
import type { World } from './world.ts';

const minuteMs = 60_000;

/** What a cycle told: changes, conflicts and failures as lines. */
export function linesOf({ changes, conflicts, failures }: CycleResult): readonly string[] {
  return [
    ...changes.map(({ side, what, action }) => `${side} ${what} ${action}`),
    ...conflicts.map(({ field, outcome }) => `conflict ${field} ${outcome}`),
    ...failures.map(({ what }) => `failed ${what}`),
  ];
}

/** Cycles twenty minutes apart, and what they told. */
export async function rounds(world: World, count: number, more = {}) {
  const told: string[] = [];
  for (let round = 0; round < count; round += 1) {
    world.clock.advance(20 * minuteMs);
    const { result } = await world.cycle(more);
    told.push(...linesOf(result));
  }
  return told;
}

/** One cycle, and what it told, or the error that ended it. */
export async function roundOrError(world: World): Promise<readonly string[]> {
  return rounds(world, 1).catch((error: unknown) => [String(error)]);
}
