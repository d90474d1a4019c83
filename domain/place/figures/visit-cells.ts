/**
 * What visits and door counters add to the cells of their store.
 *
 * A visit is told of more than once: when it opens, when it closes, and again whenever late evidence makes another visit
 * of it. Each telling says what held before and what holds now, and adds the difference. So tellings add up to the last
 * of them, whatever came in between, and nothing is ever looked up to count.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import type { SensorId, StoreId } from '../../chain/ids.ts';
import type { Passage } from '../visits/sighting.ts';
import type { VisitSummary } from '../visits/visit.ts';
import { type Counter, type Counts, minusCounts } from './cell.ts';
import { type CellAddition, dayKey, gathering, keysAt } from './fold.ts';

/** Somebody who stood in a zone for so long has looked at it; whoever only walks through is through sooner. */
export const ENGAGED_MS_MIN = 10_000;

/** A telling of a visitor's day in a store, as far as figures need it. */
export interface Told {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  readonly before: readonly VisitSummary[];
  readonly after: readonly VisitSummary[];
}

const STANDING_COUNTERS: Readonly<Record<VisitSummary['frequency'], Counter | undefined>> = {
  first: 'firstVisits',
  second: 'secondVisits',
  regular: 'regularVisits',
  unknown: undefined,
};

/** What a visit adds at its first moment. Staff are bodies and nothing else. */
function countsOfVisit(visit: VisitSummary): Counts {
  if (visit.isStaff) return { bodies: 1n };
  const standing = STANDING_COUNTERS[visit.frequency];
  const opened: Counts = {
    bodies: 1n,
    visitors: 1n,
    ...(standing === undefined ? {} : { [standing]: 1n }),
  };
  if (!visit.isClosed) return opened;
  return {
    ...opened,
    closedVisits: 1n,
    dwellMs: BigInt(visit.lastSeenAtMs - visit.firstSeenAt.instantMs),
    ...(visit.isAssisted ? { assistedVisits: 1n } : {}),
    ...(visit.groupRole === 'leader' ? { groups: 1n } : {}),
  };
}

/** What one visit adds, cell by cell, each cell once. */
export function cellsOfVisit(storeId: StoreId, day: BusinessDay, visit: VisitSummary): CellAddition[] {
  const { add, all } = gathering();
  for (const key of keysAt(storeId, day, visit.firstSeenAt)) add({ key, counts: countsOfVisit(visit) });
  if (visit.isClosed && !visit.isStaff) {
    for (const { zoneId, entries, ms } of visit.zones) {
      add({
        key: { ...dayKey(storeId, day), dimension: 'zone', member: zoneId },
        counts: {
          zoneVisits: 1n,
          zoneEntries: BigInt(entries),
          zoneMs: BigInt(ms),
          ...(ms >= ENGAGED_MS_MIN ? { engagedVisits: 1n } : {}),
        },
      });
    }
  }
  return all();
}

/** What a telling adds: what holds now less what held before. A cell in which nothing changes is not among them. */
export function cellsOfRevision({ storeId, day, before, after }: Told): CellAddition[] {
  const { add, all } = gathering();
  for (const visit of after) for (const addition of cellsOfVisit(storeId, day, visit)) add(addition);
  for (const visit of before) {
    for (const { key, counts } of cellsOfVisit(storeId, day, visit))
      add({ key, counts: minusCounts(counts) });
  }
  return all().filter(({ counts }) => Object.values(counts).some((count) => count !== 0n));
}

/** What a door counter's sum adds, at the moment at which it begins. */
export function cellsOfPassage({
  storeId,
  sensorId,
  day,
  startedAt,
  entered,
  left,
}: Passage): CellAddition[] {
  const counts: Counts = { doorIn: BigInt(entered), doorOut: BigInt(left) };
  return keysAt(storeId, day, startedAt).map((key) => ({
    key,
    counts,
    ...(key.grain === 'day' ? { sensor: sensorId } : {}),
  }));
}

/** That a sensor has reported: it counts nothing, and saying it again changes nothing. */
export const cellsOfReport = (storeId: StoreId, day: BusinessDay, sensorId: SensorId): CellAddition[] => [
  { key: dayKey(storeId, day), counts: {}, sensor: sensorId },
];
