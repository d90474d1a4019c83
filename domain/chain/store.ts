/**
 * A store as the chain keeps it, and the levels above it. A chain counts in one currency: figures of
 * stores that take different money cannot be added without a rate, and a rate is a decision, not a fact.
 */

import type { BusinessDay } from './business-day.ts';
import type { CityId, RegionId, StoreId, TillId } from './ids.ts';
import type { LawSettings } from './law-settings.ts';
import type { StoreLocation } from './location.ts';
import type { OpeningHours } from './opening-hours.ts';

export interface Store {
  readonly storeId: StoreId;
  readonly name: string;
  /** The name in Chinese, where the store has one. */
  readonly nameZh?: string;
  readonly cityId: CityId;
  readonly regionId: RegionId;
  /** IANA name: `Asia/Shanghai`. */
  readonly timeZone: string;
  /** Minutes after midnight at which the business day changes, 0 … 1439. */
  readonly dayCutMinutes: number;
  /** ISO 4217: `CNY`. */
  readonly currency: string;
  /** The tills that are expected to report on a day. */
  readonly tills: readonly TillId[];
  /** What its people want with faces. Where nobody has said anything, faces are off. */
  readonly law?: LawSettings;
  /** Where it stands and the fence around it. Where nobody has said, nobody is greeted on its street. */
  readonly location?: StoreLocation;
  /** When it is open. Where nobody has said, it may be open at any time. */
  readonly openingHours?: OpeningHours;
}

/** What a store shall sell, net, on one business day, in ten-thousandths of the currency's unit. */
export interface Target {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  readonly netSales: bigint;
}
