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
  /** ISO 3166-1, two capitals: how a telephone number is read that comes without the code of its country. */
  readonly country?: string;
}

export type PutChainOutcome =
  | { readonly kind: 'put' }
  /** It has stores that count in the currency it has. */
  | { readonly kind: 'currency settled'; readonly currency: string };

export type PutStoreOutcome =
  | { readonly kind: 'put' }
  | { readonly kind: 'no chain' }
  | { readonly kind: 'other currency'; readonly currency: string }
  /** It stands elsewhere, and the sums above it were taken there. */
  | { readonly kind: 'stands elsewhere'; readonly cityId: CityId; readonly regionId: RegionId }
  /** The city has stores in another region; in two it would be counted in both. */
  | { readonly kind: 'city of another region'; readonly regionId: RegionId };

export type PutPartOutcome = { readonly kind: 'put' } | { readonly kind: 'no store' };

export interface ChainStore {
  chain(): Promise<Chain | undefined>;
  /** Sets name and currency; one that says nothing of the country keeps the one that was set. */
  putChain(chain: Chain): Promise<PutChainOutcome>;
  /** Every store, by id. */
  stores(): Promise<Store[]>;
  store(storeId: StoreId): Promise<Store | undefined>;
  /** Adds a store or changes one in place; one that says nothing of law, ground or hours keeps what was set of them. */
  putStore(store: Store): Promise<PutStoreOutcome>;
  /** Sets what a store wants with faces, and nothing else of it. */
  putLaw(storeId: StoreId, law: LawSettings): Promise<PutPartOutcome>;
  /** Sets where a store stands, and nothing else of it; undefined where that is not to be known any more. */
  putLocation(storeId: StoreId, ground: StoreLocation | undefined): Promise<PutPartOutcome>;
  /** Sets when a store is open, likewise. */
  putHours(storeId: StoreId, hours: OpeningHours | undefined): Promise<PutPartOutcome>;
  /** Sets targets; the last one counts where a store and day come twice. */
  putTargets(targets: readonly Target[]): Promise<void>;
  /** A store's targets from one day to another, both counted, in order. */
  targets(storeId: StoreId, from: BusinessDay, to: BusinessDay): Promise<Target[]>;
  /** The targets of several stores on one day; a store without one is left out. */
  targetsOn(storeIds: readonly StoreId[], day: BusinessDay): Promise<Target[]>;
}
