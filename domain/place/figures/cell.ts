/**
 * A cell is one counter row: a scope, a dimension and a stretch of time, and whole numbers. Cells of
 * stores are added to, exactly once per fact; cells of cities, regions and the chain are sums of those.
 *
 * Every store cell belongs to one business day, so that a day can be counted again from its facts alone.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import type { Scope } from '../../chain/staff-scope.ts';

/** Ended visits by the class of their length; `dwell.ts` holds the classes. */
export const DWELL_COUNTERS = [
  'dwell0',
  'dwell1',
  'dwell2',
  'dwell3',
  'dwell4',
  'dwell5',
  'dwell6',
  'dwell7',
  'dwell8',
  'dwell9',
  'dwell10',
  'dwell11',
] as const;

/** What is counted. Money is in ten-thousandths of the currency's unit. */
export const COUNTERS = [
  'transactions', // receipts with at least one line sold at a price
  'units', // pieces sold at a price
  'lines', // lines sold at a price
  'gross', // their value before discounts
  'discount', // what was taken off
  'givenUnits', // pieces given away at a price of 0
  'returnReceipts', // receipts with at least one returned line
  'returnUnits',
  'returnLines',
  'returnValue', // what was given back for them
  'visitors', // visits of people who are not staff, at their first sighting
  'bodies', // all visits, staff included
  'firstVisits', // visits of a visitor never seen before …
  'secondVisits', // … seen once before …
  'regularVisits', // … or more often
  'closedVisits', // visits that have ended, staff left out
  'dwellMs', // how long those lasted, each at most DWELL_MS_MAX
  'assistedVisits', // those in which staff assisted
  'groups', // those of a visitor who came in alone, or first of a group
  'zoneVisits', // ended visits that touched the zone
  'zoneEntries', // how often they came into it
  'zoneMs', // how long they were in it
  'engagedVisits', // those that stayed long enough to look
  'doorIn', // what door counters count
  'doorOut',
  // The two below are in no cell of a store: a sum takes them from the stores and days on which visits were seen, so that
  // what is divided by visitors was sold where visitors were counted.
  'seenTransactions',
  'seenSales',
  // Rows of products hold counters by their place in this list, so new ones are added at its end.
  ...DWELL_COUNTERS,
  'stillVisits', // what stood in one place for an hour: posters, screens, mannequins; no visits
  'conflictingCounts', // counts of doors that contradict others of their sensor, and are in neither doorIn nor doorOut
  'seenVisitors', // visitors of the stores and days of seenTransactions; in no cell of a store, either
  'doorCounts', // how many counts of doors, also of no one
  'targetedSales', // net sales of the stores and days that have a target; in no cell of a store, either
  'excludedReceipts', // receipts in conflict with another one of their number, which are in no other counter
  'excludedSales', // their net sales
] as const;

export type Counter = (typeof COUNTERS)[number];

/** Counts by name; a name that is not there counts 0. */
export type Counts = { readonly [name in Counter]?: bigint };

export type Grain = 'minute' | 'hour' | 'day';

/**
 * Which cell. `member` names the till, the person of the staff, the product or the zone where the dimension
 * is one of those. A cell of a day has no `startMs`: days start at other instants in other time zones.
 */
export interface CellKey {
  readonly scope: Scope;
  readonly dimension: 'all' | 'till' | 'staff' | 'product' | 'zone';
  readonly member?: string;
  readonly day: BusinessDay;
  readonly grain: Grain;
  /** The instant at which the minute or the wall clock's hour began. */
  readonly startMs?: number;
}

/** A cell as it is read: what it counts, and the arrival of the newest fact in it. */
export interface Cell {
  readonly key: CellKey;
  readonly counts: Counts;
  /** The newest name of the product. */
  readonly label?: string;
  /** The tills that have reported; kept in a store's cell of a day. */
  readonly reporters?: ReadonlySet<string>;
  /** The cameras, trackers and door counters that have; kept likewise. */
  readonly sensors?: ReadonlySet<string>;
  /** Those of them that would have made a visit of every person, and reported that they saw no one. */
  readonly emptySensors?: ReadonlySet<string>;
  /** The wall clock's hours, by their beginning, in which something was sold; kept likewise. */
  readonly soldHours?: ReadonlySet<string>;
  /** The hours in which visitors were seen. */
  readonly seenHours?: ReadonlySet<string>;
  readonly asOfMs: number;
}

/** Returns the sum of two counts. */
export function addCounts(a: Counts, b: Counts): Counts {
  const sum: { -readonly [name in Counter]?: bigint } = { ...a };
  for (const name of COUNTERS) {
    const more = b[name];
    if (more !== undefined && more !== 0n) sum[name] = (sum[name] ?? 0n) + more;
  }
  return sum;
}

/** Returns the counts with opposite signs. */
export const minusCounts = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, -count]));

/** Returns whether two counts are the same; a 0 equals an absent name. */
export const equalCounts = (a: Counts, b: Counts): boolean =>
  COUNTERS.every((name) => (a[name] ?? 0n) === (b[name] ?? 0n));
