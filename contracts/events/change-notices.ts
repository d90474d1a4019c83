/**
 * The notice that cells of a store have changed, for the functions that roll them up. It names the cells and holds no
 * values, so a notice that comes twice, late or out of order does no harm.
 */
import * as v from 'valibot';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Bucket } from '#domain/place/figures/roll-up.ts';
import { businessDay, idText, wholeMs } from '../primitives.ts';

const bucket = v.pipe(
  v.object({
    day: businessDay(),
    grain: v.picklist(['minute', 'hour', 'day']),
    startMs: v.optional(wholeMs),
  }),
  v.transform(
    ({ day, grain, startMs }): Bucket => (startMs === undefined ? { day, grain } : { day, grain, startMs }),
  ),
);

/** The buckets of a store whose figures changed. */
export const CellsChanged = v.object({ storeId: idText<StoreId>(), buckets: v.array(bucket) });
export type CellsChanged = v.InferOutput<typeof CellsChanged>;

/** The days on which products of a store changed. They are rolled up less often than figures: a message of its own. */
export const ProductsChanged = v.object({ storeId: idText<StoreId>(), days: v.array(businessDay()) });
export type ProductsChanged = v.InferOutput<typeof ProductsChanged>;

/** Every message of the queues of changes. */
export const ChangeNotice = v.union([CellsChanged, ProductsChanged]);
export type ChangeNotice = v.InferOutput<typeof ChangeNotice>;
