/** Lengths of time in milliseconds. A `DAY_MS` is 24 hours, which a calendar day is not where clocks change. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
