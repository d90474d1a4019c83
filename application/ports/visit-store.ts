/** Port: visitor days, each under a version. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId, VisitorId } from '#domain/chain/ids.ts';
import type { VisitSummary } from '#domain/place/visits/visit.ts';
import type { VisitRevision } from '#domain/place/visits/visit-revision.ts';
import type { VisitorDay, VisitorDayKey } from '#domain/place/visits/visitor-day.ts';

/** A visitor day and how much of it has been published. */
export interface StoredVisitorDay {
  readonly visitorDay: VisitorDay;
  /** The visits as last published. */
  readonly published: readonly VisitSummary[];
  /** Number of revisions, the pending one included. */
  readonly revision: number;
  /** A revision that is decided and may not be on the log yet. */
  readonly pending?: VisitRevision;
  /** When the visitor day must be checked again even without new sightings. */
  readonly dueAtMs?: number;
  /** When a correction of staff positions was found, because of which shoppers' visits must be checked again. */
  readonly recheckAtMs?: number;
  /** 0 if nothing is stored yet. */
  readonly version: number;
}

export const DUE_SHARDS = 8;

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly version: number }
  /** The row was written since it was read. */
  | { readonly kind: 'conflict' }
  /** The table rejects it permanently (too large, for example). */
  | { readonly kind: 'unstorable'; readonly reason: string };

/** Start times of a visitor's visits on one day in one store. */
export interface PastVisitorDay extends VisitorDayKey {
  readonly firstSeenAtMs: readonly number[];
}

export interface VisitStore {
  /** Loads a visitor day, consistent with the last write. */
  load(key: VisitorDayKey): Promise<StoredVisitorDay | undefined>;
  /** Writes a visitor day if its stored version is the one it was read at. */
  save(stored: StoredVisitorDay, nowMs: number): Promise<SaveOutcome>;
  /** Returns a visitor's days from a day on, in day order, consistent with the last write. */
  ofVisitor(visitorId: VisitorId, from?: BusinessDay): AsyncIterable<StoredVisitorDay>;
  /** Returns a visitor's days up to a day, newest first, consistent with the last write; the caller may stop early. */
  history(visitorId: VisitorId, upTo: BusinessDay): AsyncIterable<PastVisitorDay>;
  /**
   * Returns the shoppers of a store's day who arrived between two instants, both inclusive, by arrival. Eventually
   * consistent, within about a second.
   */
  ofDay(storeId: StoreId, day: BusinessDay, from?: number, to?: number): AsyncIterable<StoredVisitorDay>;
  /** Returns the staff of a store's day; eventually consistent, too. */
  staffOfDay(storeId: StoreId, day: BusinessDay): AsyncIterable<StoredVisitorDay>;
  /** Returns the visitor days due in one shard, longest overdue first. Eventually consistent: some may be done already. */
  due(shard: number, nowMs: number): AsyncIterable<VisitorDayKey>;
}
