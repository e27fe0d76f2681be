import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, not threads: the cache client changes the process's directory.
    pool: 'forks',
    // Vitest leaves one core to itself, which on a small runner is half of them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Properties and child processes on a slow or busy machine; nothing waits for this long by itself.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A skipped or focused test is a defect, here as in CI.
    allowOnly: false,
  },
});
