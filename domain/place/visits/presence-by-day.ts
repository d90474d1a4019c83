/**
 * Presence by business day. A visitor day covers one day, so a visitor who is in the store when the day
 * changes is present on both. The presence is cut at that instant, so that the parts are the same whether
 * the device sent one message or two.
 */
import { addDays, type BusinessDay, parseLocalTime } from '../../chain/business-day.ts';
import { clockOn, dayAt, type StoreClock } from '../../chain/store-clock.ts';
import type { Presence } from './sighting.ts';

/** Returns presences by the business day they lie in, each cut where a day ends; days in order. */
export function byBusinessDay(
  presences: readonly Presence[],
  clock: StoreClock,
): Map<BusinessDay, [Presence, ...Presence[]]> {
  const days = new Map<BusinessDay, [Presence, ...Presence[]]>();
  const ends = new Map<BusinessDay, number>();
  const endMsOf = (day: BusinessDay): number => {
    const known = ends.get(day) ?? dayEndMs(day, clock);
    ends.set(day, known);
    return known;
  };
  for (const presence of presences.flatMap((whole) => cut(whole, clock, endMsOf))) {
    const day = dayAt(presence.fromMs, clock);
    const known = days.get(day);
    if (known === undefined) days.set(day, [presence]);
    else known.push(presence);
  }
  return new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function cut(presence: Presence, clock: StoreClock, endMsOf: (day: BusinessDay) => number): Presence[] {
  const parts: Presence[] = [];
  let rest = presence;
  for (;;) {
    const endMs = endMsOf(dayAt(rest.fromMs, clock));
    // Where clocks jump over the cut, a day may seem to have ended already; it is then left whole.
    if (rest.toMs <= endMs || endMs <= rest.fromMs) return [...parts, rest];
    parts.push({ ...rest, toMs: endMs });
    rest = { ...rest, fromMs: endMs };
  }
}

function dayEndMs(day: BusinessDay, store: StoreClock): number {
  const { timeZone, dayCutMinutes } = clockOn(addDays(day, 1), store);
  const two = (number: number): string => String(number).padStart(2, '0');
  const clock = `${two(Math.floor(dayCutMinutes / 60))}:${two(dayCutMinutes % 60)}`;
  const end = parseLocalTime(`${addDays(day, 1)}T${clock}`, timeZone);
  return end?.instantMs ?? Number.POSITIVE_INFINITY;
}
