import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  type BusinessDay,
  businessDayOf,
  countDays,
  formatLocalTime,
  hourStartMs,
  isTimeZone,
  minuteStartMs,
  offsetMinutesAt,
  parseBusinessDay,
  parseLocalTime,
} from '#domain/chain/business-day.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import { instantMs, TIME_ZONES, timeZone } from '../../support/arbitraries.ts';

const localTime = (instant: number, zone: string) => ({
  instantMs: instant,
  offsetMinutes: offsetMinutesAt(instant, zone),
});

/** The wall clock computed in another way than the code's: the parts of a date, parsed as if they were UTC. */
const clocks = new Map(
  TIME_ZONES.map((zone) => [
    zone,
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }),
  ]),
);
function offsetByWallClock(instant: number, zone: (typeof TIME_ZONES)[number]): number {
  const parts = new Map((clocks.get(zone)?.formatToParts(instant) ?? []).map((p) => [p.type, p.value]));
  const get = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const wall = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return (wall - Math.floor(instant / 1000) * 1000) / 60_000;
}

describe("a zone's offset", () => {
  it('agrees with the wall clock at any instant, in any order of lookups', () => {
    fc.assert(
      fc.property(instantMs, timeZone, (instant, zone) => {
        expect(offsetMinutesAt(instant, zone)).toBe(offsetByWallClock(instant, zone));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is right to the minute around each change of a year, also where clocks change at 00:01', () => {
    for (const zone of ['America/St_Johns', 'Australia/Lord_Howe', 'America/New_York'] as const) {
      for (let hour = Date.UTC(2009, 0); hour < Date.UTC(2010, 0); hour += HOUR_MS) {
        if (offsetByWallClock(hour, zone) === offsetByWallClock(hour + HOUR_MS, zone)) continue;
        for (let at = hour; at <= hour + HOUR_MS; at += 60_000) {
          expect(offsetMinutesAt(at, zone)).toBe(offsetByWallClock(at, zone));
        }
      }
    }
  });

  it('exists for known zones only', () => {
    expect(isTimeZone('Asia/Kathmandu')).toBe(true);
    expect(isTimeZone('Asia/Atlantis')).toBe(false);
    expect(() => offsetMinutesAt(0, 'Asia/Atlantis')).toThrow(RangeError);
  });
});

describe('a local time', () => {
  it('survives a round trip through text in every zone', () => {
    fc.assert(
      fc.property(instantMs, timeZone, timeZone, (instant, zone, storeZone) => {
        const text = formatLocalTime(localTime(instant, zone));
        expect(parseLocalTime(text, storeZone)).toEqual(localTime(instant, storeZone));
        expect(Date.parse(text)).toBe(instant);
      }),
    );
  });

  it('keeps every millisecond', () => {
    for (let ms = 0; ms < 1000; ms++) {
      const text = `2026-11-22T10:03:12.${String(ms).padStart(3, '0')}Z`;
      expect(parseLocalTime(text, 'UTC')?.instantMs).toBe(Date.UTC(2026, 10, 22, 10, 3, 12, ms));
    }
  });

  it("is on the store's wall clock without an offset: the first occurrence of an hour that occurs twice", () => {
    fc.assert(
      fc.property(instantMs, timeZone, (instant, zone) => {
        const time = localTime(instant, zone);
        const wall = formatLocalTime(time).replace(/[+-]\d\d:\d\d$/, '');
        const read = parseLocalTime(wall, zone);
        expect(read && formatLocalTime(read).startsWith(wall)).toBe(true);
        expect(read?.instantMs).toBeLessThanOrEqual(instant);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['that occurs twice', 'America/New_York', '2026-11-01T01:30', '2026-11-01T01:30:00-04:00'],
    ['that occurs twice', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-05T01:45:00+11:00'],
    ['that never occurs', 'America/New_York', '2026-03-08T02:30', '2026-03-08T03:30:00-04:00'],
    ['that never occurs', 'Australia/Lord_Howe', '2026-10-04T02:10', '2026-10-04T02:40:00+11:00'],
    [
      'with a quarter of an hour in its offset',
      'Asia/Kathmandu',
      '2026-11-22 10:03:12',
      '2026-11-22T10:03:12+05:45',
    ],
    [
      'of the evening before the clocks change',
      'America/New_York',
      '2026-10-31T23:59',
      '2026-10-31T23:59:00-04:00',
    ],
    ['of the morning after', 'America/New_York', '2026-11-01T03:00', '2026-11-01T03:00:00-05:00'],
  ])('parses a wall time %s in %s: %s', (_, zone, wall, written) => {
    const read = parseLocalTime(wall, zone);
    expect(read && formatLocalTime(read)).toBe(written);
  });

  it.each([
    '',
    'now',
    '2026-11-22',
    '2026-02-30T10:00',
    '2026-13-01T10:00',
    '2026-11-22T24:00',
    '2026-11-22T10:60',
    '2026-11-22T10:00:60',
    '2026-11-22T10:00+24:00',
    '2026-11-22T10:00+08',
    '0026-11-22T10:00',
    '2026-11-22T10:00:00.Z',
    '2026-11-22T10:00:00Z\n',
  ])('is not %j', (text) => {
    expect(parseLocalTime(text, 'Asia/Shanghai')).toBeUndefined();
  });
});

describe('a business day', () => {
  it('begins at the cut, not at midnight', () => {
    const at = (text: string, cut: number) => {
      const time = parseLocalTime(text, 'Asia/Shanghai');
      return time && businessDayOf(time, cut);
    };
    expect(at('2026-11-23T03:59:59.999', 240)).toBe('2026-11-22');
    expect(at('2026-11-23T04:00', 240)).toBe('2026-11-23');
    expect(at('2026-11-23T00:00', 0)).toBe('2026-11-23');
    expect(at('2026-11-22T23:59:59', 0)).toBe('2026-11-22');
    expect(at('2026-11-23T23:58', 1439)).toBe('2026-11-22');
    expect(at('2026-11-23T23:59', 1439)).toBe('2026-11-23');
  });

  it('is the wall clock’s date after the cut, and the day before until then', () => {
    fc.assert(
      fc.property(instantMs, timeZone, fc.integer({ min: 0, max: 1439 }), (instant, zone, cut) => {
        const time = localTime(instant, zone);
        const [date = '', clock = ''] = formatLocalTime(time).split('T');
        const minutes = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
        const expected = minutes >= cut ? date : addDays(date as BusinessDay, -1);
        expect(businessDayOf(time, cut)).toBe(expected);
      }),
    );
  });

  it('is a day of the calendar, leap days included', () => {
    expect(parseBusinessDay('2028-02-29')).toBe('2028-02-29');
    for (const text of [
      '2026-02-29',
      '2026-11-31',
      '2026-1-1',
      '2026-11-22T',
      ' 2026-11-22',
      '2026-00-10',
      '',
    ]) {
      expect(parseBusinessDay(text)).toBeUndefined();
    }
  });

  it('has the distance in days by which it was moved', () => {
    const day = fc.integer({ min: 0, max: 20_000 }).map((n) => addDays('2000-01-01' as BusinessDay, n));
    fc.assert(
      fc.property(day, fc.integer({ min: -800, max: 800 }), (from, days) => {
        expect(parseBusinessDay(from)).toBe(from);
        expect(countDays(from, addDays(from, days))).toBe(days + 1);
        expect(addDays(addDays(from, days), -days)).toBe(from);
      }),
    );
  });
});

describe('the start of an hour and of a minute', () => {
  it("is on the wall clock's full hour or minute, at or before the instant", () => {
    fc.assert(
      fc.property(instantMs, timeZone, (instant, zone) => {
        const time = localTime(instant, zone);
        const hour = hourStartMs(time);
        expect(instant - hour).toBeGreaterThanOrEqual(0);
        expect(instant - hour).toBeLessThan(HOUR_MS);
        expect(formatLocalTime({ ...time, instantMs: hour })).toMatch(/T\d\d:00:00[+-]/);
        const minute = minuteStartMs(time);
        expect(instant - minute).toBeGreaterThanOrEqual(0);
        expect(instant - minute).toBeLessThan(60_000);
        expect(formatLocalTime({ ...time, instantMs: minute })).toMatch(/T\d\d:\d\d:00[+-]/);
      }),
    );
  });

  it('is at half past the hour of UTC in zones with half hours', () => {
    const time = localTime(Date.UTC(2026, 10, 22, 10, 3), 'Asia/Kolkata');
    expect(hourStartMs(time)).toBe(Date.UTC(2026, 10, 22, 9, 30));
  });
});
