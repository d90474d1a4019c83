/** Port: stock on hand per store and product. */
import type { ProductId, StoreId } from '#domain/chain/ids.ts';

export interface OnHand {
  /** Pieces, a whole number from 0. */
  readonly onHand: number;
  /** When they were counted. */
  readonly asOfMs: number;
}

export interface StockCount extends OnHand {
  readonly storeId: StoreId;
  readonly productId: ProductId;
}

export interface StockStore {
  /** What a store has of a product; undefined where nobody has counted it. */
  onHand(storeId: StoreId, productId: ProductId): Promise<OnHand | undefined>;
  /** Keeps counts, but none that is older than the one that is kept; of two of one time the later in the list counts. */
  put(counts: readonly StockCount[]): Promise<{ readonly kept: number; readonly older: number }>;
  /** All that was counted in a store, by product. */
  of(storeId: StoreId): Promise<StockCount[]>;
}
