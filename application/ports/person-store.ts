/** Port: customers and their identifiers. */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { PersonId, StoreId, VisitorId } from '#domain/chain/ids.ts';
import type { Consent } from '#domain/people/customers/consent.ts';
import type {
  Identifier,
  IdentityConflict,
  Link,
  PastVisit,
  Person,
  Purchase,
} from '#domain/people/customers/customer.ts';

/** Where and how a link was established, without the identifier itself. */
export type LinkEvidence = Omit<Link, 'kind' | 'value'>;

export interface StoredPerson extends Person {
  readonly conflicts: readonly IdentityConflict[];
  /** Ids of records that were merged into this one; rows elsewhere may still name them. */
  readonly formerIds: readonly PersonId[];
}

/** How staff settled a conflict. */
export interface Settlement {
  readonly decision: 'same' | 'different';
  /** Who decided. */
  readonly author: string;
  readonly atMs: number;
}

/** A conflict of two customers, as it is listed for review. */
export interface ListedConflict extends Omit<IdentityConflict, 'other'> {
  /** In the order of their ids, as of when the conflict was recorded. */
  readonly people: readonly [PersonId, PersonId];
  readonly settlement?: Settlement;
}

/** The customer does not exist, or was erased; nothing was stored. */
export interface Gone {
  readonly kind: 'gone';
}

export type KeepOutcome = { readonly kind: 'kept' } | Gone;

export type LinkOutcome =
  | { readonly kind: 'linked' }
  /** The identifier is linked to another customer, and stays so. */
  | { readonly kind: 'taken'; readonly by: PersonId }
  | Gone;

/** `taken`: the receipt was claimed before: by another or an erased customer, or with another body. */
export type SavePurchaseOutcome = KeepOutcome | { readonly kind: 'taken' };

/** `outdated`: a later revision is stored. */
export type PutVisitsOutcome = KeepOutcome | { readonly kind: 'outdated' };

export interface PersonStore {
  find(identifier: Identifier): Promise<PersonId | undefined>;
  /** Returns the customer of an identifier; creates one under `newId`, with this as the first link, if there is none. */
  bind(identifier: Identifier, evidence: LinkEvidence, newId: PersonId): Promise<PersonId>;
  /** Links an identifier to a customer; an existing link keeps its original evidence. */
  link(personId: PersonId, link: Link): Promise<LinkOutcome>;
  /** Returns a customer's links in time order. */
  links(personId: PersonId): Promise<Link[]>;
  consents(personId: PersonId): Promise<Consent[]>;
  addConsent(personId: PersonId, consent: Consent): Promise<KeepOutcome>;
  /** Records the year of birth as the register has it; the one that was recorded last counts. */
  setBirthYear(personId: PersonId, birthYear: number, nowMs: number): Promise<KeepOutcome>;
  /** Stores a purchase once, under its receipt id. Of two bodies under one id the first is kept. */
  addPurchase(personId: PersonId, purchase: Purchase): Promise<SavePurchaseOutcome>;
  /** Returns a customer's purchases of the day in UTC on which an instant lies. */
  purchasesOn(personId: PersonId, atMs: number): Promise<Purchase[]>;
  /** Returns whether a receipt is a customer's purchase, or was that of an erased customer. */
  isClaimed(receipt: string): Promise<boolean>;
  /** Stores the visits of a day, unless a later revision is stored. */
  putVisits(personId: PersonId, seen: SeenDay): Promise<PutVisitsOutcome>;
  /** Records, with both customers and in the list, evidence that two may be one person: once for each kind of identifier. */
  addDoubt(personId: PersonId, doubt: IdentityConflict): Promise<KeepOutcome>;
  /** Returns all conflicts, settled ones too. */
  conflicts(): AsyncIterable<ListedConflict>;
  /** Records how a conflict was settled; false if it was settled before, or is not in the list. */
  settleConflict(conflict: ListedConflict, settlement: Settlement): Promise<boolean>;
  /**
   * Makes one record refer to another, so that both are read as one. Idempotent; must be run again after a crash.
   *
   * @param from the newer record, by `mergeOrder`
   */
  merge(from: PersonId, into: PersonId, by: Omit<Settlement, 'decision'>): Promise<KeepOutcome>;
  /** Returns the ids of all records that are read as one with this one, itself included; the one that goes on is first. */
  idsOf(personId: PersonId): Promise<readonly [PersonId, ...PersonId[]]>;
  /** Returns everything stored of a customer, under whichever of their ids. Consistent with the last write. */
  load(personId: PersonId): Promise<StoredPerson | undefined>;
  /** Deletes every row of a customer and every reference to them. Idempotent; must be run again after a crash. */
  remove(personId: PersonId): Promise<void>;
}

/** The visits of a visitor day, as last published. */
export interface SeenDay {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  readonly visitorId: VisitorId;
  readonly revision: number;
  readonly visits: ReadonlyArray<Pick<PastVisit, 'firstSeenAtMs' | 'lastSeenAtMs'>>;
}
