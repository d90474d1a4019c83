/**
 * A question for a store's visits → the stays of the day → a page of visits, the newest first.
 *
 * Visits are kept nowhere, and one stay may hold several; so the whole day is read for each page. A busy day is some
 * thousand rows of a kilobyte or two.
 */
import type { StoredVisitorDay, VisitStore } from '#application/ports/visit-store.ts';
import { formatCursor, type VisitsQuery, type VisitsResponse } from '#contracts/http/visits.ts';
import type { Store } from '#domain/chain/store.ts';
import { type Journey, journeysOf, pageOf } from '#domain/place/visits/journey.ts';
import { type DayPresence, evidenceOfDay, presenceOf } from '#domain/place/visits/visitor-day.ts';
import { clockOf, formatVisit, zonesOf } from './format-visit.ts';

export interface ReadVisitsPorts {
  readonly visits: Pick<VisitStore, 'ofDay' | 'staffOfDay'>;
  readonly nowMs: () => number;
}

export const staffIn = (stays: readonly StoredVisitorDay[]): DayPresence[] =>
  stays.map(({ visitorDay }) => presenceOf(evidenceOfDay(visitorDay)));

/** A telling that is decided says more than the last that was sent. */
export const journeysIn = (
  { visitorDay, pending, published }: StoredVisitorDay,
  staff: readonly DayPresence[],
  nowMs: number,
): Journey[] => journeysOf(visitorDay, pending?.after ?? published, staff, nowMs);

export async function gathered<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function readVisits(
  ports: ReadVisitsPorts,
  { store: storeId, day, open, limit, cursor }: VisitsQuery,
  store: Pick<Store, 'timeZone'>,
): Promise<VisitsResponse> {
  const nowMs = ports.nowMs();
  const staffStays = await gathered(ports.visits.staffOfDay(storeId, day));
  const staff = staffIn(staffStays);
  const journeys = staffStays.flatMap((stored) => journeysIn(stored, staff, nowMs));
  for await (const stored of ports.visits.ofDay(storeId, day)) {
    journeys.push(...journeysIn(stored, staff, nowMs));
  }
  const wanted = open ? journeys.filter(({ isOpen }) => isOpen) : journeys;
  const { page, next } = pageOf(wanted, limit, cursor);
  return {
    store: storeId,
    day,
    visits: page.map((journey) => listed(journey, store.timeZone)),
    next: next === undefined ? null : formatCursor(next),
  };
}

function listed(journey: Journey, timeZone: string): VisitsResponse['visits'][number] {
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
