import { expect } from 'vitest';
import { Killed } from './world.ts';
import type { World } from './world.ts';

/** A run that dies as soon as such a request was carried out: nothing that comes after it is sent. Its lease is over then. */
export async function dieAfter(world: World, isLast: (request: Request) => boolean): Promise<void> {
  world.onRequest = (index, request) => {
    if (isLast(request)) world.killAt = index;
  };
  await expect(world.cycle()).rejects.toThrow(Killed);
  world.onRequest = undefined;
  world.killAt = undefined;
  world.clock.advance(20 * 60_000);
}
