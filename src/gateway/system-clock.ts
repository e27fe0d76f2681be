import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessClock } from './gateway.ts';

/** The clock of a real process: monotonic time, real waits, and randomness that is good enough for jitter. */
export function systemClock(): ProcessClock {
  return {
    monotonicMs: () => performance.now(),
    wait: async (durationMs) => {
      await delay(durationMs);
    },
    random: () => Math.random(),
    alarm: (durationMs, ring) => {
      const timer = setTimeout(ring, durationMs);
      return () => clearTimeout(timer);
    },
  };
}
