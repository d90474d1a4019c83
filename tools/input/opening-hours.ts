/** Opening hours as operators type them: `1-5 10:00-22:00; 6,7 09:00-02:00`; Monday is 1. */
import type { OpeningHours } from '#domain/chain/opening-hours.ts';
import type { Weekday } from '#domain/chain/wall-clock.ts';
import { parseClock } from '#domain/chain/wall-clock.ts';
import { UserError } from '../command.ts';

type Period = OpeningHours[number];

export const HOURS_HELP =
  'days (1 is Monday) and times: "1-5 10:00-22:00; 6,7 09:00-02:00". A closing time not after the opening time is on the next day';

const PERIOD = /^([\d,\s-]+?)\s+(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/;
const DAYS = /^([1-7])(?:\s*-\s*([1-7]))?$/;

const MINUTES_PER_DAY = 1_440;
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;

/** Parses opening hours. Throws a UserError where the text has another form, or two periods overlap. */
export function readHours(text: string): OpeningHours {
  const hours = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(readPeriod);
  if (hours.length === 0) throw new UserError(`"${text}" contains no opening hours; format: ${HOURS_HELP}`);
  const overlap = overlapIn(hours);
  if (overlap !== undefined) throw new UserError(`opening hours "${text}" overlap on day ${overlap}`);
  return hours;
}

function readPeriod(text: string): Period {
  const [, days, open, close] = PERIOD.exec(text) ?? [];
  if (days === undefined || open === undefined || close === undefined) {
    throw new UserError(`"${text}" is not a valid opening period; format: ${HOURS_HELP}`);
  }
  // 24:00 is common notation for the end of a day, but not a valid time of day.
  return { days: readDays(days), open: readTime(open), close: readTime(close === '24:00' ? '00:00' : close) };
}

function readDays(text: string): Weekday[] {
  return text.split(',').flatMap((part) => {
    const [, first, last = first] = DAYS.exec(part.trim()) ?? [];
    if (first === undefined || Number(last) < Number(first)) {
      throw new UserError(`"${part.trim()}" is neither a day from 1 (Monday) to 7 nor a range such as 1-5`);
    }
    const count = Number(last) - Number(first) + 1;
    return Array.from({ length: count }, (_, index) => (Number(first) + index) as Weekday);
  });
}

function readTime(text: string): string {
  const padded = text.padStart(5, '0');
  if (parseClock(padded) === undefined) throw new UserError(`"${text}" is not a time of day such as 09:30`);
  return padded;
}

/** Returns a day on which two periods overlap; undefined where none do. */
function overlapIn(hours: OpeningHours): Weekday | undefined {
  const all = hours
    .flatMap(({ days, open, close }) => {
      const from = parseClock(open) ?? 0;
      const length = (parseClock(close) ?? 0) - from;
      const minutes = length > 0 ? length : length + MINUTES_PER_DAY;
      return days.map((day) => ({ day, from: (day - 1) * MINUTES_PER_DAY + from, minutes }));
    })
    .sort((a, b) => a.from - b.from);
  return all.find(({ from, minutes }, index) => {
    // The week wraps around: the last period is followed by the first.
    const next = all[index + 1]?.from ?? (all[0]?.from ?? 0) + MINUTES_PER_WEEK;
    return from + minutes > next;
  })?.day;
}

/** Returns opening hours in the form that `readHours` parses. */
export const formatHours = (hours: OpeningHours): string =>
  hours.map(({ days, open, close }) => `${formatDays(days)} ${open}-${close}`).join('; ');

function formatDays(days: readonly Weekday[]): string {
  const runs: Weekday[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(','))).join(',');
}
