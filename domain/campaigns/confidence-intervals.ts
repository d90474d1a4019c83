/**
 * Intervals of 95 % around what was counted. They are doubles and estimates: what goes in is exact, what comes out says how
 * far chance alone may have moved it.
 */

/** The normal distribution's 97.5th percentile. */
const Z = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Estimate extends Interval {
  readonly value: number;
}

/** So many of so many. */
export interface Count {
  readonly count: number;
  /** Above 0. */
  readonly of: number;
}

export const shareOf = ({ count, of }: Count): number => count / of;

/**
 * A share, by Wilson's score method without continuity correction (E. B. Wilson, 1927, JASA 22, 209–212; method 3 of R. G.
 * Newcombe, 1998, Statistics in Medicine 17, 857–872). It keeps within 0 and 1 and does not shrink to a point at either.
 */
export function wilson({ count, of }: Count): Estimate {
  const value = count / of;
  const spread = Z * Math.sqrt(Z * Z + 4 * count * (1 - value));
  const scale = 2 * (of + Z * Z);
  return {
    value,
    // At the ends the roots are 0 and 1, which rounding would miss by a hair.
    low: count === 0 ? 0 : (2 * count + Z * Z - spread) / scale,
    high: count === of ? 1 : (2 * count + Z * Z + spread) / scale,
  };
}

/**
 * The difference of two shares, the first less the second, by the hybrid score method (R. G. Newcombe, 1998, Statistics in
 * Medicine 17, 873–890, method 10): each share's Wilson limits, put together as the sides of a right angle.
 */
export function newcombe(a: Count, b: Count): Estimate {
  const [first, second] = [wilson(a), wilson(b)];
  const value = first.value - second.value;
  return {
    value,
    low: value - Math.hypot(first.value - first.low, second.high - second.value),
    high: value + Math.hypot(first.high - first.value, second.value - second.low),
  };
}

/** Values of so many, of which only these sums are kept; both in the square of the same unit. */
export interface Sums {
  /** Above 1. */
  readonly n: number;
  readonly sum: bigint;
  readonly sumOfSquares: bigint;
}

interface Campaigns {
  readonly n: number;
  readonly mean: number;
  /** Of the mean: the sample's variance over n. */
  readonly error: number;
}

/** The variance is taken in whole numbers, because the difference of two large sums of squares is what doubles lose. */
function momentsOf({ n, sum, sumOfSquares }: Sums): Campaigns {
  const of = BigInt(n);
  const variance = Number(of * sumOfSquares - sum * sum) / (n * (n - 1));
  return { n, mean: Number(sum) / n, error: variance / n };
}

const around = (value: number, reach: number): Estimate => ({
  value,
  low: value - reach,
  high: value + reach,
});

/** A mean, by Student's t. */
export function meanOf(sums: Sums): Estimate {
  const { n, mean, error } = momentsOf(sums);
  return around(mean, tQuantile(n - 1) * Math.sqrt(error));
}

/**
 * The difference of two means, the first less the second, by Welch's t (B. L. Welch, 1947, Biometrika 34, 28–35) with
 * Satterthwaite's degrees of freedom.
 *
 * Money has a heavy tail: most people spend nothing and a few spend much. Where the smaller arm has few buyers, its mean and
 * its error are too small together, and the interval covers less than it says, with nearly all misses on one side: the
 * lift told too high. With one buyer in ten, nine tenths of all in one arm and log-normal tickets (σ = 1) it covers 91 %
 * with 20 buyers in the smaller arm and 93 % with 50; with σ = 1.5, 87 % and 90 % (`npm run bench:coverage`). Hence
 * `BUYERS_MIN` in proof.ts, and decision 15. Nor does anything here know of a purchase larger than any there was.
 */
export function welch(a: Sums, b: Sums): Estimate {
  const [first, second] = [momentsOf(a), momentsOf(b)];
  const error = first.error + second.error;
  const freedom =
    error === 0
      ? first.n + second.n - 2
      : error ** 2 / (first.error ** 2 / (first.n - 1) + second.error ** 2 / (second.n - 1));
  return around(first.mean - second.mean, tQuantile(freedom) * Math.sqrt(error));
}

/**
 * The 97.5th percentile of Student's t, by its expansion in powers of 1 ÷ ν (Abramowitz & Stegun, 26.7.5). Good to five
 * digits from 10 degrees of freedom on, which is far fewer than any arm has here.
 */
export function tQuantile(freedom: number): number {
  const [x, x3, x5, x7, x9] = [Z, Z ** 3, Z ** 5, Z ** 7, Z ** 9];
  const g1 = (x3 + x) / 4;
  const g2 = (5 * x5 + 16 * x3 + 3 * x) / 96;
  const g3 = (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / 384;
  const g4 = (79 * x9 + 776 * x7 + 1482 * x5 - 1920 * x3 - 945 * x) / 92_160;
  return x + g1 / freedom + g2 / freedom ** 2 + g3 / freedom ** 3 + g4 / freedom ** 4;
}
