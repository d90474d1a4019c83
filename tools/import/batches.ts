/**
 * Receipts gathered into requests: a key is a store's, so a request holds one store's receipts, at most as many and
 * as heavy as the API takes.
 */
import { BATCH_BYTES_MAX, RECEIPTS_MAX } from '#contracts/receipts.ts';
import type { Entry } from './ledger.ts';

export interface Parcel {
  readonly entry: Entry;
  /** The receipt as JSON. */
  readonly text: string;
}

export interface Batch {
  readonly store: string;
  readonly parcels: readonly Parcel[];
}

export interface Batches {
  /** Adds a receipt; a batch that is full thereby. */
  add(parcel: Parcel): Batch | undefined;
  /** Everything that is gathered. */
  flush(): Batch[];
  /** The batches whose first receipt ended before a row. */
  flushBefore(row: number): Batch[];
}

/** `{"receipts":[` and `]}`. */
const ENVELOPE_BYTES = 16;

export function createBatches(): Batches {
  const gathered = new Map<string, { parcels: Parcel[]; bytes: number }>();
  const take = (store: string): Batch[] => {
    const parcels = gathered.get(store)?.parcels ?? [];
    gathered.delete(store);
    return parcels.length === 0 ? [] : [{ store, parcels }];
  };
  return {
    add(parcel) {
      const { store } = parcel.entry;
      const bytes = Buffer.byteLength(parcel.text) + 1;
      const known = gathered.get(store);
      const isTooMuch =
        known !== undefined &&
        (known.parcels.length === RECEIPTS_MAX || known.bytes + bytes > BATCH_BYTES_MAX - ENVELOPE_BYTES);
      const full = isTooMuch ? take(store)[0] : undefined;
      const open = gathered.get(store) ?? { parcels: [], bytes: 0 };
      open.parcels.push(parcel);
      open.bytes += bytes;
      gathered.set(store, open);
      return full;
    },
    flush: () => [...gathered.keys()].flatMap(take),
    flushBefore: (row) =>
      [...gathered]
        .filter(([, { parcels }]) => (parcels[0]?.entry.group.lastRow ?? row) < row)
        .flatMap(([store]) => take(store)),
  };
}
