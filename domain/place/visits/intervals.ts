/**
 * Stretches of time in which somebody was somewhere, as lists that are sorted and do not touch.
 *
 * A list is a set of moments and not a record of reports: two sensors that saw the same minute leave one minute. A
 * stretch may have no length, since somebody seen for a moment was there all the same.
 */

/** Both ends belong to it; `toMs` ≥ `fromMs`. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The union of stretches, given in any order, with gaps of at most `bridgeMs` closed. Of 0, only what overlaps or
 * touches is made one. Bridging what is bridged already, with whatever more, is the same as bridging all at once.
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

/** How long all stretches of a list last together. */
export const lengthMs = (intervals: readonly Interval[]): number =>
  intervals.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);

/** How long the stretches are that lie in both lists, in turn. */
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

/** The longest stretch that lies in both lists; 0 where they share a moment at most. */
export const longestOverlapMs = (a: readonly Interval[], b: readonly Interval[]): number =>
  Math.max(0, ...overlaps(a, b));

/** How long all stretches together are that lie in both lists. */
export const overlapMs = (a: readonly Interval[], b: readonly Interval[]): number =>
  overlaps(a, b).reduce((sum, ms) => sum + ms, 0);

export const equalIntervals = (a: readonly Interval[], b: readonly Interval[]): boolean =>
  a.length === b.length &&
  a.every(({ fromMs, toMs }, index) => fromMs === b[index]?.fromMs && toMs === b[index]?.toMs);

/** The part of a list up to a moment. */
export const clippedTo = (intervals: readonly Interval[], endMs: number): Interval[] =>
  intervals.flatMap(({ fromMs, toMs }) => (fromMs > endMs ? [] : [{ fromMs, toMs: Math.min(toMs, endMs) }]));
