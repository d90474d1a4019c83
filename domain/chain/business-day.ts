/**
 * Local time and business days of a store. A business day ends when the last till is cashed up, which in a night
 * market is 04:00 and not midnight.
 *
 * `Intl` is the only time zone database that every runtime here carries (Lambda, phone, laptop). A lookup in it is slow,
 * so offsets are cached per quarter of an hour. Some zones changed their clocks within a quarter (Newfoundland and Gaza
 * at one minute past midnight); such a quarter is never cached.
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from './duration.ts';

declare const brand: unique symbol;

/** A business day, `YYYY-MM-DD`. */
export type BusinessDay = string & { readonly [brand]: 'BusinessDay' };

const QUARTER_MS = 15 * MINUTE_MS;
const OFFSETS_CACHED_MAX = 20_000;

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Reports whether the time zone database has an IANA name such as `Asia/Shanghai`. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', hour: 'numeric' });
    formats.set(timeZone, format);
  }
  return format;
}

/**
 * Returns how many minutes a zone's wall clock is ahead of UTC at an instant; below 0 west of Greenwich.
 *
 * @throws RangeError for an unknown zone
 */
export function offsetMinutesAt(instantMs: number, timeZone: string): number {
  const quarter = Math.floor(instantMs / QUARTER_MS);
  const key = `${timeZone} ${quarter}`;
  const cached = offsets.get(key);
  if (cached !== undefined) return cached;
  const offset = readOffset(quarter * QUARTER_MS, timeZone);
  if (readOffset((quarter + 1) * QUARTER_MS - 1, timeZone) !== offset) return readOffset(instantMs, timeZone);
  if (offsets.size >= OFFSETS_CACHED_MAX) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

function readOffset(instantMs: number, timeZone: string): number {
  const name = formatOf(timeZone)
    .formatToParts(instantMs)
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name ?? '');
  if (match === null) throw new RangeError(`no offset for ${timeZone}`);
  const minutes = match[1] === undefined ? 0 : Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}

/** An instant, and the offset from UTC of the wall clock that showed it. */
export interface LocalTime {
  readonly instantMs: number;
  readonly offsetMinutes: number;
}

/** Formats a time as RFC 3339 with its offset, `2026-11-22T10:03:12+08:00`; milliseconds appear unless they are 0. */
export function formatLocalTime({ instantMs, offsetMinutes }: LocalTime): string {
  const wall = new Date(instantMs + offsetMinutes * MINUTE_MS).toISOString();
  const clock = instantMs % 1000 === 0 ? wall.slice(0, 19) : wall.slice(0, 23);
  const size = Math.abs(offsetMinutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  return `${clock}${offsetMinutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`;
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Parses RFC 3339; a text without an offset is in the zone's wall time. A wall time that occurred twice (an hour back in
 * autumn) is the first occurrence; one that never occurred (an hour forward in spring) takes the offset before the
 * change. Undefined for a text that is no time.
 */
export function parseLocalTime(text: string, timeZone: string): LocalTime | undefined {
  const match = TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone] = match;
  const wallMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  );
  const back = new Date(wallMs);
  // Date.UTC also takes the years 0 … 99 for 1900 … 1999.
  const isRealDate = back.toISOString().slice(0, 10) === `${year}-${month}-${day}`;
  if (!isRealDate || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (zone !== undefined) {
    const shift = zone === 'Z' ? 0 : zoneMinutes(zone);
    if (shift === undefined) return undefined;
    const instantMs = wallMs - shift * MINUTE_MS;
    return { instantMs, offsetMinutes: offsetMinutesAt(instantMs, timeZone) };
  }
  // The offset a day earlier is the one before any change, and the earlier of two occurrences has it.
  const before = offsetMinutesAt(wallMs - DAY_MS, timeZone);
  const first = wallMs - before * MINUTE_MS;
  if (offsetMinutesAt(first, timeZone) === before) return { instantMs: first, offsetMinutes: before };
  const after = offsetMinutesAt(wallMs + DAY_MS, timeZone);
  const changed = wallMs - after * MINUTE_MS;
  const hasOccurred = offsetMinutesAt(changed, timeZone) === after;
  return hasOccurred
    ? { instantMs: changed, offsetMinutes: after }
    : { instantMs: first, offsetMinutes: offsetMinutesAt(first, timeZone) };
}

function zoneMinutes(zone: string): number | undefined {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Returns the business day of a time where the day changes `dayCutMinutes` after midnight (0 … 1439). */
export function businessDayOf(time: LocalTime, dayCutMinutes: number): BusinessDay {
  const wallMs = time.instantMs + (time.offsetMinutes - dayCutMinutes) * MINUTE_MS;
  return new Date(wallMs).toISOString().slice(0, 10) as BusinessDay;
}

/** Returns the instant at which the wall clock's hour started. Zones with half hours start theirs at :30 UTC. */
export function hourStartMs({ instantMs, offsetMinutes }: LocalTime): number {
  const shift = offsetMinutes * MINUTE_MS;
  return Math.floor((instantMs + shift) / HOUR_MS) * HOUR_MS - shift;
}

/** Returns the instant at which the minute of a time started. */
export const minuteStartMs = ({ instantMs }: LocalTime): number =>
  Math.floor(instantMs / MINUTE_MS) * MINUTE_MS;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Parses `YYYY-MM-DD`; undefined where the calendar has no such day. */
export function parseBusinessDay(text: string): BusinessDay | undefined {
  if (!DAY.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text
    ? undefined
    : (text as BusinessDay);
}

/** Returns the day that is `days` after a day, or before it where `days` is below 0. */
export function addDays(day: BusinessDay, days: number): BusinessDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as BusinessDay;
}

/** Counts the days from `from` to `to`, both included; 0 or less where `to` is before `from`. */
export function countDays(from: BusinessDay, to: BusinessDay): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}
