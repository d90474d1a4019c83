/** Port: facts, each claimed once under its natural key. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';

export interface Fact {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  /** Its natural key within the store's day; begins with its kind: `RECEIPT#…`. */
  readonly name: string;
  /** Zero-padded sequence number in the log. */
  readonly sequence: string;
  readonly arrivedAtMs: number;
  /** SHA-256 of the data; distinguishes two bodies under one name. */
  readonly fingerprint: string;
  /** The event's data as JSON. */
  readonly data: string;
}

export type Claim =
  | { readonly kind: 'claimed' }
  /** The same body was already claimed at another sequence number: drop this one. */
  | { readonly kind: 'duplicate' }
  /** Another body is stored under this name: never overwritten, kept as a dead letter for an operator. */
  | { readonly kind: 'conflict'; readonly existing: StoredFact }
  /** The table rejects it permanently (too large, for example): a retry would only delay the store. */
  | { readonly kind: 'unstorable'; readonly reason: string };

export interface FactStore {
  claim(fact: Fact): Promise<Claim>;
  /** Returns the facts of these names that exist, in any order. */
  find(storeId: StoreId, keys: readonly FactOfDay[]): Promise<FactWithDay[]>;
  /** Returns the facts of a store's business day, or those of one kind, in log order. */
  ofDay(storeId: StoreId, day: BusinessDay, kind?: FactKind): Promise<StoredFact[]>;
  /** Returns the facts of a store's business day whose names lie between two names or begin with the last, in log order. */
  between(storeId: StoreId, day: BusinessDay, from: string, to: string): Promise<StoredFact[]>;
}

/** `CONFLICT`: another body under a receipt's number. `SETTLED`: the decision about one. */
export type FactKind = 'RECEIPT' | 'VISIT' | 'PASSAGE' | 'CONFLICT' | 'SETTLED';

export type FactOfDay = Pick<Fact, 'day' | 'name'>;

export type StoredFact = Pick<Fact, 'name' | 'sequence' | 'arrivedAtMs' | 'data'>;

export type FactWithDay = StoredFact & Pick<Fact, 'day'>;
