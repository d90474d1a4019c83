/** Port: the counters of a store, to which each batch of the log is added exactly once. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Cell, CellKey, Grain } from '#domain/place/figures/cell.ts';
import type { CellChange } from '#domain/place/figures/fold.ts';
import type { Bucket, ProductCounts } from '#domain/place/figures/roll-up.ts';

export type AddOutcome =
  | { readonly kind: 'added' }
  /** The cell already includes the log up to `sequence`; only later records may be added. */
  | { readonly kind: 'ahead'; readonly sequence: string };

export interface CellStore {
  /** Adds a change, unless the cell already includes any of it. */
  add(key: CellKey, change: CellChange): Promise<AddOutcome>;
  /** Replaces a cell with the result of a recount, unless it has counted later records since. */
  overwrite(key: CellKey, change: CellChange): Promise<AddOutcome>;
  /** Returns the cells of a whole store (not of its zones), in time order. */
  range(storeId: StoreId, grain: Grain, from: BusinessDay, to: BusinessDay): Promise<Cell[]>;
  /** Returns the cells of several stores for one bucket; a store without a cell is absent. */
  ofStores(storeIds: readonly StoreId[], bucket: Bucket): Promise<Map<StoreId, Cell>>;
  /** Returns the counts of each product in a store on a day. */
  products(storeId: StoreId, day: BusinessDay): Promise<{ products: ProductCounts[]; asOfMs: number }>;
  /** Returns the cells of a store's zones, one per zone and day, both days inclusive. */
  zones(storeId: StoreId, from: BusinessDay, to: BusinessDay): Promise<Cell[]>;
  /** Returns the buckets of a store's day that have cells. */
  bucketsOf(storeId: StoreId, day: BusinessDay): Promise<Bucket[]>;
}
