/**
 * The tests run on the pinned Node, in forked processes: Lambda bundles and servers must not share a heap. What only decides
 * has nothing to share, and is not given a process for each file. The crowd before a camera needs the machine to itself: a
 * face engine that waits for a core is a store with too few of them, which is another test.
 */
import { defineConfig } from 'vitest/config';

const CROWD = ['test/chain/crowd.test.ts'];
const DECIDING = ['test/domain/**/*.test.ts', 'test/contracts/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Left to itself it would leave one of two cores idle. Three at once are no quicker, and starve those that look at pictures.
    maxWorkers: 2,
    globalSetup: ['test/support/built.ts'],
    env: { AISLE_BUILT: '1' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'crowd', include: CROWD, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: { name: 'deciding', include: DECIDING, isolate: false, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'all else',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: [...CROWD, ...DECIDING],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
