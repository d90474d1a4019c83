/**
 * What the API asks of a receipt, asked without the API: the contract, the store's settings, and the rules that hold a
 * receipt together. The dry run uses it, so that a file that passes is accepted.
 */
import * as v from 'valibot';
import { receiptOfRequest } from '#application/ingestion/receipt-of-request.ts';
import { fieldErrorsOf } from '#contracts/http/problems.ts';
import { ReceiptInput } from '#contracts/http/receipts.ts';
import type { CityId, RegionId, StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Receipt } from '#domain/place/figures/receipt.ts';

/** The chain as the API knows it; undefined where no cloud is at hand, and stores and currency cannot be checked. */
export interface DoorChain {
  readonly stores: ReadonlyMap<string, Store>;
  readonly country: string | undefined;
  readonly priceLimit?: bigint | undefined;
  readonly labels?: readonly string[] | undefined;
}

export type Admitted =
  | { readonly kind: 'admitted'; readonly receipt: Receipt; readonly phonesDropped: number }
  | { readonly kind: 'refused'; readonly reason: string };

const ERRORS_MAX = 3;

/** Returns a function that admits or refuses the body of a receipt like the API does. */
export function doorOf(
  chain: DoorChain | undefined,
  nowMs: () => number,
): (store: string, body: object) => Admitted {
  return (storeId, body) => {
    const refused = (errors: ReadonlyArray<{ pointer: string; detail: string }>): Admitted => ({
      kind: 'refused',
      reason: errors
        .slice(0, ERRORS_MAX)
        .map(({ pointer, detail }) => `${pointer} ${detail}`)
        .join('; '),
    });
    const parsed = v.safeParse(ReceiptInput, body);
    if (!parsed.success) return refused(fieldErrorsOf(parsed.issues));
    const store = chain === undefined ? anyStore(storeId, parsed.output.currency) : chain.stores.get(storeId);
    if (store === undefined) {
      return { kind: 'refused', reason: `store "${storeId}" is not set up; see: aisle stores put --help` };
    }
    const context = {
      store,
      country: chain?.country,
      priceLimit: chain?.priceLimit,
      labels: chain?.labels,
      nowMs: nowMs(),
    };
    const converted = receiptOfRequest(parsed.output, context, []);
    if ('errors' in converted) return refused(converted.errors);
    const { receipt, warnings } = converted;
    return { kind: 'admitted', receipt, phonesDropped: chain === undefined ? 0 : warnings.length };
  };
}

/** A store in place of one that cannot be looked up: its currency is that of the receipt. */
const anyStore = (storeId: string, currency = 'XXX'): Store => ({
  storeId: storeId as StoreId,
  name: storeId,
  cityId: 'unknown' as CityId,
  regionId: 'unknown' as RegionId,
  timeZone: 'UTC',
  dayCutMinutes: 0,
  currency,
  tills: [],
});
