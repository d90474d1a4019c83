/**
 * A person as rows of the people table: keys and attributes.
 *
 * Times in keys have a fixed width, so that the rows of a kind sort by time. Ids contain no `#`.
 */
import type {
  LinkEvidence,
  ListedConflict,
  SeenDay,
  Settlement,
  StoredPerson,
} from '#application/ports/person-store.ts';
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
  { other, kind }: Pick<IdentityConflict, 'other' | 'kind'>,
): ItemKey => ({ pk: partitionOf(personId), sk: `DOUBT#${other}#${kind}` });

export const CONFLICTS_PK = 'CONFLICTS';
const inOrder = (a: PersonId, b: PersonId): readonly [PersonId, PersonId] => (a < b ? [a, b] : [b, a]);

/** A conflict in the list for review. */
export const conflictKey = (
  personId: PersonId,
  { other, kind }: Pick<IdentityConflict, 'other' | 'kind'>,
): ItemKey => ({ pk: CONFLICTS_PK, sk: `${inOrder(personId, other).join('#')}#${kind}` });

/** The record into which this one was merged. */
export const INTO_PREFIX = 'SAME#INTO#';
/** A record that was merged into this one. */
export const FROM_PREFIX = 'SAME#FROM#';
export const SAME_PREFIX = 'SAME#';

/** The parts of a receipt's key, unescaped: percent-encoded, a Chinese name would exceed the length of a key. */
const plainName = (receipt: string): string => receipt.split('/').map(decodeURIComponent).join('#');

/** The beginning of the keys of the purchases that were closed on a day in UTC. */
export const purchasesPrefix = (atMs: number): string =>
  `BUY#${timeText(atMs).slice(0, 'YYYY-MM-DD'.length)}`;

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

/** Confidence has decimals, and numbers of a table are read as integers here; so it is stored as text. */
const evidenceItem = ({ confidence, ...evidence }: LinkEvidence) => ({
  ...evidence,
  confidence: String(confidence),
});

export const toLinkItem = (
  personId: PersonId,
  { kind, value }: Identifier,
  evidence: LinkEvidence,
): Item => ({
  ...linkKey(personId, { kind, value }),
  kind,
  value,
  ...evidenceItem(evidence),
});

export const toIdentItem = (identifier: Identifier, personId: PersonId): Item => ({
  ...identKey(identifier),
  personId,
});

/** The identifier row that creates a person; it contains all that is needed to complete the person after a crash. */
export const toCreatingItem = (identifier: Identifier, personId: PersonId, evidence: LinkEvidence): Item => ({
  ...toIdentItem(identifier, personId),
  firstLink: evidenceItem(evidence),
});

/** Returns the link in a creating identifier row; undefined if the person is complete. */
export function firstLinkOf(item: Item): LinkEvidence | undefined {
  const firstLink = item['firstLink'] as Row | undefined;
  return firstLink && toEvidence(firstLink);
}

export const personOf = (item: Item): PersonId => item['personId'] as PersonId;

/**
 * One decision is one row, however often and by whatever way it arrives: its key is what was decided, the time as it was
 * stated, and by which clock. The row of the first arrival is kept.
 */
export function toConsentItem(personId: PersonId, consent: Consent): Item {
  const { purpose, isGranted, atMs, statedAtMs = atMs, clock, dayEndsAtMs } = consent;
  const stated = `${timeText(statedAtMs)}#${isGranted ? 'yes' : 'no'}`;
  const how = clock ?? (dayEndsAtMs === undefined ? undefined : 'day');
  return {
    pk: partitionOf(personId),
    sk: `CONSENT#${purpose}#${stated}${how === undefined ? '' : `#${how}`}`,
    ...consent,
  };
}

/** A row of its own, which a later import overwrites; of two imports the later one counts. */
export const toBirthItem = (personId: PersonId, birthYear: number, nowMs: number): Item => ({
  pk: partitionOf(personId),
  sk: 'BORN',
  birthYear,
  revision: nowMs,
});

export const toPurchaseItem = (personId: PersonId, purchase: Purchase): Item => ({
  ...purchaseKey(personId, purchase),
  ...purchase,
});

/** The customer of a receipt, and the key of the purchase row. */
export const toClaimItem = (personId: PersonId, purchase: Purchase): Item => ({
  ...claimKey(purchase.receipt),
  personId,
  buy: purchaseKey(personId, purchase).sk,
});

/** The claim of a receipt whose customer was erased: without a customer, permanently. */
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

export function toConflictItem(personId: PersonId, doubt: IdentityConflict): Item {
  const { other: _, ...evidence } = doubt;
  return { ...conflictKey(personId, doubt), ...evidence, revision: 0 };
}

