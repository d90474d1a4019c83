/** Port: summaries over the cells of stores. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { Scope } from '#domain/chain/staff-scope.ts';
import type { Grain } from '#domain/place/figures/cell.ts';
import type { Bucket, ProductCounts, Summary } from '#domain/place/figures/roll-up.ts';

/** A stored value and its version, which a write must name; 0 if nothing is stored yet. */
export interface Versioned<Kept> {
  readonly kept: Kept | undefined;
  readonly version: number;
}

export interface ProductSummary {
  readonly products: readonly ProductCounts[];
  readonly asOfMs: number;
  /** Products for which the row had no room: those with the least revenue and returns. */
  readonly omitted?: number;
}

export interface SummaryStore {
  read(scope: Scope, bucket: Bucket): Promise<Versioned<Summary>>;
  /** Returns the summaries of several scopes for one bucket; a scope without one is absent. */
  readMany(scopes: readonly Scope[], bucket: Bucket): Promise<Summary[]>;
  /** Writes a summary if its stored version is still `version`; false otherwise. */
  write(scope: Scope, bucket: Bucket, summary: Summary, version: number): Promise<boolean>;
  range(
    scope: Scope,
    grain: Grain,
    from: BusinessDay,
    to: BusinessDay,
  ): Promise<Array<{ bucket: Bucket; summary: Summary }>>;
  readProducts(scope: Scope, day: BusinessDay): Promise<Versioned<ProductSummary>>;
  writeProducts(scope: Scope, day: BusinessDay, summary: ProductSummary, version: number): Promise<boolean>;
}
