/** When a store is open, by the days of its week and its own wall clock; a stretch may end past midnight. */
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
 * A store of which nobody has said when it is open may be open at any time. One with no hours at all is closed; so is
 * one with hours that cannot be read. A stretch past midnight belongs to the day on which it began.
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
