/** Port: the chain, its stores and their targets. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { CityId, RegionId, StoreId } from '#domain/chain/ids.ts';
import type { LawSettings } from '#domain/chain/law-settings.ts';
import type { StoreLocation } from '#domain/chain/location.ts';
import type { OpeningHours } from '#domain/chain/opening-hours.ts';
import type { Store, Target } from '#domain/chain/store.ts';

export interface Chain {
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** ISO 3166-1 alpha-2: the default country of phone numbers without a country code. */
  readonly country?: string;
  /** The highest price of a line, in ten-thousandths: a price above it is a barcode in the wrong field. */
  readonly priceLimit?: bigint;
  /** Patterns of the labels that the stores' scales print: `20PPPPPWWWWWC`. */
  readonly labels?: readonly string[];
}

export type PutChainOutcome =
  | { readonly kind: 'put' }
  /** Stores already count in the present currency. */
  | { readonly kind: 'currency settled'; readonly currency: string };

export type PutStoreOutcome =
  | { readonly kind: 'put' }
  | { readonly kind: 'no chain' }
  | { readonly kind: 'other currency'; readonly currency: string }
  /** The store belongs to another city or region, whose sums include it. */
  | { readonly kind: 'stands elsewhere'; readonly cityId: CityId; readonly regionId: RegionId }
  /** The city has stores in another region; a city in two regions would be counted in both. */
  | { readonly kind: 'city of another region'; readonly regionId: RegionId };

export type PutPartOutcome = { readonly kind: 'put' } | { readonly kind: 'no store' };

export interface ChainStore {
  chain(): Promise<Chain | undefined>;
  /** Sets name and currency; without a country, a price limit or patterns of labels, the stored ones are kept. */
  putChain(chain: Chain): Promise<PutChainOutcome>;
  /** Returns every store, sorted by id. */
  stores(): Promise<Store[]>;
  store(storeId: StoreId): Promise<Store | undefined>;
  /** Creates or updates a store; settings, location and hours that are absent keep their stored values. */
  putStore(store: Store): Promise<PutStoreOutcome>;
  /** Sets a store's settings of face recognition, and nothing else. */
  putLaw(storeId: StoreId, law: LawSettings): Promise<PutPartOutcome>;
  /** Sets a store's location, and nothing else; undefined removes it. */
  putLocation(storeId: StoreId, location: StoreLocation | undefined): Promise<PutPartOutcome>;
  /** Sets a store's opening hours, and nothing else; undefined removes them. */
  putHours(storeId: StoreId, hours: OpeningHours | undefined): Promise<PutPartOutcome>;
  /** Sets targets; of two for the same store and day the last one counts. */
  putTargets(targets: readonly Target[]): Promise<void>;
  /** Returns a store's targets in day order, both days inclusive. */
  targets(storeId: StoreId, from: BusinessDay, to: BusinessDay): Promise<Target[]>;
  /** Returns the targets of several stores on one day; a store without a target is absent. */
  targetsOn(storeIds: readonly StoreId[], day: BusinessDay): Promise<Target[]>;
}
