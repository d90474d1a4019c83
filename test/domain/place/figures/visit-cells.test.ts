import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SensorId, ZoneId } from '#domain/chain/ids.ts';
import { addCounts, type CellKey, type Counts, equalCounts } from '#domain/place/figures/cell.ts';
import { type CellAddition, cellName, changeAfter, fold } from '#domain/place/figures/fold.ts';
import {
  cellsOfPassage,
  cellsOfReport,
  cellsOfRevision,
  cellsOfVisit,
  ENGAGED_MS_MIN,
} from '#domain/place/figures/visit-cells.ts';
import { GROUP_ROLES, VISIT_FREQUENCIES, type VisitSummary } from '#domain/place/visits/visit.ts';
import { sequenceAt } from '../../../support/arbitraries.ts';
import { november, SZ01 } from '../../../support/chain.ts';
import { shanghai } from '../../../support/receipts.ts';

const STORE = SZ01.storeId;
const DAY = november(22);
const zone = (name: string): ZoneId => name as ZoneId;

const visitOf = (more: Partial<VisitSummary> = {}): VisitSummary => ({
  number: 1,
  firstSeenAt: shanghai('2026-11-22T10:03:12'),
  lastSeenAtMs: shanghai('2026-11-22T10:11:02').instantMs,
  isClosed: true,
  isStaff: false,
  isAssisted: false,
  frequency: 'first',
  groupRole: 'leader',
  zones: [],
  ...more,
});

const visit: fc.Arbitrary<VisitSummary> = fc
  .record({
    minute: fc.integer({ min: 0, max: 1_439 }),
    dwellMs: fc.integer({ min: 0, max: 7_200_000 }),
    isClosed: fc.boolean(),
    isStaff: fc.boolean(),
    isAssisted: fc.boolean(),
    frequency: fc.constantFrom(...VISIT_FREQUENCIES),
    groupRole: fc.constantFrom(...GROUP_ROLES),
    zones: fc.uniqueArray(
      fc.record({
        zoneId: fc.constantFrom(zone('entry'), zone('shoes')),
        entries: fc.integer({ min: 1, max: 9 }),
        ms: fc.integer({ min: 0, max: 20_000 }),
      }),
      { selector: ({ zoneId }) => zoneId },
    ),
  })
  .map(({ minute, dwellMs, ...rest }) => {
    const instantMs = Date.UTC(2026, 10, 21, 16) + minute * 60_000;
    return {
      ...rest,
      number: 1,
      firstSeenAt: { instantMs, offsetMinutes: 480 },
      lastSeenAtMs: instantMs + dwellMs,
    };
  });
const day = fc.array(visit, { maxLength: 4 });

const sumOf = (lists: ReadonlyArray<readonly CellAddition[]>): Map<string, Counts> => {
  const sums = new Map<string, Counts>();
  for (const { key, counts } of lists.flat()) {
    const name = cellName(key);
    sums.set(name, addCounts(sums.get(name) ?? {}, counts));
  }
  return sums;
};
const expectSame = (a: Map<string, Counts>, b: Map<string, Counts>): void => {
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    expect(equalCounts(a.get(name) ?? {}, b.get(name) ?? {}), name).toBe(true);
  }
};
const dayCounts = (cells: readonly CellAddition[]): Counts | undefined =>
  cells.find(({ key }) => key.dimension === 'all' && key.grain === 'day')?.counts;
const isZone = ({ dimension }: CellKey): boolean => dimension === 'zone';

describe('revisions of a day', () => {
  it('add up to the last revision, however often the day was published again', () => {
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 6 }), (tellings) => {
        const told = tellings.map((after, index) =>
          cellsOfRevision({ storeId: STORE, day: DAY, before: tellings[index - 1] ?? [], after }),
        );
        const last = (tellings.at(-1) ?? []).map((one) => cellsOfVisit(STORE, DAY, one));
        expectSame(sumOf(told), sumOf(last));
      }),
    );
  });

  it('touch only cells in which something changes, and each once', () => {
    fc.assert(
      fc.property(day, day, (before, after) => {
        const cells = cellsOfRevision({ storeId: STORE, day: DAY, before, after });
        expect(new Set(cells.map(({ key }) => cellName(key))).size).toBe(cells.length);
        for (const { counts, seenHours = [] } of cells)
          expect(equalCounts(counts, {}) && seenHours.length === 0).toBe(false);
      }),
    );
    expect(cellsOfRevision({ storeId: STORE, day: DAY, before: [visitOf()], after: [visitOf()] })).toEqual(
      [],
    );
  });
});

