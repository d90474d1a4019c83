/** Opening hours as people type them: `1-5 10:00-22:00; 6,7 09:00-02:00`, Monday being 1. */
import type { OpeningHours, Weekday } from '#domain/chain/opening-hours.ts';
import { parseClock } from '#domain/chain/wall-clock.ts';
import { UserError } from '../command.ts';

type Stretch = OpeningHours[number];

export const HOURS_HELP =
  'days (1 is Monday) and times: "1-5 10:00-22:00; 6,7 09:00-02:00". A time that is not after the first is of the next day';

const STRETCH = /^([\d,\s-]+?)\s+(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})$/;
const DAYS = /^([1-7])(?:\s*-\s*([1-7]))?$/;

const MINUTES_PER_DAY = 1_440;
const MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY;

/** Reads hours; throws what is wrong with them. */
export function readHours(text: string): OpeningHours {
  const hours = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(readStretch);
  if (hours.length === 0) throw new UserError(`"${text}" names no hours; they are written ${HOURS_HELP}`);
  const clash = clashIn(hours);
  if (clash !== undefined) throw new UserError(`hours "${text}" tell day ${clash} twice over`);
  return hours;
}

function readStretch(text: string): Stretch {
  const [, days, open, close] = STRETCH.exec(text) ?? [];
  if (days === undefined || open === undefined || close === undefined) {
    throw new UserError(`"${text}" is no hours; they are written ${HOURS_HELP}`);
  }
  // People write the end of a day as its 24th hour, which no clock shows.
  return { days: readDays(days), open: readTime(open), close: readTime(close === '24:00' ? '00:00' : close) };
}

function readDays(text: string): Weekday[] {
  return text.split(',').flatMap((part) => {
    const [, first, last = first] = DAYS.exec(part.trim()) ?? [];
    if (first === undefined || Number(last) < Number(first)) {
      throw new UserError(`"${part.trim()}" is no day from 1 (Monday) to 7, and no days such as 1-5`);
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

/** A day on which two stretches overlap; undefined where none do. */
function clashIn(hours: OpeningHours): Weekday | undefined {
  const all = hours
    .flatMap(({ days, open, close }) => {
      const from = parseClock(open) ?? 0;
      const length = (parseClock(close) ?? 0) - from;
      const minutes = length > 0 ? length : length + MINUTES_PER_DAY;
      return days.map((day) => ({ day, from: (day - 1) * MINUTES_PER_DAY + from, minutes }));
    })
    .sort((a, b) => a.from - b.from);
  return all.find(({ from, minutes }, index) => {
    // The week is a circle: behind its last stretch comes its first.
    const next = all[index + 1]?.from ?? (all[0]?.from ?? 0) + MINUTES_PER_WEEK;
    return from + minutes > next;
  })?.day;
}

/** Writes hours as they are read. */
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
