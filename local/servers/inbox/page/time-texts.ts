/** Times as the page shows them, in its language and the browser's time zone. */
import { LANGUAGE, WORDS } from './words.ts';

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/**
 * Returns a time relative to `nowMs` within the last hour, else the time of day, with the date if it is not
 * today's.
 */
export function timeText(atMs: number, nowMs: number): string {
  const seconds = Math.round((nowMs - atMs) / 1000);
  if (seconds < 60) return WORDS.now;
  if (seconds < 3_600) {
    const relative = new Intl.RelativeTimeFormat(LANGUAGE, { style: 'narrow' });
    return relative.format(-Math.floor(seconds / 60), 'minute');
  }
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  const date = isToday ? {} : ({ month: 'short', day: 'numeric' } as const);
  return new Intl.DateTimeFormat(LANGUAGE, { ...date, ...CLOCK }).format(atMs);
}

/** Returns the time of day in hours and minutes. */
export const clockText = (atMs: number): string => new Intl.DateTimeFormat(LANGUAGE, CLOCK).format(atMs);

/** Returns the weekday and the date, without the year. */
export const dayText = (atMs: number): string =>
  new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', month: 'long', day: 'numeric' }).format(atMs);
