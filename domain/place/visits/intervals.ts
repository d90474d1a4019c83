/**
 * Sets of instants as lists of intervals, sorted and neither overlapping nor touching.
 *
 * A list is a set and not a record of reports: two sensors that saw the same minute yield one minute. An
 * interval may have no length, since a visitor seen at a single instant was present.
 */
/** Both ends belong to it; `toMs` ≥ `fromMs`. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Returns the union of intervals, given in any order, with gaps of at most `bridgeMs` closed. With 0, only
 * overlapping or touching intervals are joined. Bridging again, with more intervals added, equals bridging
 * all at once.
 */
export function union(intervals: readonly Interval[], bridgeMs = 0): Interval[] {
  const sorted = [...intervals].sort((a, b) => a.fromMs - b.fromMs);
  const joined: Interval[] = [];
  for (const interval of sorted) {
    const last = joined.at(-1);
    if (last === undefined || interval.fromMs - last.toMs > bridgeMs) joined.push(interval);
    else if (interval.toMs > last.toMs) joined[joined.length - 1] = { ...last, toMs: interval.toMs };
  }
  return joined;
}

/** Returns the total length of all intervals of a list, in milliseconds. */
export const lengthMs = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** The lengths of the intersections of two lists, in order of time. */
function overlaps(a: readonly Interval[], b: readonly Interval[]): number[] {
  const shared: number[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [a[i], b[j]];
    if (one === undefined || other === undefined) return shared;
    shared.push(Math.max(0, Math.min(one.toMs, other.toMs) - Math.max(one.fromMs, other.fromMs)));
    if (one.toMs < other.toMs) i++;
    else j++;
  }
}

/**
 * Returns the length of the longest intersection of two lists in milliseconds; 0 where they share at most
 * one instant.
 */
export const longestOverlapMs = (a: readonly Interval[], b: readonly Interval[]): number =>
  Math.max(0, ...overlaps(a, b));

/** Returns the total length of the intersection of two lists, in milliseconds. */
export const overlapMs = (a: readonly Interval[], b: readonly Interval[]): number =>
  overlaps(a, b).reduce((sum, ms) => sum + ms, 0);

/** Returns whether two lists hold the same intervals. */
export const equalIntervals = (a: readonly Interval[], b: readonly Interval[]): boolean =>
  a.length === b.length &&
  a.every(({ fromMs, toMs }, index) => fromMs === b[index]?.fromMs && toMs === b[index]?.toMs);

/** Returns the part of a list up to and including `endMs`. */
export const clippedTo = (intervals: readonly Interval[], endMs: number): Interval[] =>
  intervals.flatMap(({ fromMs, toMs }) => (fromMs > endMs ? [] : [{ fromMs, toMs: Math.min(toMs, endMs) }]));
