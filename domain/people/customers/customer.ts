/**
 * One customer: whatever points at them, what they agreed to, and what they did, as rows. Nothing about a person is ever
 * added up in place; whoever wants a sum reads the rows, so that a link that proves wrong can be taken away again.
 *
 * A phone number, a member number and a bound phone are strong: each points at one person at most. One that turns up as
 * another person's as well is never a reason to make two people one; it is written down as a doubt about the two, for a
 * person to judge, because histories that were mixed by mistake are shown to whoever asks for their own.
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

/** What points at one person: a phone number in E.164, a member number as its register writes it, a phone's own id. */
export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** An identifier that points at the person. */
export interface Link extends Identifier {
  readonly source: string;
  readonly evidence: string;
  /** 0 … 1. */
  readonly confidence: number;
  readonly linkedAtMs: number;
  readonly author: string;
  /** Of a phone that takes pushes. */
  readonly platform?: 'fcm' | 'apns';
  readonly endpointArn?: string;
}

export interface BoughtProduct {
  readonly productId: ProductId;
  /** Pieces; below 0 for pieces brought back. */
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
  /** Ten-thousandths of the currency's unit; below 0 where more was brought back than bought. */
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

/** What spoke for two people's being one, and was not acted on. It stands with both of them. */
export interface IdentityConflict {
  /** The other of the two. */
  readonly other: PersonId;
  /** Which kind of identifier it was about; the identifier itself stands with whom it points at. */
  readonly kind: IdentifierKind;
  readonly source: string;
  readonly evidence: string;
  readonly atMs: number;
}

/** All rows of a person, each list in order of time. */
export interface Person {
  readonly personId: PersonId;
  readonly createdAtMs: number;
  readonly links: readonly Link[];
  readonly consents: readonly Consent[];
  readonly purchases: readonly Purchase[];
  readonly visits: readonly PastVisit[];
  readonly pushes: readonly PastPush[];
}

/** Crockford's base 32: no letter in it is taken for another over the telephone. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';
const PERSON_ID_LETTERS = 26;
const LETTER_BITS = 5n;
const PERSON_ID = new RegExp(`^p\\.[${LETTERS}]{${PERSON_ID_LETTERS}}$`);

/** The id of a new person out of sixteen random bytes, from a source nobody can foresee. */
export function personIdOf(bytes: Uint8Array): PersonId {
  let number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let letters = '';
  for (let place = 0; place < PERSON_ID_LETTERS; place++) {
    letters = `${LETTERS[Number(number % (1n << LETTER_BITS))]}${letters}`;
    number >>= LETTER_BITS;
  }
  return `p.${letters}` as PersonId;
}

export const isPersonId = (text: string): text is PersonId => PERSON_ID.test(text);

const E164 = /^\+[1-9]\d{6,14}$/;

/** An identifier of a kind, out of a text that is one already; undefined where it is none. */
export function identifierOf(kind: IdentifierKind, value: string): Identifier | undefined {
  const isOne = { phone: (text: string) => E164.test(text), member: isForeignId, device: isPlaceId }[kind];
  return isOne(value) ? { kind, value } : undefined;
}

/** A person changes their number now and then. More are those of whoever holds their own card out for everybody. */
export const PHONES_MAX = 5;

/**
 * Whether a person may be given one more identifier. A register gives a person one number; a second one on the same phone
 * is a family's, or a cashier's who types their own. Two people who are taken for one see each other's purchases, one who is
 * taken for two sees half of theirs: so two it is.
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
