/** A bound on how many tasks run at once for each key; the others wait in the order in which they came. */
export interface Slots {
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
}

export function createSlots(countPerKey: number): Slots {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();

  async function acquire(key: string): Promise<void> {
    const count = running.get(key) ?? 0;
    if (count < countPerKey) {
      running.set(key, count + 1);
      return;
    }
    await new Promise<void>((resolve) => {
      waiting.set(key, [...(waiting.get(key) ?? []), resolve]);
    });
  }

  function release(key: string): void {
    const [next, ...others] = waiting.get(key) ?? [];
    if (next === undefined) {
      running.set(key, (running.get(key) ?? 1) - 1);
      return;
    }
    // The slot passes to the next task without becoming free, so that a newcomer cannot overtake.
    if (others.length > 0) waiting.set(key, others);
    else waiting.delete(key);
    next();
  }

  return {
    async run(key, task) {
      await acquire(key);
      try {
        return await task();
      } finally {
        release(key);
      }
    },
  };
}