/** The revision of a conflict that was settled; it is settled once. */
export const SETTLED_REVISION = 1;

export const toSettledItem = (
  { people: [a, b], settlement: _, ...evidence }: ListedConflict,
  settlement: Settlement,
): Item => ({
  ...conflictKey(a, { other: b, kind: evidence.kind }),
  ...evidence,
  settlement: { ...settlement },
  revision: SETTLED_REVISION,
});

/** The references of a merge: each record names the other. */
export const toSameItem = (
  personId: PersonId,
  prefix: typeof INTO_PREFIX | typeof FROM_PREFIX,
  other: PersonId,
  by: Omit<Settlement, 'decision'>,
): Item => ({ pk: partitionOf(personId), sk: `${prefix}${other}`, ...by });

type Row = Readonly<Record<string, unknown>>;

const toEvidence = (row: Row): LinkEvidence => ({
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
  ...toEvidence(row),
});

const CONSENT_TIMES = ['receivedAtMs', 'statedAtMs', 'dayEndsAtMs'] as const;

export const toConsent = (row: Row): Consent => ({
  purpose: row['purpose'] as ConsentPurpose,
  isGranted: row['isGranted'] === true,
  proof: String(row['proof']),
  source: String(row['source']),
  atMs: Number(row['atMs']),
  ...(row['clock'] === undefined ? {} : { clock: String(row['clock']) }),
  ...Object.fromEntries(
    CONSENT_TIMES.flatMap((name) => (row[name] === undefined ? [] : [[name, Number(row[name])]])),
  ),
});

export const toPurchase = (row: Row): Purchase => ({
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

/** Returns the year of birth that was recorded last, if any. */
function birthYearIn(rows: readonly Item[]): { readonly birthYear?: number } {
  const [last] = rows
    .filter(({ sk }) => sk === 'BORN')
    .sort((a, b) => Number(b['revision']) - Number(a['revision']));
  return last === undefined ? {} : { birthYear: Number(last['birthYear']) };
}

export function toListedConflict(item: Item): ListedConflict {
  const [a = '', b = ''] = item.sk.split('#');
  const { other: _, ...evidence } = toDoubt(item);
  const settled = item['settlement'] as Row | undefined;
  return {
    people: [a as PersonId, b as PersonId],
    ...evidence,
    ...(settled !== undefined && {
      settlement: {
        decision: settled['decision'] as Settlement['decision'],
        author: String(settled['author']),
        atMs: Number(settled['atMs']),
      },
    }),
  };
}

/** Of a visitor day that was recorded under two ids of a customer, the last revision counts. */
function lastRevisions(days: readonly Item[]): Item[] {
  const last = new Map<string, Item>();
  for (const day of days)
    if (Number(day['revision']) > Number(last.get(day.sk)?.['revision'] ?? -1)) last.set(day.sk, day);
  return [...last.values()];
}

/**
 * Returns a person from all rows of their partitions; undefined if they do not exist, or were erased.
 *
 * @param formerIds ids of records that were merged into this one, whose rows are among these
 */
export function toPerson(
  personId: PersonId,
  rows: readonly Item[],
  formerIds: readonly PersonId[] = [],
): StoredPerson | undefined {
  const roots = rows.filter(({ sk }) => sk === 'PERSON');
  const root = roots.find(({ pk }) => pk === partitionOf(personId));
  if (root === undefined) return undefined;
  const of = (kind: string): Item[] => rows.filter(({ sk }) => sk.startsWith(`${kind}#`));
  return {
    personId,
    createdAtMs: Number(root['createdAtMs']),
    ...birthYearIn(rows),
    links: of('LINK')
      .map(toLink)
      .sort((a, b) => a.linkedAtMs - b.linkedAtMs),
    consents: of('CONSENT').map(toConsent).sort(byTime),
    purchases: of('BUY')
      .sort((a, b) => (a.sk < b.sk ? -1 : a.sk > b.sk ? 1 : 0))
      .map(toPurchase),
    visits: lastRevisions(of('SEEN'))
      .flatMap(toVisits)
      .sort((a, b) => a.firstSeenAtMs - b.firstSeenAtMs),
    // Decisions are stored with the pushes; the caller adds them.
    pushes: [],
    conflicts: of('DOUBT')
      .map(toDoubt)
      .filter(({ other }) => other !== personId && !formerIds.includes(other))
      .sort(byTime),
    formerIds,
  };
}

export const byTime = (a: { readonly atMs: number }, b: { readonly atMs: number }): number => a.atMs - b.atMs;
