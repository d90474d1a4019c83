/**
 * A person as rows of the table of people: their keys, and what stands in each.
 *
 * Times in keys are of one width, so that the rows of a kind stand in the order of time. Ids hold no `#`.
 */
import type { KeptPerson, LinkEvidence, SeenDay } from '#application/ports/person-store.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { CityId, PersonId, ProductId, StoreId, VisitorId } from '#domain/chain/ids.ts';
import type { Consent, ConsentPurpose } from '#domain/people/customers/consent.ts';
import type {
  Identifier,
  IdentifierKind,
  IdentityConflict,
  Link,
  PastVisit,
  Purchase,
} from '#domain/people/customers/customer.ts';
import type { ItemKey } from '#domain/people/erasure/table-row.ts';
import type { Item } from './person-items.ts';

const timeText = (ms: number): string => new Date(ms).toISOString();

export const partitionOf = (personId: PersonId): string => `PERSON#${personId}`;
export const personKey = (personId: PersonId): ItemKey => ({ pk: partitionOf(personId), sk: 'PERSON' });
export const identKey = ({ kind, value }: Identifier): ItemKey => ({
  pk: `IDENT#${kind}#${value}`,
  sk: 'IDENT',
});
export const linkKey = (personId: PersonId, { kind, value }: Identifier): ItemKey => ({
  pk: partitionOf(personId),
  sk: `LINK#${kind}#${value}`,
});
export const claimKey = (receipt: string): ItemKey => ({ pk: `RECEIPT#${receipt}`, sk: 'RECEIPT' });
export const doubtKey = (
  personId: PersonId,
  { other, kind, atMs }: Pick<IdentityConflict, 'other' | 'kind' | 'atMs'>,
): ItemKey => ({
  pk: partitionOf(personId),
  sk: `DOUBT#${other}#${timeText(atMs)}#${kind}`,
});

/** The parts of a receipt's name as they are: escaped, a name of Chinese characters would be longer than a key may be. */
const plainName = (receipt: string): string => receipt.split('/').map(decodeURIComponent).join('#');

const purchaseKey = (
  personId: PersonId,
  { closedAtMs, receipt }: Pick<Purchase, 'closedAtMs' | 'receipt'>,
): ItemKey => ({
  pk: partitionOf(personId),
  sk: `BUY#${timeText(closedAtMs)}#${plainName(receipt)}`,
});

export const toPersonItem = (personId: PersonId, { linkedAtMs, source }: LinkEvidence): Item => ({
  ...personKey(personId),
  createdAtMs: linkedAtMs,
  source,
});

/** Degrees of belief have decimals, and numbers of a table are read here as whole numbers; so this one is a text. */
const groundItem = ({ confidence, ...ground }: LinkEvidence) => ({
  ...ground,
  confidence: String(confidence),
});

export const toLinkItem = (personId: PersonId, { kind, value }: Identifier, ground: LinkEvidence): Item => ({
  ...linkKey(personId, { kind, value }),
  kind,
  value,
  ...groundItem(ground),
});

export const toIdentItem = (identifier: Identifier, personId: PersonId): Item => ({
  ...identKey(identifier),
  personId,
});

/** The pointer of an identifier with which a person begins; it says enough to finish them by. */
export const toFoundingItem = (identifier: Identifier, personId: PersonId, ground: LinkEvidence): Item => ({
  ...toIdentItem(identifier, personId),
  founding: groundItem(ground),
});

/** What a founding pointer says of the link; undefined where the person is whole. */
export function foundingOf(item: Item): LinkEvidence | undefined {
  const founding = item['founding'] as Row | undefined;
  return founding && toGround(founding);
}

export const personOf = (item: Item): PersonId => item['personId'] as PersonId;

export const toConsentItem = (personId: PersonId, { purpose, isGranted, atMs, ...said }: Consent): Item => ({
  pk: partitionOf(personId),
  // Of two words of one moment both are kept.
  sk: `CONSENT#${purpose}#${timeText(atMs)}#${isGranted ? 'yes' : 'no'}`,
  purpose,
  isGranted,
  atMs,
  ...said,
});

export const toPurchaseItem = (personId: PersonId, purchase: Purchase): Item => ({
  ...purchaseKey(personId, purchase),
  ...purchase,
});

