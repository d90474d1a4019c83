/**
 * Two visitor ids of a day turned out to be one person (`aisle.visitor.merged`), or a merge turned out to be wrong
 * (`aisle.visitor.parted`).
 */
import * as v from 'valibot';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import { businessDay, idText } from '../primitives.ts';
import { defineEvent, eventName, wireEvent } from './envelope.ts';

export const VISITORS_MERGED = 'aisle.visitor.merged';
export const VISITORS_PARTED = 'aisle.visitor.parted';

const visitorPair = v.object({
  store: idText<StoreId>(),
  businessDay: businessDay(),
  /** The alias … */
  visitor: idText<VisitorId>(),
  /** … and the id that its evidence belongs to, or belonged to. */
  into: idText<VisitorId>(),
});

export const VisitorsMergedV1 = defineEvent('visitor.merged', 1, visitorPair);
export const VisitorsPartedV1 = defineEvent('visitor.parted', 1, visitorPair);

/**
 * Returns the event that merges `visitor` into `into`.
 *
 * @param time RFC 3339, to the millisecond; of a track an instant of the one stay that is merged
 */
export const visitorsMerged = (
  store: StoreId,
  day: BusinessDay,
  visitor: VisitorId,
  into: VisitorId,
  time: string,
  source: string,
): v.InferInput<typeof VisitorsMergedV1> =>
  wireEvent(
    VisitorsMergedV1,
    { id: eventName(store, day, visitor, 'into', into), source, time, subject: store },
    { store, businessDay: day, visitor, into },
  );

/** Returns the event that undoes a merge; `time` is RFC 3339. */
export const visitorsParted = (
  store: StoreId,
  day: BusinessDay,
  visitor: VisitorId,
  into: VisitorId,
  time: string,
  source: string,
): v.InferInput<typeof VisitorsPartedV1> =>
  wireEvent(
    VisitorsPartedV1,
    { id: eventName(store, day, visitor, 'from', into), source, time, subject: store },
    { store, businessDay: day, visitor, into },
  );
