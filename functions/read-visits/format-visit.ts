/** Visits as the API represents them: times in the store's time zone, durations in seconds. */
import type { VisitListed } from '#contracts/http/visits.ts';
import { formatLocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { lengthMs } from '#domain/place/visits/intervals.ts';
import { type Journey, visitNameOf } from '#domain/place/visits/journey.ts';
import { dwellMsOf } from '#domain/place/visits/visit.ts';

const MS_PER_SECOND = 1_000;

/** Returns milliseconds as seconds. */
export const secondsOf = (ms: number): number => ms / MS_PER_SECOND;

/** Returns a formatter of instants in a time zone. */
export const clockOf =
  (timeZone: string) =>
  (instantMs: number): string =>
    formatLocalTime({ instantMs, offsetMinutes: offsetMinutesAt(instantMs, timeZone) });

/** Returns the fields that a visit has both in the list and by itself. */
export function formatVisit(journey: Journey, timeZone: string): Omit<VisitListed, 'zones'> {
  const { key, visit, isOpen, isAssisted, frequency } = journey;
  const clock = clockOf(timeZone);
  return {
    id: visitNameOf(journey),
    visitor: key.visitorId,
    number: visit.number,
    frequency,
    isStaff: visit.isStaff,
    counts: visit.counts,
    firstSeenAt: clock(visit.firstSeenAt.instantMs),
    lastSeenAt: clock(visit.lastSeenAtMs),
    isOpen,
    dwellSeconds: secondsOf(dwellMsOf(visit)),
    assisted: isAssisted,
  };
}

/** Returns the entries and seconds in each zone. */
export const zonesOf = ({ visit }: Journey) =>
  visit.zones.map(({ zoneId, intervals }) => ({
    zone: zoneId,
    entries: intervals.length,
    seconds: secondsOf(lengthMs(intervals)),
  }));
