/** When a store is open, by the days of its week and its own wall clock; a stretch may end past midnight. */

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export type OpeningHours = readonly {
  /** ISO 8601: Monday is 1, Sunday 7. */
  readonly days: readonly Weekday[];
  /** HH:MM. */
  readonly open: string;
  /** HH:MM; at or before `open` it is of the next day. */
  readonly close: string;
}[];
