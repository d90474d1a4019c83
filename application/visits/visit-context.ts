/**
 * The context of a visit that its own visitor day does not contain: the visitor's earlier visits, the staff present, and
 * the group. It is always read, never accumulated, so a visit that is removed or merged leaves nothing behind.
 */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import { ARRIVAL_GAP_MS_MAX, groupRoleOf, type Shopper } from '#domain/place/visits/groups.ts';
import {
  EARLIER_VISITS_MAX,
  isAssisted,
  isClosed,
  isRecognisable,
  staffPresenceOf,
  summaryOf,
  type Visit,
  type VisitSummary,
  visitFrequencyOf,
  visitsOf,
} from '#domain/place/visits/visit.ts';
import type { DayPresence, VisitorDay, VisitorDayKey } from '#domain/place/visits/visitor-day.ts';
import type { AliasStore } from '../ports/alias-store.ts';
import type { StoredVisitorDay, VisitStore } from '../ports/visit-store.ts';
import { defined } from '../support/defined.ts';

export interface StoreDayContext {
  /** Returns the summaries of a visitor day's visits as of now, with their context. */
  summaries(visitorDay: VisitorDay, visits: readonly Visit[], nowMs: number): Promise<VisitSummary[]>;
  /** Returns the shoppers of a store's day who arrived so close to this instant that they may be one group. */
  around(storeId: StoreId, day: BusinessDay, atMs: number): Promise<readonly StoredVisitorDay[]>;
  /** Records a visitor day that was just read; from then on it replaces the index's copy. */
  note(stored: StoredVisitorDay): void;
  /** Returns the presence of each member of staff on a store's day. */
  staffOf(storeId: StoreId, day: BusinessDay): Promise<readonly DayPresence[]>;
}

/** Among more arrivals than this within six seconds groups cannot be distinguished: each counts as alone. */
const CROWD_MAX = 48;

/** Ids of one visitor whose history is read; further ids are ignored. */
const ALIASES_MAX = 64;

/** Returns the context for one run, in which the staff of each store's day are read once. */
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
    // The index may not contain the latest writes yet, or may contain them under an earlier arrival.
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
      notedOf(storeId, day).set(visitorId, { stored, ...defined({ firstMs }) });
    },
    async summaries(visitorDay, visits, nowMs) {
      const isOfShopper = visits.some((visit) => !visit.isStaff && visit.counts !== 'still');
      const isAnyClosed = visits.some((visit) => isClosed(visit, nowMs));
      const [first] = visits;
      const [earlier, staffAround, arrivals] = await Promise.all([
        isOfShopper && isRecognisable(visitorDay.visitorId)
          ? earlierThan(visitStore, aliases, visitorDay)
          : undefined,
        isOfShopper && isAnyClosed ? staffOf(visitorDay.storeId, visitorDay.day) : [],
        isOfShopper && isAnyClosed && first !== undefined
          ? around(visitorDay.storeId, visitorDay.day, first.firstSeenAt.instantMs)
          : [],
      ]);
      const others = arrivals.map(shopperOf);
      return visits.map((visit, index) => {
        const before = earlier?.filter((firstMs) => firstMs < visit.firstSeenAt.instantMs).length;
        return summaryOf(visit, {
          isClosed: isClosed(visit, nowMs),
          isAssisted: isAssisted(visit, staffAround),
          frequency: before === undefined ? 'unknown' : visitFrequencyOf(before + index),
          groupRole: groupRoleOf(visitorDay.visitorId, visit, others),
        });
      });
    },
  };
}

/** Returns a visitor day as a shopper, for the group roles of others. */
export const shopperOf = ({ visitorDay }: StoredVisitorDay): Shopper => ({
  visitorId: visitorDay.visitorId,
  visits: visitsOf(visitorDay),
});

async function readStaff(visits: VisitStore, storeId: StoreId, day: BusinessDay): Promise<DayPresence[]> {
  const presences: DayPresence[] = [];
  for await (const { visitorDay } of visits.staffOfDay(storeId, day)) {
    presences.push(staffPresenceOf(visitorDay));
  }
  return presences;
}

/** Returns start times of the visitor's other visits: all of the same day, and as many of earlier days as matter. */
async function earlierThan(
  visits: VisitStore,
  aliases: AliasStore,
  visitorDay: VisitorDayKey,
): Promise<number[]> {
  const found: number[] = [];
  for (const visitorId of await idsOf(aliases, visitorDay.visitorId)) {
    let ofEarlierDays = 0;
    for await (const { storeId, day, firstSeenAtMs } of visits.history(visitorId, visitorDay.day)) {
      // Under an alias of the same visitor it is this visitor day, not moved yet.
      if (storeId === visitorDay.storeId && day === visitorDay.day) continue;
      found.push(...firstSeenAtMs);
      if (day < visitorDay.day) ofEarlierDays += firstSeenAtMs.length;
      if (ofEarlierDays >= EARLIER_VISITS_MAX) break;
    }
  }
  return found;
}

/** Returns a visitor's id and all aliases of it, direct and indirect. */
async function idsOf(aliases: AliasStore, visitorId: VisitorId): Promise<Set<VisitorId>> {
  const names = new Set([visitorId]);
  for (const name of names) {
    for (const alias of await aliases.aliasesOf(name)) if (names.size < ALIASES_MAX) names.add(alias);
  }
  return names;
}
