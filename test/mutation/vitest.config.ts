/** The tests that mutants are run against: those of the mutated folders and of the functions that only decide. */
import { defineConfig } from 'vitest/config';
import { kindOf, testFiles } from '../support/test-kinds.ts';

const isOfMutated = (file: string): boolean => /^test\/(?:domain|application|functions)\//.test(file);

export default defineConfig({
  test: {
    include: testFiles().filter((file) => isOfMutated(file) && kindOf(file) === 'quick'),
    setupFiles: ['test/mutation/setup.ts'],
    isolate: false,
    // An endless loop is a mutant that is killed; nothing here takes seconds otherwise.
    testTimeout: 15_000,
  },
});
