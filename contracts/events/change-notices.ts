/**
 * The notice that some cells of a store have changed, for whoever sums them up. It says where to look and
 * not what changed: a notice that comes twice, late or out of order then does no harm.
 */
import * as v from 'valibot';
import { type BusinessDay, parseBusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { Bucket } from '#domain/place/figures/roll-up.ts';

const day = v.pipe(
  v.string(),
  v.check((text) => parseBusinessDay(text) !== undefined, 'is not a business day'),
  v.transform((text) => text as BusinessDay),
);

const bucket = v.pipe(
  v.object({
    day,
    grain: v.picklist(['minute', 'hour', 'day']),
    startMs: v.optional(v.pipe(v.number(), v.safeInteger())),
  }),
  v.transform(
    ({ day, grain, startMs }): Bucket => (startMs === undefined ? { day, grain } : { day, grain, startMs }),
  ),
);

export const CellsChanged = v.object({
  storeId: v.pipe(
    v.string(),
    v.transform((id) => id as StoreId),
  ),
  /** Stretches whose figures changed. */
  buckets: v.array(bucket),
});

/** Days on which products of a store changed: rarer to be summed up than figures, so a message of its own. */
export const ProductsChanged = v.object({
  storeId: v.pipe(
    v.string(),
    v.transform((id) => id as StoreId),
  ),
  days: v.array(day),
});

export type CellsChanged = v.InferOutput<typeof CellsChanged>;
export type ProductsChanged = v.InferOutput<typeof ProductsChanged>;

/** What a queue of changes may carry. */
export const ChangeNotice = v.union([CellsChanged, ProductsChanged]);
export type ChangeNotice = v.InferOutput<typeof ChangeNotice>;
