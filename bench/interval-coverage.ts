/**
 * Measures how often a 95 % confidence interval of the lift in sales covers the true lift, by number of buyers. Two arms with
 * nine tenths of all customers in the pushed one; 10 % of the holdout and 12 % of the pushed customers buy; log-normal tickets
 * of three spreads. Compares Welch's t, which the campaign report uses, with Hall's transformation, which corrects for
 * skewness.
 *
 *   npm run bench:coverage
 *
 * @see P. Hall, 1992, Journal of the Royal Statistical Society B 54, 221–228; for two samples X.-H. Zhou and P. Dinh, 2005,
 * Biostatistics 6, 187–200.
 */
import { type Estimate, type SampleSums, tQuantile, welch } from '#domain/campaigns/confidence-intervals.ts';
import { machine, seededRandom } from './support.ts';

const SEED = 15;
const BUYERS_HELD_OUT = [20, 50, 100, 500];
const SPREADS = [0.5, 1, 1.5];
const HELD_OUT_BUY = 0.1;
const PUSHED_BUY = 0.12;
const PUSHED_PER_HELD_OUT = 9;
const MEAN_OF_LOGS = 4;
const AMOUNTS_PER_UNIT = 10_000;
/** Customers drawn per row of the table, within the bounds on the rounds. */
const DRAWS = 20_000_000;
/** At least as many rounds as give the first decimal of the percentage. */
const ROUNDS_MIN = 1_000;
const ROUNDS_MAX = 4_000;

const random = seededRandom(SEED);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

interface Arm {
  readonly sums: SampleSums;
  readonly mean: number;
  readonly variance: number;
  /** Third central moment. */
  readonly third: number;
}

function armOf(n: number, share: number, spread: number): Arm {
  let [s1, s2, s3, sum, sumOfSquares] = [0, 0, 0, 0n, 0n];
  for (let i = 0; i < n; i++) {
    if (random() >= share) continue;
    const amount = Math.round(Math.exp(MEAN_OF_LOGS + spread * normal()) * AMOUNTS_PER_UNIT);
    s1 += amount;
    s2 += amount ** 2;
    s3 += amount ** 3;
    sum += BigInt(amount);
    sumOfSquares += BigInt(amount) ** 2n;
  }
  const mean = s1 / n;
  return {
    sums: { n, sum, sumOfSquares },
    mean,
    variance: (s2 - n * mean ** 2) / (n - 1),
    third: s3 / n - (3 * mean * s2) / n + 2 * mean ** 3,
  };
}

/** Returns the interval whose ends are transformed by the inverse of Hall's cubic of the studentised difference. */
function hall(a: Arm, b: Arm): Pick<Estimate, 'low' | 'high'> {
  const [errorA, errorB] = [a.variance / a.sums.n, b.variance / b.sums.n];
  const error = Math.sqrt(errorA + errorB);
  const skewness = (a.third / a.sums.n ** 2 - b.third / b.sums.n ** 2) / error ** 3;
  const freedom = (errorA + errorB) ** 2 / (errorA ** 2 / (a.sums.n - 1) + errorB ** 2 / (b.sums.n - 1));
  const t = tQuantile(freedom);
  const inverse = (x: number): number =>
    Math.abs(skewness) < 1e-9 ? x : (3 / skewness) * (Math.cbrt(1 + skewness * (x - skewness / 6)) - 1);
  const difference = a.mean - b.mean;
  return { low: difference - error * inverse(t), high: difference - error * inverse(-t) };
}

const percent = (count: number, total: number): string =>
  `${((100 * count) / total).toFixed(1).padStart(5)} %`;

console.log(`${machine()}, seed ${SEED}\n`);
console.log('buyers in holdout    σ   rounds    Welch   reported too high     Hall   times as wide');
for (const buyers of BUYERS_HELD_OUT) {
  const heldOut = buyers / HELD_OUT_BUY;
  const pushed = heldOut * PUSHED_PER_HELD_OUT;
  const rounds = Math.min(ROUNDS_MAX, Math.max(ROUNDS_MIN, Math.round(DRAWS / (heldOut + pushed))));
  for (const spread of SPREADS) {
    const ticket = Math.exp(MEAN_OF_LOGS + spread ** 2 / 2) * AMOUNTS_PER_UNIT;
    const truth = (PUSHED_BUY - HELD_OUT_BUY) * ticket;
    let [covered, tooHigh, coveredByHall, width, widthOfHall] = [0, 0, 0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      const [a, b] = [armOf(pushed, PUSHED_BUY, spread), armOf(heldOut, HELD_OUT_BUY, spread)];
      const plain = welch(a.sums, b.sums);
      const corrected = hall(a, b);
      if (plain.low <= truth && truth <= plain.high) covered++;
      if (truth < plain.low) tooHigh++;
      if (corrected.low <= truth && truth <= corrected.high) coveredByHall++;
      width += plain.high - plain.low;
      widthOfHall += corrected.high - corrected.low;
    }
    console.log(
      `${String(buyers).padStart(15)}   ${spread.toFixed(1).padStart(4)}   ${String(rounds).padStart(6)}   ${percent(covered, rounds)}             ${percent(tooHigh, rounds)}   ${percent(coveredByHall, rounds)}            ${(widthOfHall / width).toFixed(2)}`,
    );
  }
}
