/** Opening hours of a store by day of the week, on its own wall clock; an interval may end past midnight. */
import { parseClock, type Weekday, wallClockAt } from './wall-clock.ts';

export type OpeningHours = readonly {
  /** ISO 8601: Monday is 1, Sunday 7. */
  readonly days: readonly Weekday[];
  /** HH:MM. */
  readonly open: string;
  /** HH:MM; at or before `open` it is of the next day. */
  readonly close: string;
}[];

/**
 * Reports whether a store is open at an instant. Undefined hours mean always open, an empty list means closed, and an
 * interval that cannot be parsed is skipped. An interval past midnight belongs to the day on which it began.
 */
export function isOpen(hours: OpeningHours | undefined, instantMs: number, timeZone: string): boolean {
  if (hours === undefined) return true;
  const { weekday, minute } = wallClockAt(instantMs, timeZone);
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return hours.some(({ days, open, close }) => {
    const [from, until] = [parseClock(open), parseClock(close)];
    if (from === undefined || until === undefined) return false;
    const isOf = (day: number): boolean => days.some((one) => one === day);
    if (from < until) return isOf(weekday) && minute >= from && minute < until;
    return (isOf(weekday) && minute >= from) || (isOf(yesterday) && minute < until);
  });
}
