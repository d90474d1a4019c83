/** Port: sums over the cells of stores. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { Scope } from '#domain/chain/scope.ts';
import type { Grain } from '#domain/place/figures/cell.ts';
import type { Bucket, ProductCounts, Summary } from '#domain/place/figures/roll-up.ts';

/** What is kept, and the version to write over it with; 0 where nothing is kept yet. */
export interface Versioned<Kept> {
  readonly kept: Kept | undefined;
  readonly version: number;
}

export interface ProductSummary {
  readonly products: readonly ProductCounts[];
  readonly asOfMs: number;
}

export interface SummaryStore {
  read(scope: Scope, bucket: Bucket): Promise<Versioned<Summary>>;
  /** Summaries of several scopes for one stretch of time; absent ones are left out. */
  readMany(scopes: readonly Scope[], bucket: Bucket): Promise<Summary[]>;
  /** False where somebody has written since `version` was read. */
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
