/**
 * A customer: identifiers, consents, purchases, visits and pushes, as rows. Totals are computed from the rows and never
 * stored, so that a wrong link can be removed again.
 *
 * A phone number, a member number and a linked phone are strong identifiers: each belongs to at most one customer. Where one
 * turns up for a second customer, the two are never merged; the conflict is recorded for staff to resolve, because merged
 * histories would show one customer the purchases of another.
 */
import type { BusinessDay } from '../../chain/business-day.ts';
import {
  type CampaignId,
  type CityId,
  isForeignId,
  isPlaceId,
  type PersonId,
  type ProductId,
  type StoreId,
  type VisitorId,
} from '../../chain/ids.ts';
import type { Consent } from './consent.ts';

export const IDENTIFIER_KINDS = ['phone', 'member', 'device'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** A strong identifier: a phone number in E.164, a member number as its register writes it, or the id of a phone. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** An identifier of a customer, with its evidence. */
export interface Link extends Identifier {
  readonly source: string;
  readonly evidence: string;
  /** 0 … 1. */
  readonly confidence: number;
  readonly linkedAtMs: number;
  readonly author: string;
  /** Of a phone that accepts pushes. */
  readonly platform?: 'fcm' | 'apns';
  readonly endpointArn?: string;
}

export interface BoughtProduct {
  readonly productId: ProductId;
  /** Pieces; below 0 for returned pieces. */
  readonly quantity: number;
  /** Ten-thousandths of the currency's unit. */
  readonly net: bigint;
}

export interface Purchase {
  readonly storeId: StoreId;
  readonly cityId: CityId;
  readonly day: BusinessDay;
  readonly closedAtMs: number;
  /** The name of the receipt: store/till/day/number. */
  readonly receipt: string;
  /** Ten-thousandths of the currency's unit; below 0 where more was returned than bought. */
  readonly net: bigint;
  readonly units: number;
  readonly products: readonly BoughtProduct[];
}

export interface PastVisit {
  readonly storeId: StoreId;
  readonly day: BusinessDay;
  readonly visitorId: VisitorId;
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
}

export interface PastPush {
  readonly campaignId: CampaignId;
  readonly storeId: StoreId;
  readonly decisionId: string;
  readonly atMs: number;
}

/** Evidence that two customers may be the same person, without a merge. It is stored with both of them. */
export interface IdentityConflict {
  /** The other of the two. */
  readonly other: PersonId;
  /** The kind of the shared identifier; the identifier itself is stored with the customer it belongs to. */
  readonly kind: IdentifierKind;
  readonly source: string;
  readonly evidence: string;
  readonly atMs: number;
}

/** All rows of a customer, each list in order of time. */
export interface Person {
  readonly personId: PersonId;
  readonly createdAtMs: number;
  /** As the chain's register has it; absent where it is not known. */
  readonly birthYear?: number;
  readonly links: readonly Link[];
  readonly consents: readonly Consent[];
  readonly purchases: readonly Purchase[];
  readonly visits: readonly PastVisit[];
  readonly pushes: readonly PastPush[];
}

/** Crockford's base 32, whose letters are not mistaken for one another on the phone. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const PERSON_ID_LETTERS = 26;
const LETTER_BITS = 5n;
const PERSON_ID = new RegExp(`^p\\.[${LETTERS}]{${PERSON_ID_LETTERS}}$`);

/** Returns the id of a new customer from sixteen bytes of a cryptographically secure random source. */
export function personIdOf(bytes: Uint8Array): PersonId {
  let number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let letters = '';
  for (let place = 0; place < PERSON_ID_LETTERS; place++) {
    letters = `${LETTERS[Number(number % (1n << LETTER_BITS))]}${letters}`;
    number >>= LETTER_BITS;
  }
  return `p.${letters}` as PersonId;
}

/** Reports whether a text is the id of a customer: `p.` and 26 letters and digits. */
export const isPersonId = (text: string): text is PersonId => PERSON_ID.test(text);

const E164 = /^\+[1-9]\d{6,14}$/;

/** Returns an identifier of a kind from its canonical text; undefined where the text is not valid. */
export function identifierOf(kind: IdentifierKind, value: string): Identifier | undefined {
  const isOne = { phone: (text: string) => E164.test(text), member: isForeignId, device: isPlaceId }[kind];
  return isOne(value) ? { kind, value } : undefined;
}

/** Phone numbers per customer, who may change it now and then. More belong to a shared card. */
export const PHONES_MAX = 5;

/**
 * Reports whether another identifier may be linked to a customer. A register issues one number per customer; a second one
 * with the same phone belongs to a family member, or to a cashier. A wrong merge leaks a purchase history, a missed one only
 * splits it: when in doubt, do not link.
 */
export function mayLink(links: readonly Identifier[], { kind, value }: Identifier): boolean {
  const others = links.filter((link) => link.kind === kind && link.value !== value);
  switch (kind) {
    case 'member':
      return others.length === 0;
    case 'phone':
      return others.length < PHONES_MAX;
    case 'device':
      return true;
  }
}

/**
 * Reports whether a till may link another identifier to a customer. The chain's register may know of a second phone; a till
 * only knows what was typed, perhaps for the next customer of a shared card.
 */
export const mayLinkAtTill = (links: readonly Identifier[], identifier: Identifier): boolean =>
  identifier.kind === 'phone'
    ? links.every(({ kind, value }) => kind !== 'phone' || value === identifier.value)
    : mayLink(links, identifier);
