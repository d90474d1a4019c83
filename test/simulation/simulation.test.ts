import { describe, expect, it } from 'vitest';
import { FAULTS, noFaults } from './faults.ts';
import { RECIPES } from './recipes.ts';
import { simulate } from './simulate.ts';

/** `npm run simulate -- --seeds 10000` runs the long form of the first promise. */
const SEEDS = 40;
const CONTROL_SEEDS = 8;
const FAIR_SEEDS = 5;

const seedsUpTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('counting under seeded faults', () => {
  it(`is exact in every cell on ${SEEDS} seeds, and every kind of fault fired`, {
    timeout: 180_000,
  }, async () => {
    const faults = noFaults();
    const wrong: string[] = [];
    for (const seed of seedsUpTo(SEEDS)) {
      const outcome = await simulate(seed);
      expect(outcome.cells).toBeGreaterThan(0);
      for (const fault of FAULTS) faults[fault] += outcome.faults[fault];
      if (outcome.differences.length > 0)
        wrong.push(`npm run simulate -- --seed ${seed}: ${outcome.differences[0]}`);
    }
    expect(wrong).toEqual([]);
    expect(FAULTS.filter((fault) => faults[fault] === 0)).toEqual([]);
  });

  it.each(RECIPES.filter((recipe) => recipe !== 'ours'))(
    'catches the recipe "%s" as wrong',
    async (recipe) => {
      const outcomes = await Promise.all(seedsUpTo(CONTROL_SEEDS).map((seed) => simulate(seed, recipe)));
      expect(outcomes.filter(({ differences }) => differences.length > 0).length).toBe(CONTROL_SEEDS);
    },
  );

  it.each(RECIPES)('finds nothing wrong with "%s" where nothing goes wrong', async (recipe) => {
    const outcomes = await Promise.all(seedsUpTo(FAIR_SEEDS).map((seed) => simulate(seed, recipe, 'fair')));
    expect(outcomes.flatMap(({ differences }) => differences)).toEqual([]);
  });

  it('gives the same world for the same seed', async () => {
    expect(await simulate(7)).toEqual(await simulate(7));
  });
});
