/**
 * Counts of one door counter must not overlap, or a person who passed once is counted twice. A counter may report its running
 * total, though: the longer count from the same time replaces the shorter one, whichever arrives first.
 */
import { HOUR_MS } from '../../chain/duration.ts';
import type { Passage } from '../visits/sighting.ts';

/** A count is shown in the hour in which it began; a longer one would fill that hour with the people of others. */
export const PASSAGE_MS_MAX = HOUR_MS;

/** What a count adds to those before it in the log. */
export type DoorCount =
  /** The count, or what is left of it after the shorter one that it replaces. */
  | { readonly kind: 'counted'; readonly replaced: Pick<Passage, 'entered' | 'left'> | undefined }
  /** The same count, or a longer one from the same time, was counted before. */
  | { readonly kind: 'known' }
  | { readonly kind: 'conflict'; readonly reason: string };

/** Returns what a count of a sensor adds to the counts of the same sensor that were counted before it, in any order. */
export function doorCountOf(count: Passage, before: readonly Passage[]): DoorCount {
  const fromMs = count.startedAt.instantMs;
  const sameStart = before.filter(({ startedAt }) => startedAt.instantMs === fromMs);
  const longest = sameStart.reduce<Passage | undefined>(
    (one, other) => (one === undefined || other.endedAtMs > one.endedAtMs ? other : one),
    undefined,
  );
  const same = sameStart.find(({ endedAtMs }) => endedAtMs === count.endedAtMs);
  if (same !== undefined && (same.entered !== count.entered || same.left !== count.left)) {
    return { kind: 'conflict', reason: 'another count of the sensor has the same beginning and end' };
  }
  if (longest !== undefined && longest.endedAtMs >= count.endedAtMs) return { kind: 'known' };
  const isOverlapping = before.some(
    ({ startedAt, endedAtMs }) =>
      startedAt.instantMs !== fromMs && startedAt.instantMs < count.endedAtMs && endedAtMs > fromMs,
  );
  if (isOverlapping) return { kind: 'conflict', reason: 'it overlaps another count of the sensor' };
  return { kind: 'counted', replaced: longest && { entered: longest.entered, left: longest.left } };
}
