import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isQuiet } from '#domain/campaigns/quiet-hours.ts';
import { formatLocalTime, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { MINUTE_MS } from '#domain/chain/duration.ts';
import { isOpen, type OpeningHours } from '#domain/chain/opening-hours.ts';
import type { Weekday } from '#domain/chain/wall-clock.ts';
import { isBetween, parseClock, wallClockAt } from '#domain/chain/wall-clock.ts';
import { instantMs, timeZone } from '../../support/arbitraries.ts';

const EVENING = { from: '21:00', until: '09:00' };
const at = (text: string): number => Date.parse(text);

const clockText = fc
  .integer({ min: 0, max: 1_439 })
  .map(
    (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
  );

/** The wall clock, taken from the text of the time and not computed. */
function shown(ms: number, zone: string): { readonly clock: string; readonly date: string } {
  const text = formatLocalTime({ instantMs: ms, offsetMinutes: offsetMinutesAt(ms, zone) });
  return { clock: text.slice(11, 16), date: text.slice(0, 10) };
}

describe('a wall clock', () => {
  it('agrees with the store’s local time, to the minute', () => {
    fc.assert(
      fc.property(instantMs, timeZone, (ms, zone) => {
        const { dayNumber, weekday, minute } = wallClockAt(ms, zone);
        const { clock, date } = shown(ms, zone);
        expect(minute).toBe(parseClock(clock));
        expect(new Date(dayNumber * 86_400_000).toISOString().slice(0, 10)).toBe(date);
        expect(weekday % 7).toBe(new Date(`${date}T00:00:00Z`).getUTCDay());
      }),
    );
  });

  it('is parsed from 00:00 to 23:59 and from nothing else', () => {
    expect(parseClock('00:00')).toBe(0);
    expect(parseClock('23:59')).toBe(1_439);
    for (const text of ['24:00', '9:00', '09:60', '09:00:00', ' 09:00', '09.00', '', '٠٩:٠٠']) {
      expect(parseClock(text), text).toBeUndefined();
    }
  });
});

describe('an interval of quiet hours', () => {
  it.each([
    ['2026-11-22T20:59:59+08:00', false],
    ['2026-11-22T21:00:00+08:00', true],
    ['2026-11-23T00:00:00+08:00', true],
    ['2026-11-23T08:59:59+08:00', true],
    ['2026-11-23T09:00:00+08:00', false],
  ])('begins and ends on its minute: %s', (time, isItQuiet) => {
    expect(isQuiet(EVENING, at(time), 'Asia/Shanghai')).toBe(isItQuiet);
  });

  it.each([
    // Summer time begins at 02:00 in Berlin: the night is an hour shorter, and 09:00 comes at 07:00 UTC.
    ['Europe/Berlin', '2026-03-28T19:59:59Z', false],
    ['Europe/Berlin', '2026-03-28T20:00:00Z', true],
    ['Europe/Berlin', '2026-03-29T06:59:59Z', true],
    ['Europe/Berlin', '2026-03-29T07:00:00Z', false],
    ['Europe/Berlin', '2026-03-29T18:59:59Z', false],
    ['Europe/Berlin', '2026-03-29T19:00:00Z', true],
    // It ends on the first of November in New York: the night is an hour longer, and 09:00 comes at 14:00 UTC.
    ['America/New_York', '2026-11-01T00:59:59Z', false],
    ['America/New_York', '2026-11-01T01:00:00Z', true],
    ['America/New_York', '2026-11-01T13:00:00Z', true],
    ['America/New_York', '2026-11-01T13:59:59Z', true],
    ['America/New_York', '2026-11-01T14:00:00Z', false],
    ['America/New_York', '2026-11-02T01:59:59Z', false],
    ['America/New_York', '2026-11-02T02:00:00Z', true],
  ])('follows the wall clock through the night that clocks change: %s %s', (zone, time, isItQuiet) => {
    expect(isQuiet(EVENING, at(time), zone)).toBe(isItQuiet);
  });

  it('is quiet in both occurrences of an hour, and ends where the clock skips its end', () => {
    const small = { from: '01:15', until: '01:45' };
    for (const offset of ['-04:00', '-05:00']) {
      expect(isQuiet(small, at(`2026-11-01T01:14:59${offset}`), 'America/New_York')).toBe(false);
      expect(isQuiet(small, at(`2026-11-01T01:30:00${offset}`), 'America/New_York')).toBe(true);
      expect(isQuiet(small, at(`2026-11-01T01:45:00${offset}`), 'America/New_York')).toBe(false);
    }
    const untilHalfPastTwo = { from: '21:00', until: '02:30' };
    expect(isQuiet(untilHalfPastTwo, at('2026-03-29T01:59:59+01:00'), 'Europe/Berlin')).toBe(true);
    expect(isQuiet(untilHalfPastTwo, at('2026-03-29T03:00:00+02:00'), 'Europe/Berlin')).toBe(false);
  });

  it('is the whole day where it ends when it begins, and where it is invalid', () => {
    expect(isQuiet({ from: '12:00', until: '12:00' }, at('2026-11-22T05:00:00Z'), 'UTC')).toBe(true);
    expect(isQuiet({ from: '12:00', until: 'noon' }, at('2026-11-22T05:00:00Z'), 'UTC')).toBe(true);
  });

  it('covers the wall clock between its two times, in every zone and on every day', () => {
    fc.assert(
      fc.property(instantMs, timeZone, clockText, clockText, (ms, zone, from, until) => {
        const { clock } = shown(ms, zone);
        const expected = from < until ? clock >= from && clock < until : clock >= from || clock < until;
        expect(isQuiet({ from, until }, ms, zone)).toBe(expected);
      }),
    );
  });
});

describe('a set of opening hours', () => {
  const WEEK: OpeningHours = [
    { days: [1, 2, 3, 4, 5], open: '10:00', close: '21:30' },
    { days: [6], open: '10:00', close: '02:00' },
  ];
  const open = (time: string) => isOpen(WEEK, at(`${time}+08:00`), 'Asia/Shanghai');

  it('begins on its minute and ends before the minute of closing', () => {
    expect(open('2026-11-20T09:59:59')).toBe(false);
    expect(open('2026-11-20T10:00:00')).toBe(true);
    expect(open('2026-11-20T21:29:59')).toBe(true);
    expect(open('2026-11-20T21:30:00')).toBe(false);
  });

  it('continues past midnight on the day after it began, and on no other', () => {
    expect(open('2026-11-21T23:59:59')).toBe(true);
    expect(open('2026-11-22T00:00:00')).toBe(true);
    expect(open('2026-11-22T01:59:59')).toBe(true);
    expect(open('2026-11-22T02:00:00')).toBe(false);
    expect(open('2026-11-22T12:00:00')).toBe(false);
    expect(open('2026-11-21T01:00:00')).toBe(false);
  });

  it('continues past midnight from Sunday to Monday', () => {
    const sundays: OpeningHours = [{ days: [7], open: '22:00', close: '00:30' }];
    expect(isOpen(sundays, at('2026-11-23T00:29:00+08:00'), 'Asia/Shanghai')).toBe(true);
    expect(isOpen(sundays, at('2026-11-24T00:29:00+08:00'), 'Asia/Shanghai')).toBe(false);
  });

  it('follows the wall clock on the days that clocks change', () => {
    const nine: OpeningHours = [{ days: [7], open: '09:00', close: '18:00' }];
    expect(isOpen(nine, at('2026-03-29T06:59:59Z'), 'Europe/Berlin')).toBe(false);
    expect(isOpen(nine, at('2026-03-29T07:00:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOpen(nine, at('2026-11-01T13:59:59Z'), 'America/New_York')).toBe(false);
    expect(isOpen(nine, at('2026-11-01T14:00:00Z'), 'America/New_York')).toBe(true);
  });

  it('is always open where undefined, and never where empty or invalid', () => {
    expect(isOpen(undefined, 0, 'UTC')).toBe(true);
    expect(isOpen([], 0, 'UTC')).toBe(false);
    expect(isOpen([{ days: [4], open: 'ten', close: '20:00' }], 11 * 3_600_000, 'UTC')).toBe(false);
  });

  it('covers the minutes of its days from opening to closing', () => {
    fc.assert(
      fc.property(
        instantMs,
        timeZone,
        clockText,
        clockText,
        fc.subarray([1, 2, 3, 4, 5, 6, 7]),
        (ms, zone, from, until, days) => {
          const hours: OpeningHours = [{ days: days as Weekday[], open: from, close: until }];
          const { clock, date } = shown(ms, zone);
          const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
          const yesterday = weekday === 1 ? 7 : weekday - 1;
          const isOfToday = days.includes(weekday) && clock >= from && (from >= until || clock < until);
          const isOfYesterday = from >= until && days.includes(yesterday) && clock < until;
          expect(isOpen(hours, ms, zone)).toBe(isOfToday || isOfYesterday);
        },
      ),
    );
  });

  it('is a day long from a minute to the same minute', () => {
    expect(isBetween(0, 60, 60)).toBe(true);
    const all: OpeningHours = [{ days: [1, 2, 3, 4, 5, 6, 7], open: '10:00', close: '10:00' }];
    for (let minute = 0; minute < 1_440; minute += 97)
      expect(isOpen(all, minute * MINUTE_MS, 'UTC')).toBe(true);
  });
});
