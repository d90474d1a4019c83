import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { ZoneId } from '#domain/chain/ids.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { lengthMs, union } from '#domain/place/visits/intervals.ts';
import { byBusinessDay } from '#domain/place/visits/presence-by-day.ts';
import { type Polygon, polygonContains, type Zone } from '#domain/place/visits/sensor.ts';
import type { Presence } from '#domain/place/visits/sighting.ts';
import { type Sample, zonePresences } from '#domain/place/visits/zone-presence.ts';
import { TIME_ZONES } from '../../../support/arbitraries.ts';

const square = (x: number, y: number, size: number): Polygon => [
  { x, y },
  { x: x + size, y },
  { x: x + size, y: y + size },
  { x, y: y + size },
];
const zone = (id: string, polygon: Polygon): Zone => ({ zoneId: id as ZoneId, polygon });

/** Two neighbours, and one that overlaps both. */
const SENSOR = {
  zones: [zone('left', square(0, 0, 10)), zone('right', square(10, 0, 10)), zone('middle', square(5, 0, 10))],
  sampleGapMsMax: 1_000,
};
const at = (atMs: number, x: number, y = 5): Sample => ({ atMs, x, y });

const told = (samples: readonly Sample[], sensor = SENSOR): string[] =>
  zonePresences(sensor, samples).map(({ zoneId, fromMs, toMs }) => `${zoneId ?? '-'} ${fromMs}–${toMs}`);

describe('a polygon', () => {
  it('holds what lies in it, also where it is hollow, whichever way round it was drawn', () => {
    const hook: Polygon = [at(0, 0, 0), at(0, 9, 0), at(0, 9, 9), at(0, 6, 9), at(0, 6, 3), at(0, 0, 3)];
    for (const polygon of [hook, [...hook].reverse()]) {
      expect(polygonContains(polygon, { x: 1, y: 1 })).toBe(true);
      expect(polygonContains(polygon, { x: 8, y: 8 })).toBe(true);
      expect(polygonContains(polygon, { x: 1, y: 8 })).toBe(false);
      expect(polygonContains(polygon, { x: 10, y: 1 })).toBe(false);
    }
  });

  it('shares no point with its neighbour, not even on their common edge', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 9.9, noNaN: true }),
        (x, y) => {
          const [left, right] = [square(0, 0, 10), square(10, 0, 10)];
          const holders = [left, right].filter((polygon) => polygonContains(polygon, { x, y }));
          expect(holders).toHaveLength(x < 20 ? 1 : 0);
        },
      ),
    );
  });
});

describe('presence in zones', () => {
  it('lasts from the first sample inside to the next one outside', () => {
    expect(told([at(0, 2), at(400, 3), at(800, 30), at(1_200, 31)])).toEqual(['left 0–800', '- 800–1200']);
  });

  it('is broken by a gap, in which the position is unknown', () => {
    expect(told([at(0, 2), at(1_000, 2), at(2_001, 2), at(2_500, 2)])).toEqual([
      'left 0–1000',
      'left 2001–2500',
    ]);
  });

  it('is kept where it has no length: the visitor was there', () => {
    expect(told([at(7, 2)])).toEqual(['left 7–7']);
    expect(told([at(0, 30), at(500, 2)])).toEqual(['- 0–500', 'left 500–500']);
    expect(told([at(0, 2), at(500, 2), at(500, 3), at(900, 3)])).toEqual(['left 0–900']);
  });

  it('is in every zone that a point lies in', () => {
    expect(told([at(0, 2), at(500, 7), at(900, 12)])).toEqual([
      'left 0–900',
      'middle 500–900',
      'right 900–900',
    ]);
  });

  it('is in no zone where none is drawn', () => {
    expect(told([at(0, 2), at(500, 7)], { zones: [], sampleGapMsMax: 1_000 })).toEqual(['- 0–500']);
    expect(zonePresences(SENSOR, [])).toEqual([]);
  });
});

