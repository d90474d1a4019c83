/**
 * A visits query → the visitor days of the store's day → a page of visits, the newest first.
 *
 * Visits are derived and not stored, and one visitor day may hold several; so the whole day is read for each page. A busy
 * day is some thousand rows of one or two kilobytes.
 */
import type { StoredVisitorDay, VisitStore } from '#application/ports/visit-store.ts';
import { formatCursor, type VisitsQuery, type VisitsResponse } from '#contracts/http/visits.ts';
import type { Store } from '#domain/chain/store.ts';
import { type Journey, journeysOf, pageOf } from '#domain/place/visits/journey.ts';
import { staffPresenceOf } from '#domain/place/visits/visit.ts';
import type { DayPresence } from '#domain/place/visits/visitor-day.ts';
import { clockOf, formatVisit, zonesOf } from './format-visit.ts';

export interface ReadVisitsPorts {
  readonly visits: Pick<VisitStore, 'ofDay' | 'staffOfDay'>;
  readonly nowMs: () => number;
}

/** Returns the presence of staff on the day. */
export const staffIn = (visitorDays: readonly StoredVisitorDay[]): DayPresence[] =>
  visitorDays.map(({ visitorDay }) => staffPresenceOf(visitorDay));

/** Returns the visits of a visitor day. A revision that is still pending is newer than the last published one. */
export const journeysIn = (
  { visitorDay, pending, published }: StoredVisitorDay,
  staff: readonly DayPresence[],
  nowMs: number,
): Journey[] => journeysOf(visitorDay, pending?.after ?? published, staff, nowMs);

/** Collects all items. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Returns a page of a store's visits. */
export async function readVisits(
  ports: ReadVisitsPorts,
  { store: storeId, day, open, limit, cursor }: VisitsQuery,
  store: Pick<Store, 'timeZone'>,
): Promise<VisitsResponse> {
  const nowMs = ports.nowMs();
  const staffDays = await collect(ports.visits.staffOfDay(storeId, day));
  const staff = staffIn(staffDays);
  const journeys = staffDays.flatMap((stored) => journeysIn(stored, staff, nowMs));
  for await (const stored of ports.visits.ofDay(storeId, day)) {
    journeys.push(...journeysIn(stored, staff, nowMs));
  }
  const selected = open ? journeys.filter(({ isOpen }) => isOpen) : journeys;
  const { page, next } = pageOf(selected, limit, cursor);
  return {
    store: storeId,
    day,
    visits: page.map((journey) => listEntry(journey, store.timeZone)),
    next: next === undefined ? null : formatCursor(next),
  };
}

function listEntry(journey: Journey, timeZone: string): VisitsResponse['visits'][number] {
  const clock = clockOf(timeZone);
  const { zones } = journey.visit;
  return {
    ...formatVisit(journey, timeZone),
    zones: zonesOf(journey).map((zone, index) => ({
      ...zone,
      intervals: (zones[index]?.intervals ?? []).map(({ fromMs, toMs }) => ({
        from: clock(fromMs),
        to: clock(toMs),
      })),
    })),
  };
}
