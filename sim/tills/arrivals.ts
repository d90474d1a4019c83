/**
 * Customer traffic of a store over the day: quiet nights, a peak at noon and a longer one in the evening. The demonstration
 * can start at any hour of any time zone, so its stores never close; they only have few customers at night.
 */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import type { Random } from '../random.ts';

/** Relative number of customers by local hour. */
const WEIGHTS = [
  3, 2, 1, 1, 1, 1, 2, 4, 8, 14, 30, 42, 52, 46, 38, 38, 42, 50, 62, 74, 70, 48, 22, 8,
] as const;

export const WEEKEND_FACTOR = 1.4;

const DAY_HOURS = 24;

/** Returns whether the date of a business day is a Saturday or a Sunday. */
export function isWeekend(day: BusinessDay): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** Returns the traffic of a local hour relative to the average hour. */
export function trafficAt(hour: number): number {
  const sum = WEIGHTS.reduce<number>((total, weight) => total + weight, 0);
  return ((WEIGHTS[hour % DAY_HOURS] ?? 0) * DAY_HOURS) / sum;
}

/** Returns the times at which customers arrive at the till: milliseconds since the start of the business day, ascending. */
export function arrivalsMs(random: Random, count: number, dayCutMinutes: number): number[] {
  const firstHour = Math.floor(dayCutMinutes / 60);
  const hours = WEIGHTS.map((_, index) => index);
  return Array.from({ length: count }, () => {
    const hour = random.pick(hours, (index) => trafficAt(firstHour + index));
    return hour * HOUR_MS + Math.floor(random.next() * HOUR_MS);
  }).sort((a, b) => a - b);
}
