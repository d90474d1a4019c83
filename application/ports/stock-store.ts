/** Port: stock on hand per store and product. */
import type { ProductId, StoreId } from '#domain/chain/ids.ts';

export interface OnHand {
  /** Pieces, an integer from 0. */
  readonly onHand: number;
  /** Time of the count. */
  readonly asOfMs: number;
}

export interface StockCount extends OnHand {
  readonly storeId: StoreId;
  readonly productId: ProductId;
}

export interface StockStore {
  /** Returns a product's stock in a store; undefined if it was never counted. */
  onHand(storeId: StoreId, productId: ProductId): Promise<OnHand | undefined>;
  /** Stores counts that are not older than the stored ones; of two with the same time the later in the list counts. */
  put(counts: readonly StockCount[]): Promise<{ readonly kept: number; readonly older: number }>;
  /** Returns all counts of a store, sorted by product. */
  of(storeId: StoreId): Promise<StockCount[]>;
}
