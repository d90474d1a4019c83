/**
 * Dwell time that one forgotten track cannot distort: a cap on what a visit adds to the mean, and the median beside it.
 *
 * A median cannot be summed over stores and days, classes of lengths can. The median is read from them, taken as evenly
 * spread within the class: to half a minute for short visits, to some minutes for long ones.
 */
import { HOUR_MS, MINUTE_MS } from '../../chain/duration.ts';
import { type Counts, DWELL_COUNTERS } from './cell.ts';

/** A longer stay is of a body that the sensor lost, or took a thing for; the mean takes it at this length. */
export const DWELL_MS_MAX = 3 * HOUR_MS;

/** The upper end of each class, exclusive; what is longer is in the last one. */
export const DWELL_CLASSES_MS: readonly number[] = [0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60, 120, 180].map(
  (minutes) => minutes * MINUTE_MS,
);

/** Returns the median length of the ended visits, in milliseconds; undefined where none has ended. */
export function medianDwellMs(counts: Counts): bigint | undefined {
  const sizes = DWELL_COUNTERS.map((name) => counts[name] ?? 0n);
  const total = sizes.reduce((sum, size) => sum + size, 0n);
  if (total <= 0n) return undefined;
  let below = 0n;
  for (const [place, size] of sizes.entries()) {
    if (size > 0n && 2n * (below + size) >= total) {
      const fromMs = BigInt(DWELL_CLASSES_MS[place - 1] ?? 0);
      const toMs = BigInt(DWELL_CLASSES_MS[place] ?? DWELL_MS_MAX);
      return fromMs + ((toMs - fromMs) * (total - 2n * below)) / (2n * size);
    }
    below += size;
  }
  return undefined;
}
