/**
 * The hours in which no phone is made to ring. They are hours of the store's wall clock: whoever is near the store lives
 * by it, and on the two nights of the year on which it jumps the rule jumps with it. On the night it is put back the
 * repeated hour is quiet both times.
 */
import { isBetween, parseClock, wallClockAt } from '../chain/wall-clock.ts';

export interface QuietHours {
  /** HH:MM, from this minute on. */
  readonly from: string;
  /** HH:MM, until before this minute; at or before `from` it is of the next day. */
  readonly until: string;
}

/** Whether an instant is in quiet hours. Hours that cannot be read are quiet: a push too few does less harm than one at night. */
export function isQuiet({ from, until }: QuietHours, instantMs: number, timeZone: string): boolean {
  const [start, end] = [parseClock(from), parseClock(until)];
  if (start === undefined || end === undefined) return true;
  return isBetween(wallClockAt(instantMs, timeZone).minute, start, end);
}
