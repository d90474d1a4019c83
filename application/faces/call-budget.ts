/**
 * A store's daily budget of paid face calls. Each call of the service costs about a tenth of a cent, and a camera that was
 * set to send every frame would spend a month's budget overnight.
 */

/** Ten dollars at published prices: two thousand frames with four faces each. `aisle faces budget` sets another. */
export const PAID_CALLS_PER_DAY_DEFAULT = 10_000;

/** Response detail once the daily budget is used up. */
export const BUDGET_EXHAUSTED = 'The store has made all the paid calls of the day.';
