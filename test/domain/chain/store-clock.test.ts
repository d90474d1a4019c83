import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type BusinessDay } from '#domain/chain/business-day.ts';
import {
  changedClock,
  clockOn,
  dayAt,
  localTimeAt,
  parseStoreTime,
  type StoreClock,
} from '#domain/chain/store-clock.ts';

const day = (text: string) => text as BusinessDay;
const at = (text: string) => Date.parse(text);

const NIGHT: StoreClock = { timeZone: 'Asia/Shanghai', dayCutMinutes: 240 };
/** From New Year's Day on the day changes at midnight. */
const MIDNIGHT = changedClock(NIGHT, { timeZone: 'Asia/Shanghai', dayCutMinutes: 0 }, day('2027-01-01'));

describe('a store that changes its day cut', () => {
  it('keeps the business days before the change, and has the new cut after it (R4)', () => {
    expect(dayAt(at('2026-12-30T03:00:00+08:00'), MIDNIGHT)).toBe('2026-12-29');
    expect(dayAt(at('2026-12-31T23:00:00+08:00'), MIDNIGHT)).toBe('2026-12-31');
    expect(dayAt(at('2027-01-01T00:30:00+08:00'), MIDNIGHT)).toBe('2027-01-01');
    expect(dayAt(at('2027-01-02T03:00:00+08:00'), MIDNIGHT)).toBe('2027-01-02');
  });

  it('gives the hours between an earlier and a later cut to the last day of the earlier clock (R4)', () => {
    const later = changedClock({ timeZone: 'Asia/Shanghai', dayCutMinutes: 0 }, NIGHT, day('2027-01-01'));
    expect(dayAt(at('2027-01-01T02:00:00+08:00'), later)).toBe('2027-01-01');
    expect(dayAt(at('2027-01-01T05:00:00+08:00'), later)).toBe('2027-01-01');
    expect(dayAt(at('2027-01-02T02:00:00+08:00'), later)).toBe('2027-01-01');
  });

  it('changes again only from a later day on (R4)', () => {
    expect(() => changedClock(MIDNIGHT, NIGHT, day('2027-01-01'))).toThrow(
      'the present clock begins on 2027-01-01; the next one can begin on 2027-01-02',
    );
  });

  it('has one business day for each instant, which never goes back and skips none (R4)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: -40, max: 40 }),
        (before, after, hours) => {
          const store = changedClock(
            { timeZone: 'Asia/Shanghai', dayCutMinutes: before },
            { timeZone: 'Asia/Shanghai', dayCutMinutes: after },
            day('2027-01-01'),
          );
          const instantMs = at('2027-01-01T00:00:00+08:00') + hours * 3_600_000;
          const [first, next] = [dayAt(instantMs, store), dayAt(instantMs + 3_600_000, store)];
          expect([first, addDays(first, 1)]).toContain(next);
        },
      ),
    );
  });
});

describe('a store that changes its time zone', () => {
  const moved = changedClock(
    { timeZone: 'Asia/Shanghai', dayCutMinutes: 0 },
    { timeZone: 'Asia/Tokyo', dayCutMinutes: 0 },
    day('2027-01-01'),
  );

  it('reads a local time in the zone that it had on that day (R4)', () => {
    expect(parseStoreTime('2026-12-31T10:00:00', moved)).toEqual({
      day: '2026-12-31',
      time: { instantMs: at('2026-12-31T10:00:00+08:00'), offsetMinutes: 480 },
    });
    expect(parseStoreTime('2027-01-01T10:00:00', moved)).toEqual({
      day: '2027-01-01',
      time: { instantMs: at('2027-01-01T10:00:00+09:00'), offsetMinutes: 540 },
    });
    expect(parseStoreTime('2027-13-01T10:00:00', moved)).toBeUndefined();
  });

  it('shows an instant with the offset of then (R4)', () => {
    expect(localTimeAt(at('2026-12-31T02:00:00Z'), moved).offsetMinutes).toBe(480);
    expect(localTimeAt(at('2027-01-31T02:00:00Z'), moved).offsetMinutes).toBe(540);
    expect(clockOn(day('2026-12-31'), moved).timeZone).toBe('Asia/Shanghai');
    expect(clockOn(day('2027-01-01'), moved).timeZone).toBe('Asia/Tokyo');
  });
});
