/** The wall clock and the business day of a store at an instant. */
import { type BusinessDay, businessDayOf, type LocalTime, offsetMinutesAt } from './business-day.ts';
import type { Store } from './store.ts';

export type StoreClock = Pick<Store, 'timeZone' | 'dayCutMinutes'>;

/** Returns an instant with the offset of the store's wall clock at it. */
export const localTimeAt = (instantMs: number, { timeZone }: StoreClock): LocalTime => ({
  instantMs,
  offsetMinutes: offsetMinutesAt(instantMs, timeZone),
});

/** Returns the store's business day at an instant. */
export const dayAt = (instantMs: number, clock: StoreClock): BusinessDay =>
  businessDayOf(localTimeAt(instantMs, clock), clock.dayCutMinutes);
