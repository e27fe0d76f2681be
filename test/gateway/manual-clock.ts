import type { ProcessClock } from '../../src/gateway/gateway.ts';

export interface ManualClock extends ProcessClock {
  /** What was waited for, in order. */
  readonly waits: number[];
  /** Moves time on and rings the alarms that fall due. */
  advance(durationMs: number): void;
  readonly armed: () => number;
}

/** Time that moves only by `wait`, at once, and by `advance`. */
export function createManualClock(random: () => number = () => 0): ManualClock {
  let now = 0;
  const waits: number[] = [];
  const alarms = new Map<() => void, number>();
  function advance(durationMs: number): void {
    now += durationMs;
    for (const [ring, at] of alarms) {
      if (at > now) continue;
      alarms.delete(ring);
      ring();
    }
  }
  return {
    waits,
    advance,
    armed: () => alarms.size,
    monotonicMs: () => now,
    random,
    wait: async (durationMs) => {
      waits.push(durationMs);
      advance(durationMs);
    },
    alarm: (durationMs, ring) => {
      const own = (): void => ring();
      alarms.set(own, now + durationMs);
      return () => alarms.delete(own);
    },
  };
}
