/**
 * What the clock on a store's wall shows: the day, the day of the week and the minute. Rules that shop people write
 * ("not after nine in the evening", "Saturdays until two") speak of that clock and of no other. On the night it is put
 * back it shows an hour twice, and such a rule holds both times; the hour it leaves out in spring never comes.
 */
import { offsetMinutesAt } from './business-day.ts';

const MINUTE_MS = 60_000;
const MINUTES_PER_DAY = 1_440;
/** 1970-01-01, the day of number 0, was a Thursday. */
const WEEKDAY_OF_DAY_0 = 4;

export interface WallClock {
  /** Days of the calendar since 1970-01-01; the next day is the next number, however many hours this one has. */
  readonly dayNumber: number;
  /** ISO 8601: Monday is 1, Sunday 7. */
  readonly weekday: Weekday;
  /** 0 … 1439, rounded down. */
  readonly minute: number;
}

export function wallClockAt(instantMs: number, timeZone: string): WallClock {
  const minutes = Math.floor(instantMs / MINUTE_MS) + offsetMinutesAt(instantMs, timeZone);
  const dayNumber = Math.floor(minutes / MINUTES_PER_DAY);
  return { dayNumber, weekday: weekdayOf(dayNumber), minute: minutes - dayNumber * MINUTES_PER_DAY };
}

/** A whole number modulo 7 is one of seven. */
const weekdayOf = (dayNumber: number): Weekday =>
  (((((dayNumber + WEEKDAY_OF_DAY_0 - 1) % 7) + 7) % 7) + 1) as Weekday;

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Reads `00:00` … `23:59` as minutes after midnight; undefined for anything else. */
export function parseClock(text: string): number | undefined {
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/**
 * Whether the clock is at or past `from` and not yet at `until`, of a stretch that goes past midnight where `until` is
 * not after `from`. A stretch from a minute to the same minute is the whole day.
 */
export const isBetween = (minute: number, from: number, until: number): boolean =>
  from < until ? minute >= from && minute < until : minute >= from || minute < until;

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
