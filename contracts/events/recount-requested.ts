/** An operator requested that the cells of a store's business day be counted again from its facts. */
import * as v from 'valibot';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { businessDay, idText } from '../primitives.ts';
import { defineEvent, wireEvent } from './envelope.ts';

export const RECOUNT_REQUESTED = 'aisle.recount.requested';

export const RecountRequestedV1 = defineEvent(
  'recount.requested',
  1,
  v.object({ store: idText<StoreId>(), businessDay: businessDay() }),
);

/** Returns the event that requests a recount; `time` is RFC 3339. */
export const recountRequested = (
  store: StoreId,
  day: BusinessDay,
  id: string,
  time: string,
  source: string,
): v.InferInput<typeof RecountRequestedV1> =>
  wireEvent(RecountRequestedV1, { id, source, time, subject: store }, { store, businessDay: day });
