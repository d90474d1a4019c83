/** Reads the stored facts of a store's day as receipts, conflicting bodies and settlements. */

import { choiceOfData } from '#contracts/events/conflict-settled.ts';
import { receiptOfData } from '#contracts/events/receipt-closed.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import {
  conflictKeyIn,
  type FirstBody,
  type OtherBody,
  type ReceiptFacts,
  type Settlement,
  type StandingBody,
  standingBodies,
} from '#domain/place/figures/conflict.ts';
import type { FactKind, FactStore, StoredFact } from '../ports/fact-store.ts';

/** The kinds of facts that decide which receipts of a day count. */
export const RECEIPT_FACT_KINDS: readonly FactKind[] = ['RECEIPT', 'CONFLICT', 'SETTLED'];

/** Returns the receipts, conflicting bodies and settlements among facts; facts of other kinds are left out. */
export function receiptFactsOf(facts: readonly StoredFact[]): ReceiptFacts {
  const firsts: FirstBody[] = [];
  const others: OtherBody[] = [];
  const settlements: Settlement[] = [];
  for (const { name, sequence, arrivedAtMs, data } of facts) {
    const key = conflictKeyIn(name);
    const json: unknown = name.startsWith('RECEIPT#') || key !== undefined ? JSON.parse(data) : undefined;
    if (json === undefined) continue;
    if (key === undefined) firsts.push({ receipt: receiptOfData(json), sequence, arrivedAtMs });
    else if (name.startsWith('CONFLICT#')) {
      others.push({ ...key, receipt: receiptOfData(json), sequence, arrivedAtMs });
    } else settlements.push({ ...key, choice: choiceOfData(json), sequence, arrivedAtMs });
  }
  return { firsts, others, settlements };
}

/** Returns every receipt body of a store's day, and whether it counts. */
export async function bodiesOfDay(
  facts: Pick<FactStore, 'ofDay'>,
  storeId: StoreId,
  day: BusinessDay,
): Promise<StandingBody[]> {
  const lists = await Promise.all(RECEIPT_FACT_KINDS.map((kind) => facts.ofDay(storeId, day, kind)));
  return standingBodies(receiptFactsOf(lists.flat()));
}
