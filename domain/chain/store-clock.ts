/**
 * The wall clock and the business day of a store at an instant.
 *
 * A store may change its day cut or its time zone, from a business day on. The earlier values are kept, because a till that
 * was offline, or a file that is imported again, still reports old days; under the new cut the same receipt would be another
 * day's, and would count twice.
 */
import {
  addDays,
  type BusinessDay,
  businessDayOf,
  type LocalTime,
  offsetMinutesAt,
  parseLocalTime,
} from './business-day.ts';

/** A time zone and a day cut. */
export interface DayClock {
  /** IANA name: `Asia/Shanghai`. */
  readonly timeZone: string;
  /** Minutes after midnight at which the business day changes, 0 … 1439. */
  readonly dayCutMinutes: number;
}

/** The clock of a store, with those that it had before. */
export interface StoreClock extends DayClock {
  /** Oldest first; absent where the clock never changed. */
  readonly earlierClocks?: readonly EarlierClock[];
}

/** A clock that a store had. */
export interface EarlierClock extends DayClock {
  /** The first business day of the clock after it. */
  readonly until: BusinessDay;
}

/** Earlier clocks of a store; a chain changes its cut once in years. */
export const EARLIER_CLOCKS_MAX = 50;

interface ClockPeriod extends DayClock {
  /** Absent for the oldest. */
  readonly from?: BusinessDay;
}

/** Returns a store's clocks, the newest first, each with its first business day. */
function periodsOf({ timeZone, dayCutMinutes, earlierClocks = [] }: StoreClock): ClockPeriod[] {
  const clocks = [...earlierClocks, { timeZone, dayCutMinutes }];
  return clocks
    .map((clock, index): ClockPeriod => {
      const from = earlierClocks[index - 1]?.until;
      return {
        timeZone: clock.timeZone,
        dayCutMinutes: clock.dayCutMinutes,
        ...(from === undefined ? {} : { from }),
      };
    })
    .reverse();
}

/**
 * Returns the newest clock by which the business day of a time is one of its own. The oldest has no first day, so each time
 * has exactly one clock.
 */
function inPeriod(clock: StoreClock, timeIn: (period: ClockPeriod) => LocalTime): StoreTime {
  const periods = periodsOf(clock);
  for (const period of periods) {
    const time = timeIn(period);
    const day = businessDayOf(time, period.dayCutMinutes);
    if (period.from === undefined || day >= period.from) return { time, day };
  }
  throw new Error('a store has an oldest clock');
}

/** A time on a store's wall clock, and the business day that it belongs to. */
export interface StoreTime {
  readonly time: LocalTime;
  readonly day: BusinessDay;
}

/**
 * Parses a time as a till writes it; undefined for a text that is no time. Without an offset it is the wall time of the zone
 * that the store had then.
 *
 * @throws RangeError for an unknown zone
 */
export function parseStoreTime(text: string, clock: StoreClock): StoreTime | undefined {
  if (parseLocalTime(text, clock.timeZone) === undefined) return undefined;
  return inPeriod(clock, ({ timeZone }) => {
    const time = parseLocalTime(text, timeZone);
    if (time === undefined) throw new Error(`a time that only some zones can parse: ${text}`);
    return time;
  });
}

const storeTimeAt = (instantMs: number, clock: StoreClock): StoreTime =>
  inPeriod(clock, ({ timeZone }) => ({ instantMs, offsetMinutes: offsetMinutesAt(instantMs, timeZone) }));

/** Returns an instant with the offset of the store's wall clock at it. */
export const localTimeAt = (instantMs: number, clock: StoreClock): LocalTime =>
  storeTimeAt(instantMs, clock).time;

/** Returns the store's business day at an instant. */
export const dayAt = (instantMs: number, clock: StoreClock): BusinessDay => storeTimeAt(instantMs, clock).day;

/** Returns the zone and the day cut that a store has on a business day. */
export function clockOn(day: BusinessDay, clock: StoreClock): DayClock {
  const period = periodsOf(clock).find(({ from }) => from === undefined || day >= from);
  return period ?? clock;
}

/**
 * Returns the clock of a store that changes from a business day on, with the earlier values kept for the days before it.
 *
 * @param from must be later than the first day of the present clock
 * @throws RangeError where it is not, or where the store has changed its clock too often
 */
export function changedClock(before: StoreClock, after: DayClock, from: BusinessDay): StoreClock {
  const earlier = before.earlierClocks ?? [];
  const since = earlier.at(-1)?.until;
  if (since !== undefined && from <= since) {
    throw new RangeError(
      `the present clock begins on ${since}; the next one can begin on ${addDays(since, 1)}`,
    );
  }
  if (earlier.length >= EARLIER_CLOCKS_MAX) {
    throw new RangeError(`a store can change its clock ${EARLIER_CLOCKS_MAX} times`);
  }
  const { timeZone, dayCutMinutes } = before;
  return {
    timeZone: after.timeZone,
    dayCutMinutes: after.dayCutMinutes,
    earlierClocks: [...earlier, { timeZone, dayCutMinutes, until: from }],
  };
}
