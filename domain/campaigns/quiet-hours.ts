/**
 * The hours in which no push is sent. They are hours of the store's wall clock, which customers near the store live by,
 * and follow it where clocks change. On the night that clocks go back the repeated hour is quiet both times.
 */
import { isBetween, parseClock, wallClockAt } from '../chain/wall-clock.ts';

export interface QuietHours {
  /** HH:MM, included. */
  readonly from: string;
  /** HH:MM, excluded; at or before `from` it is of the next day. */
  readonly until: string;
}

/** Reports whether an instant is in quiet hours. Invalid hours are quiet: a missed push does less harm than one at night. */
export function isQuiet({ from, until }: QuietHours, instantMs: number, timeZone: string): boolean {
  const [start, end] = [parseClock(from), parseClock(until)];
  if (start === undefined || end === undefined) return true;
  return isBetween(wallClockAt(instantMs, timeZone).minute, start, end);
}
