/**
 * Which stays of a track belong to whom. A sensor that restarts numbers its tracks from the beginning, so one number of a
 * day may be several bodies; a face on one of its pictures identifies the stay that the picture was taken in, and no other.
 *
 * Two faces on pictures of one stay contradict each other. Which of them is right cannot be decided, so the stay remains the
 * track's own.
 */
import type { VisitorId } from '../../chain/ids.ts';
import { type Interval, union } from './intervals.ts';
import { VISIT_GAP_MS_MAX } from './visit-gap.ts';
import { type Evidence, joinEvidence, NO_EVIDENCE, presenceOf, type SeenIntervals } from './visitor-day.ts';

/** A face that was recognised on a picture of a track. */
export interface TrackClaim {
  readonly into: VisitorId;
  /** An instant of the stay that the picture was taken in. */
  readonly atMs: number;
}

/**
 * Returns the evidence of a track by the visitor it belongs to; what was claimed by none, or by two, is the track's.
 *
 * @param claims visitors as they are known now, merged ones under their last id
 */
export function shareByVisitor(
  trackId: VisitorId,
  evidence: Evidence,
  claims: readonly TrackClaim[],
): Map<VisitorId, Evidence> {
  const shares = new Map<VisitorId, Evidence>();
  for (const stay of union(presenceOf(evidence).all, VISIT_GAP_MS_MAX)) {
    const visitors = new Set(claims.flatMap(({ into, atMs }) => (holds(stay, atMs) ? [into] : [])));
    const [only, second] = visitors;
    const visitorId = only === undefined || second !== undefined ? trackId : only;
    shares.set(visitorId, joinEvidence(shares.get(visitorId) ?? NO_EVIDENCE, evidenceWithin(evidence, stay)));
  }
  return shares;
}

const holds = ({ fromMs, toMs }: Interval, atMs: number): boolean => atMs >= fromMs && atMs <= toMs;

/** Returns the part of evidence within one stay. No interval reaches beyond its stay, whatever gaps were closed. */
function evidenceWithin(evidence: Evidence, stay: Interval): Evidence {
  const inside = (intervals: readonly Interval[]): Interval[] =>
    intervals.flatMap(({ fromMs, toMs }) => {
      const part = { fromMs: Math.max(fromMs, stay.fromMs), toMs: Math.min(toMs, stay.toMs) };
      return part.fromMs <= part.toMs ? [part] : [];
    });
  const seen = ({ tracked, snapshots }: SeenIntervals): SeenIntervals => ({
    tracked: inside(tracked),
    snapshots: inside(snapshots),
  });
  const zones = [...evidence.zones].flatMap(([zoneId, one]) => {
    const part = seen(one);
    return part.tracked.length + part.snapshots.length === 0 ? [] : [[zoneId, part] as const];
  });
  const counting = [...evidence.counting].flatMap(([leastMs, times]) => {
    const part = inside(times);
    return part.length === 0 ? [] : [[leastMs, part] as const];
  });
  return {
    nowhere: seen(evidence.nowhere),
    zones: new Map(zones),
    staff: inside(evidence.staff),
    counting: new Map(counting),
    extents: evidence.extents.filter((extent) => inside([extent]).length > 0),
    clocks: evidence.clocks,
    coarseness: evidence.coarseness,
  };
}
