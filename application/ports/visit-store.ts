/** Port: visitor days, each under a version. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import type { VisitSummary } from '#domain/place/visits/visit.ts';
import type { VisitRevision } from '#domain/place/visits/visit-revision.ts';
import type { VisitorDay, VisitorDayKey } from '#domain/place/visits/visitor-day.ts';

/** A stay, and how far the log has been told of it. */
export interface StoredVisitorDay {
  readonly visitorDay: VisitorDay;
  /** The visits that the log was last told of. */
  readonly published: readonly VisitSummary[];
  /** How many tellings there were, the pending one among them. */
  readonly revision: number;
  /** Decided, and perhaps not on the log yet. */
  readonly pending?: VisitRevision;
  /** When somebody has to look at it again, though nothing more be heard. */
  readonly dueAtMs?: number;
  /** When staff were found to have been elsewhere than was thought, and shoppers have to be looked at for it. */
  readonly recheckAtMs?: number;
  /** 0 where nothing is kept yet. */
  readonly version: number;
}

export const DUE_SHARDS = 8;

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly version: number }
  /** Somebody has written since it was read. */
  | { readonly kind: 'conflict' }
  /** The table will never take it (too large, say). */
  | { readonly kind: 'unstorable'; readonly reason: string };

/** First moments of a visitor's visits on one day in one store. */
export interface PastVisitorDay extends VisitorDayKey {
  readonly firstSeenAtMs: readonly number[];
}

export interface VisitStore {
  /** As of the last write. */
  load(key: VisitorDayKey): Promise<StoredVisitorDay | undefined>;
  /** Writes a stay over the version it was read at. */
  save(stored: StoredVisitorDay, nowMs: number): Promise<SaveOutcome>;
  /** All stays of a visitor from a day on, in the order of days, as of the last write. */
  ofVisitor(visitorId: VisitorId, from?: BusinessDay): AsyncIterable<StoredVisitorDay>;
  /** Stays of a visitor up to a day, that day's first, as of the last write; whoever has read enough stops. */
  history(visitorId: VisitorId, upTo: BusinessDay): AsyncIterable<PastVisitorDay>;
  /** Shoppers of a store's day who came in from one moment to another, both counted, by their first moment. A write shows within a second or so. */
  ofDay(storeId: StoreId, day: BusinessDay, from?: number, to?: number): AsyncIterable<StoredVisitorDay>;
  /** The staff of a store's day, likewise. */
  staffOfDay(storeId: StoreId, day: BusinessDay): AsyncIterable<StoredVisitorDay>;
  /** What is due of one shard, the longest overdue first. A write shows within a second or so, so it may be done already. */
  due(shard: number, nowMs: number): AsyncIterable<VisitorDayKey>;
}
