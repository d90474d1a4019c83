/**
 * A number with more purchases on one day, or in more stores, than a person can make is a cashier's habit and not a customer:
 * 13612345670 typed for all who give none, a shared card. It identifies no customer, and the first member who truly has it must not
 * inherit these purchases.
 *
 * It is decided from the purchases themselves, day by day in UTC, so that nothing has to be counted or remembered.
 */
import { DAY_MS } from '../../chain/duration.ts';
import type { Purchase } from './customer.ts';

/** Purchases on one day at which a number is overused. */
export const PURCHASES_A_DAY_LIMIT = 10;
/** Stores on one day at which a number is overused. */
export const STORES_A_DAY_LIMIT = 5;

type Bought = Pick<Purchase, 'storeId' | 'closedAtMs' | 'receipt'>;

const isFull = (ofDay: readonly Bought[]): boolean =>
  ofDay.length >= PURCHASES_A_DAY_LIMIT ||
  new Set(ofDay.map(({ storeId }) => storeId)).size >= STORES_A_DAY_LIMIT;

const dayOf = ({ closedAtMs }: Bought): number => Math.floor(closedAtMs / DAY_MS);

/** Reports whether purchases under one number are more than one person's. */
export const isOverused = (purchases: readonly Bought[]): boolean =>
  [...Map.groupBy(purchases, dayOf).values()].some(isFull);

/**
 * Reports whether one more purchase is another person's than the owner of the number.
 *
 * @param ofDay the owner's purchases of the same day in UTC, perhaps with this one
 */
export const isBeyondOnePerson = (ofDay: readonly Bought[], { receipt }: Bought): boolean =>
  isFull(ofDay) && ofDay.every((one) => one.receipt !== receipt);
