import { defineConfig } from 'vitest/config';

/** Tests over a real Redmine of Debian's packages (`npm run test:redmine`). Each file starts servers of its own. */
export default defineConfig({
  test: {
    include: ['test/redmine/**/*.redmine.ts'],
    pool: 'forks',
    // Two cores, and a server is a process beside each file.
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    allowOnly: false,
  },
});
