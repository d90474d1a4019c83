/**
 * A store, and the levels of the chain above it. A chain counts in one currency: figures of stores with different
 * currencies cannot be added without a rate, and choosing a rate is a decision of the chain.
 */

import type { BusinessDay } from './business-day.ts';
import type { CityId, RegionId, StoreId, TillId } from './ids.ts';
import type { LawSettings } from './law-settings.ts';
import type { StoreLocation } from './location.ts';
import type { OpeningHours } from './opening-hours.ts';
import type { StoreClock } from './store-clock.ts';

export interface Store extends StoreClock {
  readonly storeId: StoreId;
  readonly name: string;
  /** The name in Chinese, where the store has one. */
  readonly nameZh?: string;
  readonly cityId: CityId;
  readonly regionId: RegionId;
  /** ISO 4217: `CNY`. */
  readonly currency: string;
  /** The tills that are expected to report on a day. */
  readonly tills: readonly TillId[];
  /** The store's settings for faces; faces are off where absent. */
  readonly law?: LawSettings;
  /** ISO 3166-1; absent where it follows from the jurisdiction, or is not known. */
  readonly country?: string;
  /** Whether health services are rendered here, medicine sold among them: some laws forbid a geofence round it. */
  readonly isHealthService?: boolean;
  /** Position and geofence; a store without them sends no pushes. */
  readonly location?: StoreLocation;
  /** Always open where absent. */
  readonly openingHours?: OpeningHours;
}

/** The sales target of a store for one business day. */
export interface Target {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  /** Ten-thousandths of the currency's unit. */
  readonly netSales: bigint;
}
