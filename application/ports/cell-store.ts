/** Port: the counters of a store, to which each batch of the log is added once. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Cell, CellKey, Grain } from '#domain/place/figures/cell.ts';
import type { Change } from '#domain/place/figures/fold.ts';
import type { Bucket, ProductCounts } from '#domain/place/figures/roll-up.ts';

export type Addition =
  | { readonly kind: 'added' }
  /** The cell has counted the log up to here already; only what lies above may be added. */
  | { readonly kind: 'ahead'; readonly sequence: string };

export interface CellStore {
  /** Adds a change, unless the cell has counted any of it. */
  add(key: CellKey, change: Change): Promise<Addition>;
  /** Writes over a cell with what a recount found, unless the log has gone on since. */
  overwrite(key: CellKey, change: Change): Promise<Addition>;
  /** The cells of a store as a whole, in the order of time. */
  range(storeId: StoreId, grain: Grain, from: BusinessDay, to: BusinessDay): Promise<Cell[]>;
  /** The cells of several stores for one stretch of time; a store with no cell is not in the map. */
  ofStores(storeIds: readonly StoreId[], bucket: Bucket): Promise<Map<StoreId, Cell>>;
  /** What each product did in a store on a day. */
  products(storeId: StoreId, day: BusinessDay): Promise<{ products: ProductCounts[]; asOfMs: number }>;
  /** What the zones of a store count from one day to another, both counted; a zone and day each. */
  zones(storeId: StoreId, from: BusinessDay, to: BusinessDay): Promise<Cell[]>;
  /** The stretches of a store's day that have cells. */
  bucketsOf(storeId: StoreId, day: BusinessDay): Promise<Bucket[]>;
}
