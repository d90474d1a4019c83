/**
 * A store's daily budget of paid face calls. Each call of the service costs about a tenth of a cent, and a camera that was
 * set to send every frame would spend a month's budget overnight.
 */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { FaceStore } from '../ports/face-store.ts';

/** Ten dollars at published prices: two thousand frames with four faces each. `aisle faces budget` sets another. */
export const PAID_CALLS_PER_DAY_DEFAULT = 10_000;

/** Response detail once the daily budget is used up. */
export const BUDGET_EXHAUSTED = 'The store has made all the paid calls of the day.';

export interface CallBudget {
  /** The day whose budget is charged: today, also for a late frame. */
  readonly day: BusinessDay;
  readonly callsMax: number;
}

/**
 * Charges paid calls to a store's day before they are made, so that a crash can waste calls and never exceed the budget.
 * Returns false, with nothing charged, where the day has not that many left; the picture is then only counted.
 */
export const spendCalls = (
  store: Pick<FaceStore, 'spend'>,
  storeId: StoreId,
  { day, callsMax }: CallBudget,
  calls: number,
): Promise<boolean> => store.spend(storeId, day, calls, callsMax);
