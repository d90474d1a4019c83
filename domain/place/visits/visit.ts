/**
 * A visit is one visitor's time in one store, from the first sighting to the last. Sensors do not report
 * visits: a visit is derived from the evidence of a visitor day, again at each change, so that a sighting
 * which comes late, twice or out of order yields the same visits as in time.
 *
 * A visitor who returns within a quarter of an hour has not left: the trade counts one visit.
 */
import type { LocalTime } from '../../chain/business-day.ts';
import type { VisitorId, ZoneId } from '../../chain/ids.ts';
import { type Interval, lengthMs, longestOverlapMs, union } from './intervals.ts';
import { isStaffUser, userOfVisitor } from './sighting.ts';
import { isStill } from './stillness.ts';
import { VISIT_GAP_MS_MAX } from './visit-gap.ts';
import {
  type DayPresence,
  type Evidence,
  evidenceOfDay,
  offsetAt,
  presenceOf,
  type VisitorDay,
} from './visitor-day.ts';

/** Staff and shoppers who pass each other do not talk; after this long in one zone the visit counts as assisted. */
export const ASSISTED_OVERLAP_MS_MIN = 5_000;

/** `unknown` for staff, and for a track, which cannot be recognised the next day. */
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
  /** Whether figures count it as a visitor; `zones` where no sensor that counts has seen it for long enough. */
  readonly counts: VisitCounting;
  /** By zone id; empty where it touched no zone. */
  readonly zones: readonly ZoneTime[];
}

/**
 * `visitor`; `zones`: seen by sensors that only give zones, or for less than the least length of a track; `still`: a
 * poster, a screen or a mannequin, which counts nowhere.
 */
export const VISIT_COUNTING = ['visitor', 'zones', 'still'] as const;
export type VisitCounting = (typeof VISIT_COUNTING)[number];

/** A visit as the figures see it. */
export interface VisitSummary {
  readonly number: number;
  readonly firstSeenAt: LocalTime;
  readonly lastSeenAtMs: number;
  readonly isClosed: boolean;
  readonly isStaff: boolean;
  readonly isAssisted: boolean;
  /** `visitor` where absent. */
  readonly counts?: Exclude<VisitCounting, 'visitor'>;
  readonly frequency: VisitFrequency;
  /** Absent for staff, and for as long as the visit goes on. */
  readonly groupRole?: GroupRole;
  readonly zones: ReadonlyArray<{ readonly zoneId: ZoneId; readonly entries: number; readonly ms: number }>;
}

/** Returns the visits of a visitor day, in the order of their beginnings. */
export function visitsOf(stay: VisitorDay): Visit[] {
  const evidence = evidenceOfDay(stay);
  const presence = presenceOf(evidence);
  return union(presence.all, VISIT_GAP_MS_MAX).map(({ fromMs, toMs }, index) => ({
    number: index + 1,
    firstSeenAt: { instantMs: fromMs, offsetMinutes: offsetAt(evidence, fromMs) },
    lastSeenAtMs: toMs,
    isStaff: isStaffWithin(stay.visitorId, evidence, { fromMs, toMs }),
    counts: countingWithin(evidence, { fromMs, toMs }),
    zones: [...presence.zones].flatMap(([zoneId, all]) => {
      const intervals = all.filter((one) => one.fromMs >= fromMs && one.toMs <= toMs);
      return intervals.length === 0 ? [] : [{ zoneId, intervals }];
    }),
  }));
}

const meets = (a: Interval, b: Interval): boolean => a.fromMs <= b.toMs && b.fromMs <= a.toMs;

/** A user is one body all day long. The number of a track may be given to another body later: there each stay counts for itself. */
const isStaffWithin = (visitorId: VisitorId, { staff }: Evidence, stay: Interval): boolean =>
  isStaffUser(visitorId) ||
  (userOfVisitor(visitorId) === undefined ? staff.some((one) => meets(one, stay)) : staff.length > 0);

