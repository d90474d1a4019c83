/**
 * A store's wall clock: the day, the day of the week and the minute. Rules that staff write ("not after nine in the
 * evening", "Saturdays until two") refer to it. On the night that clocks go back an hour occurs twice, and such a rule
 * applies both times; the hour skipped in spring never occurs.
 */
import { offsetMinutesAt } from './business-day.ts';
import { MINUTE_MS } from './duration.ts';

const MINUTES_PER_DAY = 1_440;
/** 1970-01-01, the day of number 0, was a Thursday. */
const WEEKDAY_OF_DAY_0 = 4;

export interface WallClock {
  /** Calendar days since 1970-01-01; consecutive days have consecutive numbers, however many hours each has. */
  readonly dayNumber: number;
  /** ISO 8601: Monday is 1, Sunday 7. */
  readonly weekday: Weekday;
  /** 0 … 1439, rounded down. */
  readonly minute: number;
}

/**
 * Returns the wall clock of a zone at an instant.
 *
 * @throws RangeError for an unknown zone
 */
export function wallClockAt(instantMs: number, timeZone: string): WallClock {
  const minutes = Math.floor(instantMs / MINUTE_MS) + offsetMinutesAt(instantMs, timeZone);
  const dayNumber = Math.floor(minutes / MINUTES_PER_DAY);
  return { dayNumber, weekday: weekdayOf(dayNumber), minute: minutes - dayNumber * MINUTES_PER_DAY };
}

/** A whole number modulo 7 is one of seven. */
const weekdayOf = (dayNumber: number): Weekday =>
  (((((dayNumber + WEEKDAY_OF_DAY_0 - 1) % 7) + 7) % 7) + 1) as Weekday;

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Parses `00:00` … `23:59` as minutes after midnight; undefined for anything else. */
export function parseClock(text: string): number | undefined {
  const [, hours, minutes] = CLOCK.exec(text) ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
}

/**
 * Reports whether a minute of the day lies in an interval, `from` included and `until` excluded. The interval goes past
 * midnight where `until` is not after `from`; where both are the same minute it is the whole day.
 */
export const isBetween = (minute: number, from: number, until: number): boolean =>
  from < until ? minute >= from && minute < until : minute >= from || minute < until;

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
