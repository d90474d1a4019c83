import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Estimate,
  meanOf,
  newcombe,
  type Proportion,
  type SampleSums,
  shareOf,
  tQuantile,
  welch,
  wilson,
} from '#domain/campaigns/confidence-intervals.ts';

const rounded = ({ low, high }: Estimate): readonly number[] =>
  [low, high].map((one) => Number(one.toFixed(4)));

/** Values in tenths, as whole numbers. */
const sumsOf = (values: readonly number[]): SampleSums => {
  const tenths = values.map((value) => BigInt(Math.round(value * 10)));
  return {
    n: values.length,
    sum: tenths.reduce((a, b) => a + b, 0n),
    sumOfSquares: tenths.reduce((a, b) => a + b * b, 0n),
  };
};

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const count: fc.Arbitrary<Proportion> = fc
  .integer({ min: 1, max: 100_000 })
  .chain((of) => fc.integer({ min: 0, max: of }).map((so) => ({ count: so, of })));

describe('the interval of a proportion', () => {
  // Newcombe 1998, Statistics in Medicine 17, 857–872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('is the published one for %i of %i', (so, of, low, high) => {
    expect(rounded(wilson({ count: so, of }))).toEqual([low, high]);
  });

  it('contains the proportion, stays within 0 and 1, and mirrors its complement', () => {
    fc.assert(
      fc.property(count, (one) => {
        const { value, low, high } = wilson(one);
        expect(value).toBe(shareOf(one));
        expect(0 <= low && low <= value && value <= high && high <= 1).toBe(true);
        const mirror = wilson({ count: one.of - one.count, of: one.of });
        expect(mirror.low).toBeCloseTo(1 - high, 10);
        expect(mirror.high).toBeCloseTo(1 - low, 10);
      }),
    );
  });

  it('is narrower for a larger n', () => {
    fc.assert(
      fc.property(count, (one) => {
        const [few, many] = [wilson(one), wilson({ count: one.count * 4, of: one.of * 4 })];
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      }),
    );
  });
});

describe('the interval of a difference of proportions', () => {
  // Newcombe 1998, Statistics in Medicine 17, 873–890, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('is the published one for %i/%i − %i/%i', (a, ofA, b, ofB, low, high) => {
    expect(rounded(newcombe({ count: a, of: ofA }, { count: b, of: ofB }))).toEqual([low, high]);
  });

  it('contains the difference, stays within −1 and 1, and changes its sign when the sides are swapped', () => {
    fc.assert(
      fc.property(count, count, (a, b) => {
        const { value, low, high } = newcombe(a, b);
        expect(value).toBeCloseTo(shareOf(a) - shareOf(b), 12);
        expect(-1 - 1e-12 <= low && low <= value && value <= high && high <= 1 + 1e-12).toBe(true);
        const turned = newcombe(b, a);
        expect(turned.low).toBeCloseTo(-high, 10);
        expect(turned.high).toBeCloseTo(-low, 10);
      }),
    );
  });
});

describe('the interval of means', () => {
  // "Student" 1908: hours of sleep gained by two drugs. The interval is that of R's own example, t.test(extra ~ group, data = sleep).
  const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

  it('is Welch’s for the published example', () => {
    const { value, low, high } = welch(sumsOf(FIRST), sumsOf(SECOND));
    expect(value / 10).toBeCloseTo(-1.58, 12);
    expect(low / 10).toBeCloseTo(-3.3654832, 5);
    expect(high / 10).toBeCloseTo(0.2054832, 5);
  });

  // Tables of Student's t, 97.5 %.
  it.each([
    [10, 2.22814],
    [25, 2.05954],
    [100, 1.98397],
    [120, 1.97993],
    [1_000, 1.96234],
  ])('uses the tabulated t of %i degrees of freedom', (freedom, t) => {
    expect(tQuantile(freedom)).toBeCloseTo(t, 4);
  });

  it('is a point where all values are equal, and is exact beyond the precision of doubles', () => {
    const same = { n: 100, sum: 500n, sumOfSquares: 2_500n };
    expect(meanOf(same)).toEqual({ value: 5, low: 5, high: 5 });
    expect(welch(same, same)).toEqual({ value: 0, low: 0, high: 0 });
    const offset = 10n ** 12n;
    const far = (sums: SampleSums): SampleSums => ({
      n: sums.n,
      sum: sums.sum + BigInt(sums.n) * offset,
      sumOfSquares: sums.sumOfSquares + 2n * offset * sums.sum + BigInt(sums.n) * offset * offset,
    });
    const near = welch(sumsOf(FIRST), sumsOf(SECOND));
    const moved = welch(far(sumsOf(FIRST)), far(sumsOf(SECOND)));
    expect(moved.high - moved.low).toBeCloseTo(near.high - near.low, 9);
  });
});

describe('the coverage in a seeded simulation', () => {
  const random = seeded(19_982);
  const binomial = (of: number, share: number): Proportion => {
    let so = 0;
    for (let i = 0; i < of; i++) if (random() < share) so++;
    return { count: so, of };
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const SPREAD = 1;
  const spenders = (n: number, share: number): SampleSums => {
    let [sum, sumOfSquares] = [0n, 0n];
    for (let i = 0; i < n; i++) {
      if (random() >= share) continue;
      const amount = BigInt(Math.round(Math.exp(4 + SPREAD * normal()) * 10_000));
      sum += amount;
      sumOfSquares += amount * amount;
    }
    return { n, sum, sumOfSquares };
  };
  const covers = ({ low, high }: Estimate, truth: number): boolean => low <= truth && truth <= high;
  const shareCovered = (rounds: number, draw: () => boolean): number => {
    let covered = 0;
    for (let round = 0; round < rounds; round++) if (draw()) covered++;
    return covered / rounds;
  };

  it.each([
    [900, 0.12, 100, 0.1],
    [900, 0.02, 100, 0.01],
    [200, 0.5, 200, 0.3],
  ])('is 95 % for the difference of proportions of %i at %f and %i at %f', (n, p, m, q) => {
    const covered = shareCovered(1_500, () => covers(newcombe(binomial(n, p), binomial(m, q)), p - q));
    expect(covered).toBeGreaterThan(0.935);
  });

  it('is nearly 95 % for the difference of money from fifty buyers an arm on', () => {
    const meanOfTickets = Math.exp(4 + SPREAD ** 2 / 2) * 10_000;
    const covered = shareCovered(400, () =>
      covers(welch(spenders(4_500, 0.12), spenders(500, 0.1)), 0.02 * meanOfTickets),
    );
    expect(covered).toBeGreaterThan(0.91);
  });
});
