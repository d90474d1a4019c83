/**
 * What visits and door counters add to the cells of their store.
 *
 * A visit is published more than once: when it opens, when it closes, and again whenever late evidence
 * changes it. Each revision holds the visits before and after, and adds the difference. So revisions add up
 * to the last of them, whatever was published in between, and counting needs no lookup.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import type { SensorId, StoreId } from '../../chain/ids.ts';
import type { Passage } from '../visits/sighting.ts';
import type { VisitSummary } from '../visits/visit.ts';
import { type Counter, type Counts, minusCounts } from './cell.ts';
import { type CellAddition, cellCollector, dayKey, keysAt } from './fold.ts';

/** A visitor who stays in a zone for this long has looked at it; one who walks through is gone sooner. */
export const ENGAGED_MS_MIN = 10_000;

/** A revision of a visitor day, as far as figures need it. */
export interface RevisedDay {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  readonly before: readonly VisitSummary[];
  readonly after: readonly VisitSummary[];
}

const FREQUENCY_COUNTERS: Readonly<Record<VisitSummary['frequency'], Counter | undefined>> = {
  first: 'firstVisits',
  second: 'secondVisits',
  regular: 'regularVisits',
  unknown: undefined,
};

/** What a visit adds at its first sighting. Staff count as bodies only. */
function countsOfVisit(visit: VisitSummary): Counts {
  if (visit.isStaff) return { bodies: 1n };
  const frequency = FREQUENCY_COUNTERS[visit.frequency];
  const opened: Counts = {
    bodies: 1n,
    visitors: 1n,
    ...(frequency === undefined ? {} : { [frequency]: 1n }),
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

/** Returns what one visit adds, cell by cell, each cell once. */
export function cellsOfVisit(storeId: StoreId, day: BusinessDay, visit: VisitSummary): CellAddition[] {
  const { add, all } = cellCollector();
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

/** Returns what a revision adds: the visits after less the visits before. Unchanged cells are left out. */
export function cellsOfRevision({ storeId, day, before, after }: RevisedDay): CellAddition[] {
  const { add, all } = cellCollector();
  for (const visit of after) for (const addition of cellsOfVisit(storeId, day, visit)) add(addition);
  for (const visit of before) {
    for (const { key, counts } of cellsOfVisit(storeId, day, visit))
      add({ key, counts: minusCounts(counts) });
  }
  return all().filter(({ counts }) => Object.values(counts).some((count) => count !== 0n));
}

/** Returns what a door counter's sum adds, at the instant at which it begins. */
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

/** Returns the record that a sensor reported: it counts nothing, and repeating it changes nothing. */
export const cellsOfReport = (storeId: StoreId, day: BusinessDay, sensorId: SensorId): CellAddition[] => [
  { key: dayKey(storeId, day), counts: {}, sensor: sensorId },
];