/** Whose purchase a receipt is, and under which key. */
export const toClaimItem = (personId: PersonId, purchase: Purchase): Item => ({
  ...claimKey(purchase.receipt),
  personId,
  buy: purchaseKey(personId, purchase).sk,
});

/** The claim of a receipt whose buyer is gone: nobody's, and for ever. */
export const toReleasedItem = (receipt: string): Item => ({ ...claimKey(receipt) });

export const toSeenItem = (personId: PersonId, { storeId, day, visitorId, ...seen }: SeenDay): Item => ({
  pk: partitionOf(personId),
  sk: `SEEN#${day}#${storeId}#${visitorId}`,
  storeId,
  day,
  visitorId,
  ...seen,
});

export const toDoubtItem = (personId: PersonId, doubt: IdentityConflict): Item => ({
  ...doubtKey(personId, doubt),
  ...doubt,
});

type Row = Readonly<Record<string, unknown>>;

const toGround = (row: Row): LinkEvidence => ({
  source: String(row['source']),
  evidence: String(row['evidence']),
  confidence: Number(row['confidence']),
  linkedAtMs: Number(row['linkedAtMs']),
  author: String(row['author']),
  ...(row['platform'] === undefined ? {} : { platform: row['platform'] as NonNullable<Link['platform']> }),
  ...(row['endpointArn'] === undefined ? {} : { endpointArn: String(row['endpointArn']) }),
});

export const toLink = (row: Row): Link => ({
  kind: row['kind'] as IdentifierKind,
  value: String(row['value']),
  ...toGround(row),
});

export const toConsent = (row: Row): Consent => ({
  purpose: row['purpose'] as ConsentPurpose,
  isGranted: row['isGranted'] === true,
  proof: String(row['proof']),
  source: String(row['source']),
  atMs: Number(row['atMs']),
});

const toPurchase = (row: Row): Purchase => ({
  storeId: row['storeId'] as StoreId,
  cityId: row['cityId'] as CityId,
  day: row['day'] as BusinessDay,
  closedAtMs: Number(row['closedAtMs']),
  receipt: String(row['receipt']),
  net: row['net'] as bigint,
  units: Number(row['units']),
  products: (row['products'] as Row[]).map((product) => ({
    productId: product['productId'] as ProductId,
    quantity: Number(product['quantity']),
    net: product['net'] as bigint,
  })),
});

const toVisits = (row: Row): PastVisit[] =>
  (row['visits'] as Row[]).map((visit) => ({
    storeId: row['storeId'] as StoreId,
    day: row['day'] as BusinessDay,
    visitorId: row['visitorId'] as VisitorId,
    firstSeenAtMs: Number(visit['firstSeenAtMs']),
    lastSeenAtMs: Number(visit['lastSeenAtMs']),
  }));

export const toDoubt = (row: Row): IdentityConflict => ({
  other: row['other'] as PersonId,
  kind: row['kind'] as IdentifierKind,
  source: String(row['source']),
  evidence: String(row['evidence']),
  atMs: Number(row['atMs']),
});

/** A person out of all rows of the partition; undefined where they are not there, or no longer. */
export function toPerson(personId: PersonId, rows: readonly Item[]): KeptPerson | undefined {
  const root = rows.find(({ sk }) => sk === 'PERSON');
  if (root === undefined) return undefined;
  const of = (kind: string): Item[] => rows.filter(({ sk }) => sk.startsWith(`${kind}#`));
  return {
    personId,
    createdAtMs: Number(root['createdAtMs']),
    links: of('LINK')
      .map(toLink)
      .sort((a, b) => a.linkedAtMs - b.linkedAtMs),
    consents: of('CONSENT').map(toConsent).sort(byTime),
    purchases: of('BUY').map(toPurchase),
    visits: of('SEEN')
      .flatMap(toVisits)
      .sort((a, b) => a.firstSeenAtMs - b.firstSeenAtMs),
    // They stand with the decisions about them; whoever decides puts them in.
    pushes: [],
    doubts: of('DOUBT').map(toDoubt).sort(byTime),
  };
}

export const byTime = (a: { readonly atMs: number }, b: { readonly atMs: number }): number => a.atMs - b.atMs;
