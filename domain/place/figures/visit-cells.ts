/**
 * What visits and door counters add to the cells of their store.
 *
 * A visit is published more than once: when it opens, when it closes, and again whenever late evidence
 * changes it. Each revision holds the visits before and after, and adds the difference. So revisions add up
 * to the last of them, whatever was published in between, and counting needs no lookup.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import { HOUR_MS } from '../../chain/duration.ts';
import type { SensorId, StoreId } from '../../chain/ids.ts';
import type { Passage } from '../visits/sighting.ts';
import type { VisitSummary } from '../visits/visit.ts';
import { type Counter, type Counts, DWELL_COUNTERS, minusCounts } from './cell.ts';
import { DWELL_CLASSES_MS, DWELL_MS_MAX } from './dwell.ts';
import { type CellAddition, cellCollector, dayKey, hourName, keysAt } from './fold.ts';

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

/** What a closed visit adds to the dwell time: the time itself up to the cap, and one to its length's class. */
function dwellCounts(ms: number): Counts {
  const place = DWELL_CLASSES_MS.findIndex((belowMs) => ms < belowMs);
  const counter = DWELL_COUNTERS[place === -1 ? DWELL_COUNTERS.length - 1 : place];
  return { dwellMs: BigInt(Math.min(ms, DWELL_MS_MAX)), ...(counter === undefined ? {} : { [counter]: 1n }) };
}

/** What a visit adds at its first sighting. Staff count as bodies only. */
function countsOfVisit(visit: VisitSummary): Counts {
  if (visit.counts === 'still') return { stillVisits: 1n };
  const frequency = FREQUENCY_COUNTERS[visit.frequency];
  const recognised: Counts = frequency === undefined ? {} : { [frequency]: 1n };
  // A camera that recognises visitors whom another sensor counts still knows how often they came.
  if (visit.counts === 'zones') return recognised;
  if (visit.isStaff) return { bodies: 1n };
  const opened: Counts = { bodies: 1n, visitors: 1n, ...recognised };
  if (!visit.isClosed) return opened;
  return {
    ...opened,
    closedVisits: 1n,
    ...dwellCounts(visit.lastSeenAtMs - visit.firstSeenAt.instantMs),
    ...(visit.isAssisted ? { assistedVisits: 1n } : {}),
    ...(visit.groupRole === 'leader' ? { groups: 1n } : {}),
  };
}

/** Returns the hours of a visitor's visit, from its first to its last sighting; none of what counts as no visitor. */
function hoursOfVisit({ firstSeenAt, lastSeenAtMs, isStaff, counts }: VisitSummary): string[] {
  if (isStaff || counts !== undefined) return [];
  const hours: string[] = [];
  for (let ms = firstSeenAt.instantMs; ms < lastSeenAtMs; ms += HOUR_MS) {
    hours.push(hourName({ ...firstSeenAt, instantMs: ms }));
  }
  return [...hours, hourName({ ...firstSeenAt, instantMs: lastSeenAtMs })];
}

/** Returns what one visit adds, cell by cell, each cell once. */
export function cellsOfVisit(storeId: StoreId, day: BusinessDay, visit: VisitSummary): CellAddition[] {
  const { add, all } = cellCollector();
  for (const key of keysAt(storeId, day, visit.firstSeenAt)) add({ key, counts: countsOfVisit(visit) });
  if (visit.isClosed && !visit.isStaff && visit.counts !== 'still') {
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
  const hoursBefore = new Set(before.flatMap(hoursOfVisit));
  const seenHours = after.flatMap(hoursOfVisit).filter((hour) => !hoursBefore.has(hour));
  if (seenHours.length > 0) add({ key: dayKey(storeId, day), counts: {}, seenHours });
  return all().filter(
    ({ counts, ...addition }) =>
      addition.seenHours !== undefined || Object.values(counts).some((count) => count !== 0n),
  );
}

/** Returns what a door counter's sum adds, at the instant at which it begins, to the shorter one that it replaces. */
export function cellsOfPassage(
  { storeId, sensorId, day, startedAt, entered, left }: Passage,
  replaced: Pick<Passage, 'entered' | 'left'> | undefined = undefined,
): CellAddition[] {
  const counts: Counts = {
    doorIn: BigInt(entered - (replaced?.entered ?? 0)),
    doorOut: BigInt(left - (replaced?.left ?? 0)),
    ...(replaced === undefined ? { doorCounts: 1n } : {}),
  };
  return keysAt(storeId, day, startedAt).map((key) => ({
    key,
    counts,
    ...(key.grain === 'day' ? { sensor: sensorId } : {}),
  }));
}

/** Returns the mark of a count that contradicts others of its sensor: it is in the day, and in no count of people. */
export const cellsOfPassageConflict = ({ storeId, sensorId, day }: Passage): CellAddition[] => [
  { key: dayKey(storeId, day), counts: { conflictingCounts: 1n }, sensor: sensorId },
];

/** Returns the record that a sensor reported: it counts nothing, and repeating it changes nothing. */
export const cellsOfReport = (
  storeId: StoreId,
  day: BusinessDay,
  sensorId: SensorId,
  isEmpty = false,
): CellAddition[] => [
  {
    key: dayKey(storeId, day),
    counts: {},
    sensor: sensorId,
    ...(isEmpty ? { emptySensor: sensorId } : {}),
  },
];
