import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offsetMinutesAt } from '#domain/chain/business-day.ts';
import type { ZoneId } from '#domain/chain/ids.ts';
import {
  addVisit,
  type Heatmap,
  SLOT_MINUTES,
  type SlotClock,
  slotStart,
} from '#domain/place/visits/heatmap.ts';
import { type Interval, lengthMs, union } from '#domain/place/visits/intervals.ts';
import { timeZone } from '../../../support/arbitraries.ts';
import { shanghai } from '../../../support/receipts.ts';

const ZONE = 'shoes' as ZoneId;
const SHANGHAI: SlotClock = { timeZone: 'Asia/Shanghai', dayCutMinutes: 0, slotMinutes: 60 };

const clock: fc.Arbitrary<SlotClock> = fc.record({
  timeZone,
  dayCutMinutes: fc.integer({ min: 0, max: 1_439 }),
  slotMinutes: fc.constantFrom(...SLOT_MINUTES),
});
/** Around the nights on which clocks change, among others. */
const start = fc.constantFrom(Date.UTC(2026, 9, 25), Date.UTC(2026, 10, 1, 4), Date.UTC(2026, 3, 4, 14));
const intervals: fc.Arbitrary<Interval[]> = fc
  .tuple(
    start,
    fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000_000 }), fc.oneof(fc.constant(0), fc.nat(4_000_000))), {
      maxLength: 6,
    }),
  )
  .map(([startMs, all]) => union(all.map(([at, ms]) => ({ fromMs: startMs + at, toMs: startMs + at + ms }))));
const visits = fc.array(intervals, { maxLength: 5 });

const heatOf = (of: SlotClock, all: ReadonlyArray<readonly Interval[]>): Heatmap => {
  const heat: Heatmap = new Map();
  for (const one of all) addVisit(heat, of, { zones: [{ zoneId: ZONE, intervals: one }] });
  return heat;
};
const slotsOf = (heat: Heatmap) => [...(heat.get(ZONE)?.slots ?? [])];

describe('heat', () => {
  it('holds all the time there was, in slots as in the whole', () => {
    fc.assert(
      fc.property(clock, visits, (of, all) => {
        const heat = heatOf(of, all);
        const whole = all.reduce((sum, one) => sum + lengthMs(one), 0);
        expect(slotsOf(heat).reduce((sum, [, { ms }]) => sum + ms, 0)).toBe(whole);
        expect(heat.get(ZONE)?.all.ms ?? 0).toBe(whole);
        expect(heat.get(ZONE)?.all.people ?? 0).toBe(all.filter(({ length }) => length > 0).length);
      }),
    );
  });

  it('never holds more time in a slot than it lasts for each of its people', () => {
    fc.assert(
      fc.property(clock, visits, (of, all) => {
        for (const [slot, { people, ms }] of slotsOf(heatOf(of, all))) {
          expect(Number.isInteger(slot)).toBe(true);
          expect(slot).toBeLessThan(1_440 / of.slotMinutes);
          expect(slot).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(people * of.slotMinutes * 60_000);
          expect(people).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('is the sum of the heat of its parts, in any order', () => {
    fc.assert(
      fc.property(clock, visits, (of, all) => {
        const sorted = (heat: Heatmap) => slotsOf(heat).sort(([a], [b]) => a - b);
        expect(sorted(heatOf(of, all.toReversed()))).toEqual(sorted(heatOf(of, all)));
        const halves = heatOf(of, all.slice(0, 2));
        for (const one of all.slice(2)) addVisit(halves, of, { zones: [{ zoneId: ZONE, intervals: one }] });
        expect(sorted(halves)).toEqual(sorted(heatOf(of, all)));
      }),
    );
  });

  it('puts each moment where the wall clock of the store does', () => {
    fc.assert(
      fc.property(clock, start, fc.nat(20_000_000), (of, startMs, more) => {
        const atMs = startMs + more;
        const [entry] = slotsOf(heatOf(of, [[{ fromMs: atMs, toMs: atMs }]]));
        const wall = new Date(atMs + offsetMinutesAt(atMs, of.timeZone) * 60_000);
        const [hours = 0, minutes = 0] = slotStart(of, entry?.[0] ?? -1)
          .split(':')
          .map(Number);
        const since = wall.getUTCHours() * 60 + wall.getUTCMinutes() - (hours * 60 + minutes);
        expect((since + 1_440) % 1_440).toBeLessThan(of.slotMinutes);
        expect(entry?.[1]).toEqual({ people: 1, ms: 0 });
      }),
    );
  });

  it('counts a visitor once in a slot however often they came, and in each slot they were in', () => {
    const at = (text: string): number => shanghai(`2026-11-22T${text}`).instantMs;
    const one = [
      { fromMs: at('10:10'), toMs: at('10:20') },
      { fromMs: at('10:40'), toMs: at('11:15') },
      { fromMs: at('11:30'), toMs: at('12:00') },
    ];
    const heat = heatOf(SHANGHAI, [one]);
    expect(slotsOf(heat)).toEqual([
      [10, { people: 1, ms: 30 * 60_000 }],
      [11, { people: 1, ms: 45 * 60_000 }],
    ]);
    expect(heat.get(ZONE)?.all).toEqual({ people: 1, ms: 75 * 60_000 });
  });

  it('counts a visitor twice who was there in both passes of a repeated hour', () => {
    const berlin: SlotClock = { ...SHANGHAI, timeZone: 'Europe/Berlin' };
    const all = { fromMs: Date.UTC(2026, 9, 25, 0), toMs: Date.UTC(2026, 9, 25, 2) };
    expect(slotsOf(heatOf(berlin, [[all]]))).toEqual([[2, { people: 2, ms: 7_200_000 }]]);
  });

  it('begins its slots at the cut of the day', () => {
    const night: SlotClock = { ...SHANGHAI, dayCutMinutes: 270, slotMinutes: 30 };
    const starts = Array.from({ length: 48 }, (_, slot) => slotStart(night, slot));
    expect(starts[0]).toBe('04:30');
    expect(starts.at(-1)).toBe('04:00');
    expect(new Set(starts).size).toBe(48);
  });
});
