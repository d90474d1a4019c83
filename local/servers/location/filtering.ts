/**
 * Which positions a tracker keeps, and which it holds against the fences that are linked to it.
 *
 * One that filters by time holds each against the fences and keeps one per half minute. The others do with a position that has not
 * moved far enough nothing at all: a phone on a shop's edge whose place flickers then neither leaves nor enters. Far enough is
 * reckoned from the position that was kept before it, in the order of sample times.
 */
import { distanceM } from '#domain/place/fence.ts';
import type { DeviceUpdate } from './device-update.ts';
import { MOVED_M_MIN, STORED_EVERY_MS } from './limits.ts';

export type Filtering = 'TimeBased' | 'DistanceBased' | 'AccuracyBased';

export interface Neighbours {
  /** The kept position that was sampled at the same time or before. */
  readonly before: DeviceUpdate | undefined;
  /** The kept position that was sampled after, where this one comes late. */
  readonly following: DeviceUpdate | undefined;
}

interface Passed {
  readonly isStored: boolean;
  readonly isEvaluated: boolean;
}

export function filtered(
  filtering: Filtering,
  update: DeviceUpdate,
  { before, following }: Neighbours,
): Passed {
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
