/**
 * Group counting: which visitors came in together. Sensors do not report groups.
 *
 * Two shoppers form a group where they came in within seconds of each other and then shared zones for half
 * of the time; strangers who follow each other through a door separate at the first shelf. The first visitor
 * of a group is its leader and the others are companions, so the number of leaders is the number of groups.
 */

import type { VisitorId } from '../../chain/ids.ts';
import { lengthMs, overlapMs } from './intervals.ts';
import { type GroupRole, isShopper, type Visit } from './visit.ts';

/** A visitor who comes in later than this behind another came alone: three seconds are four metres of walking. */
export const ARRIVAL_GAP_MS_MAX = 3_000;

/** A shopper's visits of one day in one store. */
export interface Shopper {
  readonly visitorId: VisitorId;
  readonly visits: readonly Visit[];
}

/** Whether one visit came in just behind another one. Of two that began in one moment, the ids say which. */
function isBehind(one: Visit, oneId: VisitorId, other: Visit, otherId: VisitorId): boolean {
  const laterMs = one.firstSeenAt.instantMs - other.firstSeenAt.instantMs;
  return laterMs === 0 ? otherId < oneId : laterMs > 0 && laterMs <= ARRIVAL_GAP_MS_MAX;
}

/** Whether two visits share half of the zone time of the shorter one; where one touched no zone, nothing speaks against it. */
function areTogether(one: Visit, other: Visit): boolean {
  const zonedMs = ({ zones }: Visit): number =>
    zones.reduce((sum, { intervals }) => sum + lengthMs(intervals), 0);
  const shared = one.zones.reduce((sum, { zoneId, intervals }) => {
    const there = other.zones.find((zone) => zone.zoneId === zoneId);
    return there === undefined ? sum : sum + overlapMs(intervals, there.intervals);
  }, 0);
  return 2 * shared >= Math.min(zonedMs(one), zonedMs(other));
}

/**
 * Returns a visit's role among the visits of shoppers who came in at about the same time; undefined for
 * staff, and for what is not counted as a visitor.
 */
export function groupRoleOf(
  visitorId: VisitorId,
  visit: Visit,
  others: readonly Shopper[],
): GroupRole | undefined {
  if (!isShopper(visit)) return undefined;
  const isFollowing = others.some(
    (other) =>
      other.visitorId !== visitorId &&
      other.visits.some(
        (one) =>
          isShopper(one) && isBehind(visit, visitorId, one, other.visitorId) && areTogether(visit, one),
      ),
  );
  return isFollowing ? 'companion' : 'leader';
}