/** Tracks in steps that do and do not exceed the gap. */
const track: fc.Arbitrary<Sample[]> = fc
  .array(fc.record({ stepMs: fc.integer({ min: 0, max: 1_500 }), x: fc.integer({ min: -3, max: 22 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((steps) => {
    let atMs = 1_795_300_000_000;
    return steps.map(({ stepMs, x }) => {
      atMs += stepMs;
      return at(atMs, x);
    });
  });

const placesOf = (presences: readonly Presence[]): Map<string, ReturnType<typeof union>> =>
  new Map(
    [...Map.groupBy(presences, ({ zoneId }) => zoneId ?? '-')]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([place, own]) => [place, union(own)]),
  );

describe('a track', () => {
  it('spends in a zone the holds of its samples inside, and comes in as often as their run is broken', () => {
    fc.assert(
      fc.property(track, (samples) => {
        const presences = zonePresences(SENSOR, samples);
        for (const { zoneId, polygon } of SENSOR.zones) {
          // The definition, word for word, by brute force.
          let heldMs = 0;
          let runs = 0;
          samples.forEach((sample, index) => {
            const gap = (samples[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) - sample.atMs;
            const before = samples[index - 1];
            const goesOn =
              before !== undefined &&
              polygonContains(polygon, before) &&
              sample.atMs - before.atMs <= SENSOR.sampleGapMsMax;
            if (!polygonContains(polygon, sample)) return;
            if (gap <= SENSOR.sampleGapMsMax) heldMs += gap;
            if (!goesOn) runs++;
          });
          const own = presences.filter((presence) => presence.zoneId === zoneId);
          expect(own).toHaveLength(runs);
          expect(lengthMs(own)).toBe(heldMs);
        }
      }),
    );
  });

  it('is present from its first sample to its last, and never longer', () => {
    fc.assert(
      fc.property(track, (samples) => {
        const presences = zonePresences(SENSOR, samples);
        const [first, last] = [samples[0]?.atMs ?? 0, samples.at(-1)?.atMs ?? 0];
        expect(Math.min(...presences.map(({ fromMs }) => fromMs))).toBe(first);
        expect(Math.max(...presences.map(({ toMs }) => toMs))).toBe(last);
        expect(lengthMs(union(presences))).toBeLessThanOrEqual(last - first);
      }),
    );
  });

  it('says the same in parts as whole, where each part repeats the last sample of the one before', () => {
    fc.assert(
      fc.property(track, fc.array(fc.nat(), { maxLength: 6 }), (samples, cuts) => {
        const ends = [...new Set(cuts.map((place) => place % samples.length)), samples.length - 1].sort(
          (a, b) => a - b,
        );
        const parts = ends.map((end, index) => samples.slice(ends[index - 1] ?? 0, end + 1));
        const joined = parts.flatMap((part) => zonePresences(SENSOR, part));
        expect(placesOf(joined)).toEqual(placesOf(zonePresences(SENSOR, samples)));
      }),
    );
  });
});

describe('presence when the business day changes', () => {
  const CLOCK = { timeZone: 'Asia/Shanghai', dayCutMinutes: 240 };
  const CUT_MS = Date.parse('2026-11-23T04:00:00+08:00');
  const days = (presences: readonly Presence[], clock = CLOCK) =>
    [...byBusinessDay(presences, clock)].map(([day, own]) => [
      day,
      own.map(({ fromMs, toMs }) => [fromMs - CUT_MS, toMs - CUT_MS]),
    ]);
  const held = (fromMs: number, toMs: number): Presence => ({
    kind: 'tracked',
    fromMs: CUT_MS + fromMs,
    toMs: CUT_MS + toMs,
  });

  it('is cut at that instant, and belongs to both days', () => {
    expect(days([held(-60_000, 90_000)])).toEqual([
      ['2026-11-22', [[-60_000, 0]]],
      ['2026-11-23', [[0, 90_000]]],
    ]);
  });

  it('stays whole where it only touches the instant', () => {
    expect(days([held(-5, 0)])).toEqual([['2026-11-22', [[-5, 0]]]]);
    expect(days([held(0, 0)])).toEqual([['2026-11-23', [[0, 0]]]]);
  });

  it('loses and doubles no moment, in any zone of the world, also on the nights clocks change', () => {
    const anyStretch = fc.record({
      timeZone: fc.constantFrom(...TIME_ZONES),
      dayCutMinutes: fc.integer({ min: 0, max: 1_439 }),
      startMs: fc.integer({ min: Date.UTC(2011, 0, 1), max: Date.UTC(2030, 0, 1) }),
      lengthMs: fc.integer({ min: 0, max: 3 * 86_400_000 }),
    });
    fc.assert(
      fc.property(anyStretch, ({ startMs, lengthMs: lasts, ...clock }) => {
        const whole: Presence = { kind: 'tracked', fromMs: startMs, toMs: startMs + lasts };
        const parts = [...byBusinessDay([whole], clock)];
        const all = parts.flatMap(([, own]) => own);
        expect(union(all)).toEqual([expect.objectContaining({ fromMs: whole.fromMs, toMs: whole.toMs })]);
        expect(lengthMs(all)).toBe(lasts);
        for (const [day, own] of parts) {
          for (const { fromMs } of own) expect(dayAt(fromMs, clock)).toBe(day as BusinessDay);
        }
      }),
    );
  });
});
