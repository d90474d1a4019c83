/**
 * How a day of a store goes: quiet nights, a noon hump, a long evening. A demonstration is started at any
 * hour of any zone, so these stores never close; at night they only have few customers.
 */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { Random } from './random.ts';

/** Customers by the wall clock's hour, against each other. */
const WEIGHTS = [
  3, 2, 1, 1, 1, 1, 2, 4, 8, 14, 30, 42, 52, 46, 38, 38, 42, 50, 62, 74, 70, 48, 22, 8,
] as const;

export const WEEKEND_FACTOR = 1.4;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_HOURS = 24;

/** Saturday and Sunday, by the date that the business day is called by. */
export function isWeekend(day: BusinessDay): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** How lively a wall clock's hour is, against the average hour. */
export function livelinessAt(hour: number): number {
  const sum = WEIGHTS.reduce<number>((total, weight) => total + weight, 0);
  return ((WEIGHTS[hour % DAY_HOURS] ?? 0) * DAY_HOURS) / sum;
}

/** When customers come to the till on a business day: milliseconds since it began, in order. */
export function arrivalsMs(random: Random, count: number, dayCutMinutes: number): number[] {
  const firstHour = Math.floor(dayCutMinutes / 60);
  const hours = WEIGHTS.map((_, index) => index);
  return Array.from({ length: count }, () => {
    const hour = random.pick(hours, (index) => livelinessAt(firstHour + index));
    return hour * HOUR_MS + Math.floor(random.next() * HOUR_MS);
  }).sort((a, b) => a - b);
}
