/**
 * Four kinds of tests, computed from what each file imports (test/support/test-kinds.ts), on the pinned Node. Tests that leave
 * no trace share a process with others: a process for each of two hundred files would load the same packages two hundred
 * times. `npm run test:quick` runs the kind that only decides.
 *
 * A project's name decides when it runs: in alphabetical order, so that the long waits of whole clouds come first.
 */
import { defineConfig } from 'vitest/config';
import { kindOf, TEST_KINDS, type TestKind, testFiles } from './test/support/test-kinds.ts';

/** A face engine that waits for a core is a store with too few of them, which is another test: this one runs alone. */
const CROWD = 'test/chain/crowd.test.ts';

const all = testFiles().filter((file) => file !== CROWD);
const ofKind = (kind: TestKind): string[] => all.filter((file) => kindOf(file) === kind);
const isAlone = (kind: TestKind): boolean => kind === 'cloud' || kind === 'isolated';

export default defineConfig({
  test: {
    pool: 'forks',
    // Left to itself it would leave one of two cores idle. Three at once are no quicker, and starve those that look at pictures.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['domain/**/*.ts', 'application/**/*.ts', 'functions/**/*.ts', 'contracts/**/*.ts'],
      reporter: ['text'],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'crowd',
          include: [CROWD],
          globalSetup: ['test/support/built.ts'],
          env: { AISLE_BUILT: '1' },
          sequence: { groupOrder: 0 },
        },
      },
      ...TEST_KINDS.map((kind) => ({
        extends: true as const,
        test: {
          name: kind,
          include: ofKind(kind),
          isolate: isAlone(kind),
          ...(isAlone(kind) && { globalSetup: ['test/support/built.ts'], env: { AISLE_BUILT: '1' } }),
          sequence: { groupOrder: 1 },
        },
      })),
    ],
  },
});
