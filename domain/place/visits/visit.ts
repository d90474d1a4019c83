/**
 * A visit is one visitor's time in one store, from the first moment to the last. Nobody reports one: it is what the
 * evidence of a stay comes to, and it is taken anew each time, so that a sighting which comes late, twice or out of
 * order gives what it would have given in time.
 *
 * Somebody who is back within a quarter of an hour has not been away: the trade counts that as one visit.
 */
import type { LocalTime } from '../../chain/business-day.ts';
import type { VisitorId, ZoneId } from '../../chain/ids.ts';

import { type Interval, lengthMs, longestOverlapMs, union } from './intervals.ts';
import { userOfVisitor } from './sighting.ts';
import { type DayPresence, evidenceOfDay, offsetAt, presenceOf, type VisitorDay } from './visitor-day.ts';

/** Campaigns further apart than this belong to two visits. */
export const VISIT_GAP_MS_MAX = 15 * 60_000;

/** Staff and shopper who pass each other are not in talk; after this long in one zone they are taken to be. */
export const ASSISTED_OVERLAP_MS_MIN = 5_000;

/** `unknown` for staff, and for a track, which nobody knows the next day. */
export const VISIT_FREQUENCIES = ['first', 'second', 'regular', 'unknown'] as const;
export type VisitFrequency = (typeof VISIT_FREQUENCIES)[number];

/** Time in one zone during a visit. Each stretch is one entry. */
export interface ZoneTime {
  readonly zoneId: ZoneId;
  readonly intervals: readonly Interval[];
}

export interface Visit {
  /** Which visit of that visitor on that day in that store, from 1, by its beginning. */
  readonly number: number;
  readonly firstSeenAt: LocalTime;
  readonly lastSeenAtMs: number;
  readonly isStaff: boolean;
  /** By zone id; empty where it touched no zone. */
  readonly zones: readonly ZoneTime[];
}

/** A visit as the figures see it. */
export interface VisitSummary {
  readonly number: number;
  readonly firstSeenAt: LocalTime;
  readonly lastSeenAtMs: number;
  readonly isClosed: boolean;
  readonly isStaff: boolean;
  readonly isAssisted: boolean;
  readonly frequency: VisitFrequency;
  /** Absent for staff, and for as long as the visit goes on. */
  readonly groupRole?: GroupRole;
  readonly zones: ReadonlyArray<{ readonly zoneId: ZoneId; readonly entries: number; readonly ms: number }>;
}

/** The visits of a stay, in the order of their beginnings. */
export function visitsOf(stay: VisitorDay): Visit[] {
  const evidence = evidenceOfDay(stay);
  const presence = presenceOf(evidence);
  return union(presence.all, VISIT_GAP_MS_MAX).map(({ fromMs, toMs }, index) => ({
    number: index + 1,
    firstSeenAt: { instantMs: fromMs, offsetMinutes: offsetAt(evidence, fromMs) },
    lastSeenAtMs: toMs,
    isStaff: evidence.isStaff,
    zones: [...presence.zones].flatMap(([zoneId, all]) => {
      const intervals = all.filter((one) => one.fromMs >= fromMs && one.toMs <= toMs);
      return intervals.length === 0 ? [] : [{ zoneId, intervals }];
    }),
  }));
}

export const dwellMsOf = ({ firstSeenAt, lastSeenAtMs }: Visit): number =>
  lastSeenAtMs - firstSeenAt.instantMs;

/** The zones in the order in which they were entered; a zone that was left and entered again stands there again. */
export const pathOf = ({ zones }: Visit): Array<{ readonly zoneId: ZoneId } & Interval> =>
  zones
    .flatMap(({ zoneId, intervals }) => intervals.map((interval) => ({ zoneId, ...interval })))
    .sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs || (a.zoneId < b.zoneId ? -1 : 1));

/** The moment from which a visit is over, if nothing more is heard. */
export const closesAtMs = ({ lastSeenAtMs }: Visit): number => lastSeenAtMs + VISIT_GAP_MS_MAX + 1;

/** Whether so long has passed that whoever comes in again is on another visit. */
export const isClosed = (visit: Visit, nowMs: number): boolean => nowMs >= closesAtMs(visit);

/** Whether the visitor can be told apart from others on another day. */
export const isRecognisable = (visitorId: VisitorId): boolean => userOfVisitor(visitorId) !== undefined;

/** As many earlier visits as make any difference. */
export const EARLIER_VISITS_MAX = 2;

/** What a visitor is to the chain, by the number of their visits before this one. */
export const visitFrequencyOf = (earlierVisits: number): VisitFrequency =>
  earlierVisits === 0 ? 'first' : earlierVisits === 1 ? 'second' : 'regular';

/** Whether somebody of the staff stood with the shopper in one zone at one time, for long enough to be of use. */
export const isAssisted = (visit: Visit, staff: readonly DayPresence[]): boolean =>
  !visit.isStaff &&
  staff.some((one) =>
    visit.zones.some(
      ({ zoneId, intervals }) =>
        longestOverlapMs(intervals, one.zones.get(zoneId) ?? []) >= ASSISTED_OVERLAP_MS_MIN,
    ),
  );

/** What cannot be told from the visit alone. */
export interface VisitContext {
  readonly isClosed: boolean;
  readonly isAssisted: boolean;
  readonly frequency: VisitFrequency;
  readonly groupRole?: GroupRole | undefined;
}

/** A visit for the figures. While it is open its zones are still growing and are not told. */
export const summaryOf = (
  visit: Visit,
  { isClosed, isAssisted, frequency, groupRole }: VisitContext,
): VisitSummary => ({
  number: visit.number,
  firstSeenAt: visit.firstSeenAt,
  lastSeenAtMs: visit.lastSeenAtMs,
  isClosed,
  isStaff: visit.isStaff,
  isAssisted: isClosed && isAssisted,
  frequency: visit.isStaff ? 'unknown' : frequency,
  ...(isClosed && !visit.isStaff && groupRole !== undefined ? { groupRole } : {}),
  zones: isClosed
    ? visit.zones.map(({ zoneId, intervals }) => ({
        zoneId,
        entries: intervals.length,
        ms: lengthMs(intervals),
      }))
    : [],
});

export const GROUP_ROLES = ['leader', 'companion'] as const;

export type GroupRole = (typeof GROUP_ROLES)[number];