describe('the cells of a visit', () => {
  it('come to the same total by minute, by hour and by day', () => {
    fc.assert(
      fc.property(visit, (one) => {
        const [minute, hour, whole] = cellsOfVisit(STORE, DAY, one);
        expect([minute, hour, whole].map((cell) => cell?.key.grain)).toEqual(['minute', 'hour', 'day']);
        expect(minute?.counts).toEqual(whole?.counts);
        expect(hour?.counts).toEqual(whole?.counts);
      }),
    );
  });

  it('count a visitor in the minute of the first sighting, by their earlier visits', () => {
    const [minute] = cellsOfVisit(STORE, DAY, visitOf({ isClosed: false, frequency: 'regular' }));
    expect(minute?.key.startMs).toBe(shanghai('2026-11-22T10:03').instantMs);
    expect(minute?.counts).toEqual({ bodies: 1n, visitors: 1n, regularVisits: 1n });
    const unknown = cellsOfVisit(STORE, DAY, visitOf({ isClosed: false, frequency: 'unknown' }));
    expect(dayCounts(unknown)).toEqual({ bodies: 1n, visitors: 1n });
  });

  it('count staff as bodies and as nothing else', () => {
    const zones = [{ zoneId: zone('entry'), entries: 1, ms: 60_000 }];
    const cells = cellsOfVisit(STORE, DAY, visitOf({ isStaff: true, isAssisted: true, zones }));
    expect(cells.map(({ counts }) => counts)).toEqual([{ bodies: 1n }, { bodies: 1n }, { bodies: 1n }]);
  });

  it('count the length of a visit and whether staff assisted, once it has ended', () => {
    const counts = dayCounts(cellsOfVisit(STORE, DAY, visitOf({ isAssisted: true })));
    expect(counts).toMatchObject({ closedVisits: 1n, dwellMs: 470_000n, assistedVisits: 1n, groups: 1n });
    const follower = dayCounts(cellsOfVisit(STORE, DAY, visitOf({ groupRole: 'companion' })));
    expect(follower).toMatchObject({ visitors: 1n, closedVisits: 1n });
    expect(follower?.groups).toBeUndefined();
  });

  it('count a visitor in each zone, and as engaged after ten seconds', () => {
    const zones = [
      { zoneId: zone('entry'), entries: 2, ms: ENGAGED_MS_MIN - 1 },
      { zoneId: zone('shoes'), entries: 1, ms: ENGAGED_MS_MIN },
    ];
    const cells = cellsOfVisit(STORE, DAY, visitOf({ zones })).filter(({ key }) => isZone(key));
    expect(cells.map(({ key, counts }) => [key.member, counts])).toEqual([
      ['entry', { zoneVisits: 1n, zoneEntries: 2n, zoneMs: 9_999n }],
      ['shoes', { zoneVisits: 1n, zoneEntries: 1n, zoneMs: 10_000n, engagedVisits: 1n }],
    ]);
    const open = cellsOfVisit(STORE, DAY, visitOf({ isClosed: false, zones }));
    expect(open.filter(({ key }) => isZone(key))).toEqual([]);
  });
});

describe('a door counter', () => {
  const passage = {
    storeId: STORE,
    sensorId: 'door' as SensorId,
    day: DAY,
    startedAt: shanghai('2026-11-22T10:59:30'),
    endedAtMs: shanghai('2026-11-22T11:00:30').instantMs,
    entered: 3,
    left: 0,
  };

  it('counts in the minute in which its count begins, and is remembered by its store', () => {
    const cells = cellsOfPassage(passage);
    expect(cells.map(({ key }) => key.startMs)).toEqual([
      shanghai('2026-11-22T10:59').instantMs,
      shanghai('2026-11-22T10:00').instantMs,
      undefined,
    ]);
    for (const { counts } of cells) expect(counts).toEqual({ doorIn: 3n, doorOut: 0n, doorCounts: 1n });
    expect(cells.map(({ sensor }) => sensor)).toEqual([undefined, undefined, 'door']);
  });

  it('is no till, and a till is no sensor', () => {
    const logged = { cells: cellsOfPassage(passage), sequence: sequenceAt(1), arrivedAtMs: 1 };
    const sighting = {
      cells: cellsOfReport(STORE, DAY, 'cam-1' as SensorId),
      sequence: sequenceAt(2),
      arrivedAtMs: 2,
    };
    const whole = fold([logged, sighting]).find(({ key }) => key.grain === 'day');
    expect(whole && changeAfter(whole, undefined)).toEqual({
      counts: { doorIn: 3n, doorCounts: 1n },
      firstSequence: sequenceAt(1),
      lastSequence: sequenceAt(2),
      asOfMs: 2,
      sensors: new Set(['door', 'cam-1']),
    });
  });
});
