/**
 * Four kinds of tests, computed from what each file imports (test/support/test-kinds.ts), on the pinned Node. Tests that leave
 * no trace share a process with others: a process for each of two hundred files would load the same packages two hundred
 * times. `npm run test:quick` runs the kind that only decides.
 */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { kindOf, TEST_KINDS, type TestKind, testFiles } from './test/support/test-kinds.ts';

/** Left to itself Vitest would leave one of two cores idle. Three at once are no quicker, and starve those that look at pictures. */
const WORKERS = 2;
/** Files that wait for a cloud or a browser leave the cores idle half of the time. */
const WAITING_WORKERS = 3;

/** A face engine that waits for a core is a store with too few of them, which is another test: this one runs alone. */
const CROWD = 'test/chain/crowd.test.ts';

/** A whole cloud takes longest; begun last, it would be waited for alone. */
class WholeCloudsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isChain = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/chain/');
    const sorted = await super.sort(files);
    return [...sorted.filter(isChain), ...sorted.filter((file) => !isChain(file))];
  }
}

const all = testFiles().filter((file) => file !== CROWD);
const ofKind = (kind: TestKind): string[] => all.filter((file) => kindOf(file) === kind);
const isAlone = (kind: TestKind): boolean => kind === 'waiting' || kind === 'isolated';

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: WholeCloudsFirst },
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
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      ...TEST_KINDS.map((kind) => ({
        extends: true as const,
        test: {
          name: kind,
          include: ofKind(kind),
          isolate: isAlone(kind),
          ...(isAlone(kind) && { globalSetup: ['test/support/built.ts'], env: { AISLE_BUILT: '1' } }),
          maxWorkers: kind === 'waiting' ? WAITING_WORKERS : WORKERS,
          sequence: { groupOrder: kind === 'waiting' ? 1 : 2 },
        },
      })),
    ],
  },
});
