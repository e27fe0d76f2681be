import { expect, it } from 'vitest';
import { systemClock } from '../../src/gateway/system-clock.ts';

it('waits, moves on, rings alarms, and forgets those that were cancelled', async () => {
  const clock = systemClock();
  const start = clock.monotonicMs();
  let rung = '';
  const cancel = clock.alarm!(0, () => (rung += 'cancelled'));
  cancel();
  await new Promise<void>((resolve) => {
    clock.alarm!(0, () => {
      rung += 'rung';
      resolve();
    });
  });
  await clock.wait(0);
  expect(rung).toBe('rung');
  expect(clock.monotonicMs()).toBeGreaterThan(start);
  expect(clock.random()).toBeLessThan(1);
});
