/** Visits as they are told: times on the store's clock, lengths in seconds. */
import type { VisitListed } from '#contracts/http/visits.ts';
import { formatLocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { lengthMs } from '#domain/place/visits/intervals.ts';
import { type Journey, visitNameOf } from '#domain/place/visits/journey.ts';
import { dwellMsOf } from '#domain/place/visits/visit.ts';

const MS_PER_SECOND = 1_000;

export const secondsOf = (ms: number): number => ms / MS_PER_SECOND;

export const clockOf =
  (timeZone: string) =>
  (instantMs: number): string =>
    formatLocalTime({ instantMs, offsetMinutes: offsetMinutesAt(instantMs, timeZone) });

/** What stands of a visit in the list and on its own page alike. */
export function formatVisit(journey: Journey, timeZone: string): Omit<VisitListed, 'zones'> {
  const { key, visit, isOpen, isAssisted, frequency } = journey;
  const clock = clockOf(timeZone);
  return {
    id: visitNameOf(journey),
    visitor: key.visitorId,
    number: visit.number,
    frequency,
    isStaff: visit.isStaff,
    firstSeenAt: clock(visit.firstSeenAt.instantMs),
    lastSeenAt: clock(visit.lastSeenAtMs),
    isOpen,
    dwellSeconds: secondsOf(dwellMsOf(visit)),
    assisted: isAssisted,
  };
}

/** How often and how long in each zone. */
export const zonesOf = ({ visit }: Journey) =>
  visit.zones.map(({ zoneId, intervals }) => ({
    zone: zoneId,
    entries: intervals.length,
    seconds: secondsOf(lengthMs(intervals)),
  }));
