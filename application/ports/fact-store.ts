/** Port: facts, each claimed once under its natural key. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';

export interface Fact {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  /** What it is called within its store's day; begins with its kind: `RECEIPT#…`. */
  readonly name: string;
  /** Zero-padded place in the log. */
  readonly sequence: string;
  readonly arrivedAtMs: number;
  /** SHA-256 of the data; two bodies under one name differ in it. */
  readonly fingerprint: string;
  /** The event's data as JSON. */
  readonly data: string;
}

export type Claim =
  | { readonly kind: 'claimed' }
  /** The same body was claimed from another place of the log: drop this one. */
  | { readonly kind: 'duplicate' }
  /** Another body stands under this name: never overwrite, show a person. */
  | { readonly kind: 'conflict'; readonly existing: string }
  /** The table will never take it (too large, say): more tries would only hold up the store. */
  | { readonly kind: 'unstorable'; readonly reason: string };

export interface FactStore {
  claim(fact: Fact): Promise<Claim>;
  /** The facts of a store's business day, or those of one kind, in the order of the log. */
  ofDay(storeId: StoreId, day: BusinessDay, kind?: FactKind): Promise<KeptFact[]>;
}

export type FactKind = 'RECEIPT' | 'VISIT' | 'PASSAGE';

export type KeptFact = Pick<Fact, 'name' | 'sequence' | 'arrivedAtMs' | 'data'>;
