import type { SideName } from '../core/model.ts';
import type { Memory } from './memory.ts';

/** Times of issues are whole seconds, cut off. */
export const wholeSecondMs = 1_000;

/** So are `Date` headers: two times may differ by this much without a reason. */
export const clockGrainMs = 2 * wholeSecondMs;

/**
 * How far a side's clock is ahead of connection time, in milliseconds, by its newest `Date` header (sync-model.md, "Time").
 * Zero for the public side, whose time connection time is, and before the first answer.
 */
export function aheadMs(memory: Memory, side: SideName): number {
  if (side === 'public') return 0;
  const serverTime = memory.ports.sides[side].reader.serverTime();
  return serverTime === undefined ? 0 : serverTime - memory.ports.now();
}

/** A time that a side told, as connection time. */
export function toConnectionTime<T extends number | undefined>(memory: Memory, side: SideName, time: T): number | T {
  return time === undefined ? time : time - aheadMs(memory, side);
}

/** Connection time as a side's clock shows it. */
export function toServerTime(memory: Memory, side: SideName, time: number): number {
  return time + aheadMs(memory, side);
}
