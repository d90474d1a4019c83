/** The tests run on the pinned Node, in forked processes: Lambda bundles and servers must not share a heap. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    pool: 'forks',
    // Of two cores one would be left idle; tests that wait for a clock of each minute leave theirs to others.
    maxWorkers: 3,
    globalSetup: ['test/support/built.ts'],
    env: { AISLE_BUILT: '1' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
