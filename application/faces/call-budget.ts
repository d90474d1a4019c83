/**
 * What a store may spend on faces in a day. Each call of the service costs about a tenth of a cent, and a camera that was
 * set to send every frame would spend a month's money overnight.
 */

/** Ten dollars at published prices: two thousand frames with four faces each. `aisle faces budget` sets another. */
export const PAID_CALLS_PER_DAY_DEFAULT = 10_000;

/** What a camera is told beyond it. */
export const BUDGET_EXHAUSTED = 'The store has made all the paid calls of the day.';
