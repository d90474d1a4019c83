/**
 * Who came in together. A family of four is one decision to buy: where each of them is counted, three of four always leave
 * with nothing. So the trade counts groups beside heads (批次客流).
 *
 * Nobody reports a group. Two shoppers are taken for one where they came in within moments of each other and then were in
 * the same zones for half of the time; strangers who follow each other through a door part at the first shelf. The first
 * of a group leads it and everybody else follows somebody, so counting those who lead counts groups.
 */
import type { GroupRole, Visit } from './visit.ts';
import type { VisitorId } from '../../chain/ids.ts';
import { lengthMs, overlapMs } from './intervals.ts';

/** Whoever comes in later than this behind another came by themselves: three seconds are four metres of walking. */
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

/** What a visit is among those of others who came in around the same moment; undefined for staff. */
export function groupRoleOf(
  visitorId: VisitorId,
  visit: Visit,
  others: readonly Shopper[],
): GroupRole | undefined {
  if (visit.isStaff) return undefined;
  const isFollowing = others.some(
    (other) =>
      other.visitorId !== visitorId &&
      other.visits.some(
        (one) => !one.isStaff && isBehind(visit, visitorId, one, other.visitorId) && areTogether(visit, one),
      ),
  );
  return isFollowing ? 'companion' : 'leader';
}
