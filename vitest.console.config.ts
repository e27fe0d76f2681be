import { defineConfig } from 'vitest/config';

/** Tests in headless Chromium of Debian's package (`npm run test:console`). Each spawns servers of its own. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.console.ts'],
    pool: 'forks',
    // Two cores, and a browser is several processes.
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 180_000,
    allowOnly: false,
  },
});
