import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { HeatmapQuery, HeatmapResponse } from '#contracts/http/visits.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import type { Counts } from '#domain/place/figures/cell.ts';
import { dayKey } from '#domain/place/figures/fold.ts';
import type { Presence } from '#domain/place/visits/sighting.ts';
import { emptyVisitorDay, withParts } from '#domain/place/visits/visitor-day.ts';
import { readHeatmap } from '#functions/read-heatmap/read-heatmap.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { changeOf } from '../../support/describe-cell-store.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryVisitStore } from '../../support/memory-visit-store.ts';
import { ANN, BEN, CLERK, held, keyOf, minute, sightingOf, stayOf } from '../../support/sightings.ts';

function world() {
  const visits = memoryVisitStore();
  const cells = memoryCellStore();
  return {
    /** `minute(0)` is nine in the morning of the 22nd; `day` changes only the business day it is stored under. */
    async save(visitorId: VisitorId, presences: readonly Presence[], day = 22) {
      const { parts } = stayOf(visitorId, [sightingOf(visitorId, presences)]);
      const stay = withParts(emptyVisitorDay({ ...keyOf(visitorId), day: november(day) }), parts);
      await visits.save({ visitorDay: stay, published: [], revision: 0, version: 0 }, minute(900));
    },
    count: (day: number, zone: string, counts: Counts) =>
      cells.add(
        { ...dayKey(SZ01.storeId, november(day)), dimension: 'zone', member: zone },
        changeOf(1, 1, counts),
      ),
    close: (day: number, closedVisits: bigint, asOfMs: number) =>
      cells.add(dayKey(SZ01.storeId, november(day)), changeOf(1, 1, { closedVisits }, { asOfMs })),
    async read(from: number, to: number, more: Record<string, string> = {}) {
      const query = v.parse(HeatmapQuery, {
        store: 'sz01',
        from: november(from),
        to: november(to),
        ...more,
      });
      return v.parse(HeatmapResponse, await readHeatmap({ visits, cells }, query, SZ01));
    },
  };
}

describe('the heatmap of a store', () => {
  it('adds people and seconds per zone and slot over all days, without staff', async () => {
    const { save, read } = world();
    await save(ANN, [held('shelf', 50, 70)]);
    await save(BEN, [held('shelf', 5, 10), held('door', 0)]);
    await save(ANN, [held('shelf', 30, 31)], 23);
    await save(CLERK, [held('shelf', 0, 500)]);
    const { zones, period, compared } = await read(22, 23);
    expect([period, compared]).toEqual([{ from: '2026-11-22', to: '2026-11-23' }, undefined]);
    expect(zones.map(({ zone, slots }) => [zone, slots])).toEqual([
      ['door', [{ start: '09:00', period: { people: 1, seconds: 0 } }]],
      [
        'shelf',
        [
          { start: '09:00', period: { people: 3, seconds: 960 } },
          { start: '10:00', period: { people: 1, seconds: 600 } },
        ],
      ],
    ]);
    expect(zones[1]?.period).toMatchObject({ people: 3, seconds: 1_560 });
  });

  it('compares each slot with an earlier period of as many days', async () => {
    const { save, read } = world();
    await save(ANN, [held('shelf', 0, 2)], 22);
    await save(BEN, [held('shelf', 20, 21), held('door', 40, 41)], 15);
    await save(BEN, [held('shelf', 0, 9)], 17);
    const { zones, compared } = await read(21, 22, { compareFrom: november(14), slot: '15' });
    expect(compared).toEqual({ from: '2026-11-14', to: '2026-11-15' });
    expect(zones.map(({ zone, slots }) => [zone, slots])).toEqual([
      ['door', [{ start: '09:30', period: { people: 0, seconds: 0 }, compared: { people: 1, seconds: 60 } }]],
      [
        'shelf',
        [
          { start: '09:00', period: { people: 1, seconds: 120 }, compared: { people: 0, seconds: 0 } },
          { start: '09:15', period: { people: 0, seconds: 0 }, compared: { people: 1, seconds: 60 } },
        ],
      ],
    ]);
  });

  it('reports draw, engagement and dwell of each zone, and how fresh they are', async () => {
    const { count, close, read } = world();
    await close(21, 6n, minute(1));
    await close(22, 14n, minute(2));
    const counts = { zoneVisits: 4n, zoneEntries: 5n, zoneMs: 100_000n, engagedVisits: 3n };
    await count(21, 'shelf', counts);
    await count(22, 'shelf', counts);
    const { zones, asOf, kpis } = await read(21, 22);
    const figures = zones[0]?.period.figures ?? {};
    expect(
      Object.entries(figures).map(([id, { value, numerator, denominator }]) => [
        id,
        value,
        numerator,
        denominator,
      ]),
    ).toEqual([
      ['draw', '0.400000', '8', '20'],
      ['engagement', '0.750000', '6', '8'],
      ['zoneDwell', '25.0', '200.000', '8'],
    ]);
    expect(asOf).toBe('2026-11-22T09:02:00+08:00');
    expect(Object.keys(kpis)).toEqual(['draw', 'engagement', 'zoneDwell']);
  });

  it('is empty, without a time, where no visitor was seen', async () => {
    const { read } = world();
    expect(await read(21, 22, { compareFrom: november(14) })).toMatchObject({ asOf: null, zones: [] });
  });

  it('has unknown figures while no visit has ended', async () => {
    const { save, read } = world();
    await save(ANN, [held('shelf', 0, 2)]);
    const [shelf] = (await read(22, 22)).zones;
    expect(Object.values(shelf?.period.figures ?? {}).map(({ value }) => value)).toEqual([null, null, null]);
  });
});
