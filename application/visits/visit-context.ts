/**
 * What figures want to know of a visit and its own stay does not say: the visitor's earlier visits, and who of the staff
 * was there. Both are read, never counted along, so a visit that is taken away or joined to another leaves no trace.
 */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import { ARRIVAL_GAP_MS_MAX, groupRoleOf, type Shopper } from '#domain/place/visits/groups.ts';
import {
  EARLIER_VISITS_MAX,
  isAssisted,
  isClosed,
  isRecognisable,
  summaryOf,
  type Visit,
  type VisitSummary,
  visitFrequencyOf,
  visitsOf,
} from '#domain/place/visits/visit.ts';
import {
  type DayPresence,
  evidenceOfDay,
  presenceOf,
  type VisitorDay,
  type VisitorDayKey,
} from '#domain/place/visits/visitor-day.ts';
import type { AliasStore } from '../ports/alias-store.ts';
import type { StoredVisitorDay, VisitStore } from '../ports/visit-store.ts';

export interface StoreDayContext {
  /** The visits of a stay as figures are to see them now. */
  summaries(stay: VisitorDay, visits: readonly Visit[], nowMs: number): Promise<VisitSummary[]>;
  /** Shoppers of a store's day whose first moment lies so close to this one that they may have come in together. */
  around(storeId: StoreId, day: BusinessDay, atMs: number): Promise<readonly StoredVisitorDay[]>;
  /** A stay as it was just read: from here on it stands in the place of what an index says of it. */
  note(stored: StoredVisitorDay): void;
  /** When who of the staff was where. */
  staffOf(storeId: StoreId, day: BusinessDay): Promise<readonly DayPresence[]>;
}

/** Of more people than this within six seconds nobody can say who belongs to whom: each of a crowd came by themselves. */
const CROWD_MAX = 48;

/** Ids of one person; a person enrolled oftener has the standing of these. */
const ALIASES_MAX = 64;

/** Facts for one run: the staff of a store's day are read once in it. */
export function storeDayContext(visitStore: VisitStore, aliases: AliasStore): StoreDayContext {
  const staff = new Map<string, Promise<DayPresence[]>>();

  const staffOf: StoreDayContext['staffOf'] = (storeId, day) => {
    const name = `${storeId} ${day}`;
    const known = staff.get(name) ?? readStaff(visitStore, storeId, day);
    staff.set(name, known);
    return known;
  };

  const noted = new Map<
    string,
    Map<VisitorId, { readonly stored: StoredVisitorDay; readonly firstMs?: number }>
  >();
  const notedOf = (storeId: StoreId, day: BusinessDay) => {
    const name = `${storeId} ${day}`;
    const known = noted.get(name) ?? new Map();
    noted.set(name, known);
    return known as NonNullable<ReturnType<typeof noted.get>>;
  };

  const around: StoreDayContext['around'] = async (storeId, day, atMs) => {
    const [fromMs, toMs] = [atMs - ARRIVAL_GAP_MS_MAX, atMs + ARRIVAL_GAP_MS_MAX];
    const found = new Map<VisitorId, StoredVisitorDay>();
    for await (const stored of visitStore.ofDay(storeId, day, fromMs, toMs)) {
      found.set(stored.visitorDay.visitorId, stored);
      if (found.size > CROWD_MAX) return [];
    }
    // What was just written may not have reached the index, or stand in it where it no longer is.
    for (const [visitorId, { stored, firstMs = Number.NaN }] of notedOf(storeId, day))
      if (found.has(visitorId) || (firstMs >= fromMs && firstMs <= toMs)) found.set(visitorId, stored);
    return [...found.values()];
  };

  return {
    staffOf,
    around,
    note(stored) {
      const { visitorId, storeId, day } = stored.visitorDay;
      const firstMs = visitsOf(stored.visitorDay)[0]?.firstSeenAt.instantMs;
      notedOf(storeId, day).set(visitorId, { stored, ...(firstMs !== undefined && { firstMs }) });
    },
    async summaries(stay, visits, nowMs) {
      const isOfShopper = visits.some((visit) => !visit.isStaff);
      const isAnyClosed = visits.some((visit) => isClosed(visit, nowMs));
      const [first] = visits;
      const [earlier, staffAround, company] = await Promise.all([
        isOfShopper && isRecognisable(stay.visitorId) ? earlierThan(visitStore, aliases, stay) : undefined,
        isOfShopper && isAnyClosed ? staffOf(stay.storeId, stay.day) : [],
        isOfShopper && isAnyClosed && first !== undefined
          ? around(stay.storeId, stay.day, first.firstSeenAt.instantMs)
          : [],
      ]);
      const others = company.map(shopperOf);
      return visits.map((visit, index) => {
        const before = earlier?.filter((firstMs) => firstMs < visit.firstSeenAt.instantMs).length;
        return summaryOf(visit, {
          isClosed: isClosed(visit, nowMs),
          isAssisted: isAssisted(visit, staffAround),
          frequency: before === undefined ? 'unknown' : visitFrequencyOf(before + index),
          groupRole: groupRoleOf(stay.visitorId, visit, others),
        });
      });
    },
  };
}

/** A stored stay as others see it who came in around the same time. */
export const shopperOf = ({ visitorDay }: StoredVisitorDay): Shopper => ({
  visitorId: visitorDay.visitorId,
  visits: visitsOf(visitorDay),
});

async function readStaff(visits: VisitStore, storeId: StoreId, day: BusinessDay): Promise<DayPresence[]> {
  const presences: DayPresence[] = [];
  for await (const { visitorDay } of visits.staffOfDay(storeId, day)) {
    presences.push(presenceOf(evidenceOfDay(visitorDay)));
  }
  return presences;
}

/** First moments of visits outside a stay: as many of earlier days as matter, and all of its own day. */
async function earlierThan(visits: VisitStore, aliases: AliasStore, stay: VisitorDayKey): Promise<number[]> {
  const found: number[] = [];
  for (const visitorId of await namesOf(aliases, stay.visitorId)) {
    let ofEarlierDays = 0;
    for await (const { storeId, day, firstSeenAtMs } of visits.history(visitorId, stay.day)) {
      // Under another name of the same visitor it is this stay, on its way here.
      if (storeId === stay.storeId && day === stay.day) continue;
      found.push(...firstSeenAtMs);
      if (day < stay.day) ofEarlierDays += firstSeenAtMs.length;
      if (ofEarlierDays >= EARLIER_VISITS_MAX) break;
    }
  }
  return found;
}

/** A visitor's id and all that point at it, in however many steps. */
async function namesOf(aliases: AliasStore, visitorId: VisitorId): Promise<Set<VisitorId>> {
  const names = new Set([visitorId]);
  for (const name of names) {
    for (const alias of await aliases.aliasesOf(name)) if (names.size < ALIASES_MAX) names.add(alias);
  }
  return names;
}
