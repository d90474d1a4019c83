/**
 * 95 % confidence intervals of proportions, means and their differences. The inputs are exact counts; the results are
 * estimates in doubles, with the range that chance alone may account for.
 */

/** The normal distribution's 97.5th percentile. */
const Z = 1.959963984540054;

/** A value with its 95 % confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** `count` of `of`. */
export interface Proportion {
  readonly count: number;
  /** Above 0. */
  readonly of: number;
}

/** Returns a proportion as a number from 0 to 1. */
export const shareOf = ({ count, of }: Proportion): number => count / of;

/**
 * Computes the interval of a proportion by Wilson's score method without continuity correction (E. B. Wilson, 1927, JASA 22, 209–212; method 3 of R. G.
 * Newcombe, 1998, Statistics in Medicine 17, 857–872). It stays within 0 and 1 and does not shrink to a point at either.
 */
export function wilson({ count, of }: Proportion): Estimate {
  const value = count / of;
  const spread = Z * Math.sqrt(Z * Z + 4 * count * (1 - value));
  const scale = 2 * (of + Z * Z);
  return {
    value,
    // At the ends the roots are exactly 0 and 1, which rounding would miss.
    low: count === 0 ? 0 : (2 * count + Z * Z - spread) / scale,
    high: count === of ? 1 : (2 * count + Z * Z + spread) / scale,
  };
}

/**
 * Computes the interval of the difference of two proportions, the first less the second, by the hybrid score method (R. G.
 * Newcombe, 1998, Statistics in Medicine 17, 873–890, method 10): the Wilson limits of both, combined as the legs of a
 * right triangle.
 */
export function newcombe(a: Proportion, b: Proportion): Estimate {
  const [first, second] = [wilson(a), wilson(b)];
  const value = first.value - second.value;
  return {
    value,
    low: value - Math.hypot(first.value - first.low, second.high - second.value),
    high: value + Math.hypot(first.high - first.value, second.value - second.low),
  };
}

/** A sample of n values, reduced to their sum and the sum of their squares. */
export interface SampleSums {
  /** Above 1. */
  readonly n: number;
  readonly sum: bigint;
  readonly sumOfSquares: bigint;
}

interface MeanAndError {
  readonly n: number;
  readonly mean: number;
  /** The squared standard error: the sample variance over n. */
  readonly error: number;
}

/** The variance is computed in whole numbers, because the difference of two large sums of squares cancels in doubles. */
function meanAndErrorOf({ n, sum, sumOfSquares }: SampleSums): MeanAndError {
  const of = BigInt(n);
  const variance = Number(of * sumOfSquares - sum * sum) / (n * (n - 1));
  return { n, mean: Number(sum) / n, error: variance / n };
}

const symmetric = (value: number, margin: number): Estimate => ({
  value,
  low: value - margin,
  high: value + margin,
});

/** Computes the interval of a mean by Student's t, in the unit of the values. */
export function meanOf(sums: SampleSums): Estimate {
  const { n, mean, error } = meanAndErrorOf(sums);
  return symmetric(mean, tQuantile(n - 1) * Math.sqrt(error));
}

/**
 * Computes the interval of the difference of two means, the first less the second, by Welch's t (B. L. Welch, 1947,
 * Biometrika 34, 28–35) with Satterthwaite's degrees of freedom.
 *
 * Money has a heavy tail: most customers spend nothing and a few spend much. Where the smaller arm has few buyers, its
 * mean and its error are both too small, and the interval covers less than 95 %, with nearly all misses on one side: the
 * reported lift is too high. With one buyer in ten, nine tenths of all in one arm and log-normal tickets (σ = 1) it covers
 * 91 % with 20 buyers in the smaller arm and 93 % with 50; with σ = 1.5, 87 % and 90 % (`npm run bench:coverage`). Hence
 * `BUYERS_MIN` in `campaign-report.ts`, and decision 15. A purchase larger than any observed one is beyond any interval.
 */
export function welch(a: SampleSums, b: SampleSums): Estimate {
  const [first, second] = [meanAndErrorOf(a), meanAndErrorOf(b)];
  const error = first.error + second.error;
  const freedom =
    error === 0
      ? first.n + second.n - 2
      : error ** 2 / (first.error ** 2 / (first.n - 1) + second.error ** 2 / (second.n - 1));
  return symmetric(first.mean - second.mean, tQuantile(freedom) * Math.sqrt(error));
}

/**
 * Computes the 97.5th percentile of Student's t by its expansion in powers of 1 ÷ ν (Abramowitz & Stegun, 26.7.5). Exact to
 * five digits from 10 degrees of freedom on, far fewer than any arm has here.
 */
export function tQuantile(freedom: number): number {
  const [x, x3, x5, x7, x9] = [Z, Z ** 3, Z ** 5, Z ** 7, Z ** 9];
  const g1 = (x3 + x) / 4;
  const g2 = (5 * x5 + 16 * x3 + 3 * x) / 96;
  const g3 = (3 * x7 + 19 * x5 + 17 * x3 - 15 * x) / 384;
  const g4 = (79 * x9 + 776 * x7 + 1482 * x5 - 1920 * x3 - 945 * x) / 92_160;
  return x + g1 / freedom + g2 / freedom ** 2 + g3 / freedom ** 3 + g4 / freedom ** 4;
}
