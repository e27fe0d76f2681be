import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, not threads: the cache client changes the process's directory.
    pool: 'forks',
    // Properties and child processes on a slow or busy machine; nothing waits for this long by itself.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A skipped or focused test is a defect, here as in CI.
    allowOnly: false,
  },
});
