/** Seeds the properties, so that a mutant is killed in every run or in none, and skips the search for a smaller example. */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_201, endOnFailure: true });
