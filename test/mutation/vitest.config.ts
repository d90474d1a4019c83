/** The tests that mutants are run against: those that mirror the folders under mutation, with the same random values in every run. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/domain/**/*.test.ts', 'test/application/**/*.test.ts'],
    setupFiles: ['test/mutation/setup.ts'],
    isolate: false,
    // An endless loop is a mutant that is killed; nothing here takes seconds otherwise.
    testTimeout: 15_000,
  },
});
