/**
 * Whether sales may be divided by visitors: only where tills and sensors covered the same hours of the same store and day.
 * Sensors that began at noon saw none of the morning's buyers, and a day with more sales than visitors was not seen whole.
 */
import { HOUR_MS } from '../../chain/duration.ts';
import type { Cell, Counts } from './cell.ts';
import { coverageOf, type DataCoverage, VISITORS_MIN } from './kpis.ts';

/** Returns the hours of a day, by their beginning, in which something was sold and no visitor was seen. */
export function uncoveredHours({ soldHours, seenHours }: Pick<Cell, 'soldHours' | 'seenHours'>): string[] {
  // Cells of earlier releases hold no hours at all.
  if (soldHours === undefined || seenHours === undefined) return [];
  const before = (hour: string): string =>
    new Date(Date.parse(`${hour}:00Z`) - HOUR_MS).toISOString().slice(0, 16);
  // A customer who came in just before the hour may pay just after it.
  return [...soldHours].filter((hour) => !seenHours.has(hour) && !seenHours.has(before(hour))).sort();
}

/** Returns whether the sales of a store's day may be divided by its visitors, or why not. */
export function buyerCoverageOf(
  cell: Pick<Cell, 'counts' | 'soldHours' | 'seenHours'>,
): DataCoverage['buyers'] {
  const { transactions = 0n, visitors = 0n } = cell.counts;
  if (!coverageOf(cell.counts).visits) return false;
  if (uncoveredHours(cell).length > 0) return 'hours not covered';
  return transactions > visitors ? 'above one' : true;
}

/** What door counters, trackers and tills of a store counted in a time. */
export interface Crosscheck {
  readonly doorEntries: number;
  readonly visits: number;
  readonly transactions: number;
}

/** Door counters count groups and staff a little differently; beyond a third, one of the two is wrong. */
const DISAGREEMENT_MIN = { numerator: 1n, denominator: 3n } as const;

/**
 * Returns the numbers of a store's devices where they do not fit together: the door's entries and the tracker's visits differ
 * by more than a third, or more was sold than either saw. Undefined where they fit, or are too few to compare.
 */
export function sensorsDisagree(counts: Counts): Crosscheck | undefined {
  const { doorIn = 0n, bodies = 0n, visitors = 0n, transactions = 0n } = counts;
  const { doors, visits } = coverageOf(counts);
  const largest = [doorIn, bodies, transactions].reduce((a, b) => (a > b ? a : b));
  if (largest < VISITORS_MIN) return undefined;
  const difference = doorIn > bodies ? doorIn - bodies : bodies - doorIn;
  const more = doorIn > bodies ? doorIn : bodies;
  const isApart =
    doors && visits && difference * DISAGREEMENT_MIN.denominator > more * DISAGREEMENT_MIN.numerator;
  const isOversold = (doors && transactions > doorIn) || (visits && transactions > visitors);
  return isApart || isOversold
    ? { doorEntries: Number(doorIn), visits: Number(bodies), transactions: Number(transactions) }
    : undefined;
}