function countingWithin({ counting, extents }: Evidence, stay: Interval): VisitCounting {
  if (isStill(extents.filter((extent) => meets(extent, stay)))) return 'still';
  const isCounted = [...counting].some(
    ([leastMs, times]) => stay.toMs - stay.fromMs >= leastMs && times.some((one) => meets(one, stay)),
  );
  return isCounted ? 'visitor' : 'zones';
}

/** Returns whether figures count a visit as one of a shopper. */
export const isShopper = ({ isStaff, counts }: Pick<Visit, 'isStaff' | 'counts'>): boolean =>
  !isStaff && counts === 'visitor';

/** Returns when a visitor was present as a member of staff, in total and by zone; empty for a shopper. */
export function staffPresenceOf(stay: VisitorDay): DayPresence {
  const visits = visitsOf(stay).filter(({ isStaff }) => isStaff);
  const zones = new Map<ZoneId, Interval[]>();
  for (const { zoneId, intervals } of visits.flatMap((visit) => visit.zones)) {
    zones.set(zoneId, [...(zones.get(zoneId) ?? []), ...intervals]);
  }
  const all = visits.map(({ firstSeenAt, lastSeenAtMs }) => ({
    fromMs: firstSeenAt.instantMs,
    toMs: lastSeenAtMs,
  }));
  return { all, zones };
}

/** Returns the length of a visit in milliseconds. */
export const dwellMsOf = ({ firstSeenAt, lastSeenAtMs }: Visit): number =>
  lastSeenAtMs - firstSeenAt.instantMs;

/**
 * Returns the zones of a visit in the order of entry; a zone that was left and entered again appears again.
 */
export const pathOf = ({ zones }: Visit): Array<{ readonly zoneId: ZoneId } & Interval> =>
  zones
    .flatMap(({ zoneId, intervals }) => intervals.map((interval) => ({ zoneId, ...interval })))
    .sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs || (a.zoneId < b.zoneId ? -1 : 1));

/** Returns the instant from which a visit is over, if no further sighting comes. */
export const closesAtMs = ({ lastSeenAtMs }: Visit): number => lastSeenAtMs + VISIT_GAP_MS_MAX + 1;

/** Returns whether a visit is over: the next sighting would begin another one. */
export const isClosed = (visit: Visit, nowMs: number): boolean => nowMs >= closesAtMs(visit);

/** Returns whether a visitor can be recognised on another day. */
export const isRecognisable = (visitorId: VisitorId): boolean => userOfVisitor(visitorId) !== undefined;

/** As many earlier visits as make any difference. */
export const EARLIER_VISITS_MAX = 2;

/** Returns first, second or regular by the number of visits before this one. */
export const visitFrequencyOf = (earlierVisits: number): VisitFrequency =>
  earlierVisits === 0 ? 'first' : earlierVisits === 1 ? 'second' : 'regular';

/** Returns whether a member of staff was in one zone with the shopper for long enough to help. */
export const isAssisted = (visit: Visit, staff: readonly DayPresence[]): boolean =>
  !visit.isStaff &&
  staff.some((one) =>
    visit.zones.some(
      ({ zoneId, intervals }) =>
        longestOverlapMs(intervals, one.zones.get(zoneId) ?? []) >= ASSISTED_OVERLAP_MS_MIN,
    ),
  );

/** What a summary needs beyond the visit itself. */
export interface VisitContext {
  readonly isClosed: boolean;
  readonly isAssisted: boolean;
  readonly frequency: VisitFrequency;
  readonly groupRole?: GroupRole | undefined;
}

/** Returns a visit as figures count it. The zones of an open visit still grow and are left out. */
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
  ...(visit.counts === 'visitor' ? {} : { counts: visit.counts }),
  frequency: visit.isStaff || visit.counts === 'still' ? 'unknown' : frequency,
  ...(isClosed && isShopper(visit) && groupRole !== undefined ? { groupRole } : {}),
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
