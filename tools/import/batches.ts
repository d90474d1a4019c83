/**
 * Groups receipts into requests. A key belongs to one store, so a request carries one store's receipts, within the API's
 * limits on count and bytes.
 */
import { BATCH_BYTES_MAX, RECEIPTS_MAX } from '#contracts/http/receipts.ts';
import type { LedgerEntry } from './ledger.ts';

export interface PendingReceipt {
  readonly entry: LedgerEntry;
  /** The receipt as JSON. */
  readonly json: string;
}

export interface Batch {
  readonly store: string;
  readonly receipts: readonly PendingReceipt[];
}

export interface Batches {
  /** Adds a receipt. Returns the store's previous batch if the receipt did not fit into it. */
  add(receipt: PendingReceipt): Batch | undefined;
  /** Returns and removes all batches. */
  flush(): Batch[];
  /** Returns and removes the batches whose first receipt ends before the row of that number. */
  flushBefore(row: number): Batch[];
}

/** `{"receipts":[` and `]}`. */
const ENVELOPE_BYTES = 16;

/** Creates an empty set of batches, one open batch per store. */
export function createBatches(): Batches {
  const openByStore = new Map<string, { receipts: PendingReceipt[]; bytes: number }>();
  const take = (store: string): Batch[] => {
    const receipts = openByStore.get(store)?.receipts ?? [];
    openByStore.delete(store);
    return receipts.length === 0 ? [] : [{ store, receipts }];
  };
  return {
    add(receipt) {
      const { store } = receipt.entry;
      const bytes = Buffer.byteLength(receipt.json) + 1;
      const previous = openByStore.get(store);
      const isFull =
        previous !== undefined &&
        (previous.receipts.length === RECEIPTS_MAX ||
          previous.bytes + bytes > BATCH_BYTES_MAX - ENVELOPE_BYTES);
      const full = isFull ? take(store)[0] : undefined;
      const open = openByStore.get(store) ?? { receipts: [], bytes: 0 };
      open.receipts.push(receipt);
      open.bytes += bytes;
      openByStore.set(store, open);
      return full;
    },
    flush: () => [...openByStore.keys()].flatMap(take),
    flushBefore: (row) =>
      [...openByStore]
        .filter(([, { receipts }]) => (receipts[0]?.entry.group.lastRow ?? row) < row)
        .flatMap(([store]) => take(store)),
  };
}
