/**
 * Position filtering of a tracker, as Amazon Location documents it.
 *
 * TimeBased evaluates every position and stores one per 30 seconds. DistanceBased and AccuracyBased neither
 * store nor evaluate a position that has not moved far enough from the stored one before it, in the order of
 * sample times; so a phone at the edge of a geofence whose position jitters causes no events.
 */
import { distanceM } from '#domain/place/geo/geofence.ts';
import type { DeviceUpdate } from './device-update.ts';
import { MOVED_M_MIN, STORED_EVERY_MS } from './limits.ts';

export type Filtering = 'TimeBased' | 'DistanceBased' | 'AccuracyBased';

export interface Neighbours {
  /** The stored position sampled at the same time or before. */
  readonly before: DeviceUpdate | undefined;
  /** The stored position sampled after, if this one arrives late. */
  readonly following: DeviceUpdate | undefined;
}

interface Filtered {
  readonly isStored: boolean;
  readonly isEvaluated: boolean;
}

/** Returns whether a tracker stores a position and evaluates it against geofences. */
export function applyFilter(
  filtering: Filtering,
  update: DeviceUpdate,
  { before, following }: Neighbours,
): Filtered {
  if (filtering === 'TimeBased') {
    const isStored = [before, following].every(
      (other) => other === undefined || Math.abs(other.sampledAtMs - update.sampledAtMs) >= STORED_EVERY_MS,
    );
    return { isStored, isEvaluated: true };
  }
  const movedM = before === undefined ? Number.POSITIVE_INFINITY : distanceM(before, update);
  const isMoved =
    movedM >
    (filtering === 'DistanceBased' ? MOVED_M_MIN : (before?.accuracyM ?? 0) + (update.accuracyM ?? 0));
  return { isStored: isMoved, isEvaluated: isMoved };
}
