/** Port: customers and their identifiers. */

import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { PersonId, StoreId, VisitorId } from '#domain/chain/ids.ts';
import type {
  Consent,
  Identifier,
  IdentityConflict,
  Link,
  PastVisit,
  Person,
  Purchase,
} from '#domain/people/customers/customer.ts';

/** What a link says beside the identifier that it is of. */
export type LinkEvidence = Omit<Link, 'kind' | 'value'>;

export interface KeptPerson extends Person {
  readonly doubts: readonly IdentityConflict[];
}

/** The person is not there, or no longer; nothing was kept. */
export interface Gone {
  readonly kind: 'gone';
}

export type KeepOutcome = { readonly kind: 'kept' } | Gone;

export type LinkOutcome =
  | { readonly kind: 'linked' }
  /** It points at somebody else, and goes on to. */
  | { readonly kind: 'taken'; readonly by: PersonId }
  | Gone;

/** `taken`: the receipt was claimed before, by somebody else, by somebody who is gone, or with another body. */
export type SavePurchaseOutcome = KeepOutcome | { readonly kind: 'taken' };

/** `outdated`: a later telling is kept. */
export type SeenOutcome = KeepOutcome | { readonly kind: 'outdated' };

export interface PersonStore {
  find(identifier: Identifier): Promise<PersonId | undefined>;
  /** Finds the person of an identifier, or makes them under the new id with this as their first link. For whoever was not found. */
  bind(identifier: Identifier, ground: LinkEvidence, newId: PersonId): Promise<PersonId>;
  /** Lets an identifier point at a person; one that does already keeps the evidence it came with. For one that was not found. */
  link(personId: PersonId, link: Link): Promise<LinkOutcome>;
  /** In order of time. */
  links(personId: PersonId): Promise<Link[]>;
  consents(personId: PersonId): Promise<Consent[]>;
  addConsent(personId: PersonId, consent: Consent): Promise<KeepOutcome>;
  /** Keeps a purchase once, under the name of its receipt. The first of two bodies under one name stands. */
  addPurchase(personId: PersonId, purchase: Purchase): Promise<SavePurchaseOutcome>;
  /** Whether a receipt is somebody's purchase, or was that of somebody who is gone. */
  isClaimed(receipt: string): Promise<boolean>;
  /** Keeps the visits of a day, unless a later telling of them is kept. */
  putVisits(personId: PersonId, seen: SeenDay): Promise<SeenOutcome>;
  /** Writes down with both what spoke for two people's being one. */
  addDoubt(personId: PersonId, doubt: IdentityConflict): Promise<KeepOutcome>;
  /** All that is kept of a person, as of the last write. */
  load(personId: PersonId): Promise<KeptPerson | undefined>;
  /** Takes away every row of a person and everything that points at them. May be run again, and has to be after a crash. */
  remove(personId: PersonId): Promise<void>;
}

/** The visits of a visitor's day in a store, as the log was told of them. */
export interface SeenDay {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  readonly visitorId: VisitorId;
  readonly revision: number;
  readonly visits: ReadonlyArray<Pick<PastVisit, 'firstSeenAtMs' | 'lastSeenAtMs'>>;
}
