/**
 * The event log → customers: the owner of each receipt, and the visits of members.
 *
 * A receipt may be delivered again, in any order and from any till. So nothing is counted: a purchase is a row under its
 * receipt's id, the visits of a day are a row that only a later revision replaces, and an identifier's owner is looked up
 * before a customer is created. A crash leaves rows that the retry finds.
 */
import type { LogRecord } from '#application/ports/event-log.ts';
import type { LinkEvidence, PersonStore, SeenDay } from '#application/ports/person-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import { eventName } from '#contracts/events/envelope.ts';
import { parseEvent, type StoreEvent } from '#contracts/events/parse-event.ts';
import { RECEIPT_CLOSED, receiptName, receiptOf } from '#contracts/events/receipt-closed.ts';
import { VISIT_CLOSED, VISIT_OPENED } from '#contracts/events/visit-revised.ts';
import type { CityId, PersonId, StoreId } from '#domain/chain/ids.ts';
import {
  type Identifier,
  identifierOf,
  mayLinkAtTill,
  type Purchase,
} from '#domain/people/customers/customer.ts';
import { memberNumberFault } from '#domain/people/customers/member-number.ts';
import { isBeyondOnePerson, isOverused } from '#domain/people/customers/overuse.ts';
import { toE164 } from '#domain/people/customers/phone-number.ts';
import { purchaseOf } from '#domain/people/customers/purchase.ts';
import { memberNumberOf } from '#domain/people/faces/face-user.ts';
import { userOfVisitor } from '#domain/place/visits/sighting.ts';

export interface RecordPurchasesPorts {
  readonly people: Pick<
    PersonStore,
    | 'find'
    | 'bind'
    | 'link'
    | 'links'
    | 'load'
    | 'addPurchase'
    | 'purchasesOn'
    | 'isClaimed'
    | 'putVisits'
    | 'addDoubt'
  >;
  /** Returns a store's city; undefined where the store is not set up. */
  readonly cityOf: (storeId: StoreId) => Promise<CityId | undefined>;
  /** Returns the chain's country, by which telephone numbers without a country code are parsed. */
  readonly country: () => Promise<string | undefined>;
  readonly newPersonId: () => PersonId;
}

/** The result of a batch, for the log line and the metrics; it names no customer. */
export interface ProjectedBatch {
  readonly purchases: number;
  /** Days of members in a store. */
  readonly visitorDays: number;
  /** Receipts whose customer was erased, or which another customer claimed before. */
  readonly unclaimed: number;
  /** Identifiers that were not linked: another customer's, or beyond the number that one may have. */
  readonly rejectedLinks: number;
  /** Invalid phone and member numbers, and those that identify no customer. */
  readonly unreadable: number;
  /** Receipts whose number has more purchases on the day than one person makes. */
  readonly overused: number;
  /** Sequence numbers from which to retry: one per store that failed. */
  readonly failures: ReadonlyArray<{ readonly sequence: string; readonly error: unknown }>;
}

type Counts = { -readonly [name in Exclude<keyof ProjectedBatch, 'failures'>]: number };
const EMPTY_SUMMARY: Counts = {
  purchases: 0,
  visitorDays: 0,
  unclaimed: 0,
  rejectedLinks: 0,
  unreadable: 0,
  overused: 0,
};

const STORES_AT_ONCE_MAX = 8;
const PEOPLE_AT_ONCE_MAX = 16;

const AUTHOR = 'record-purchases';
/** A member number is scanned from a card; a phone number is typed, and one wrong digit is another customer's. */
const CONFIDENCE = { member: 1, phone: 0.9, device: 1 } as const;

/** Projects one batch of the event log, of any stores; a store that fails does not hold up the others. */
export async function recordPurchases(
  ports: RecordPurchasesPorts,
  records: readonly LogRecord[],
): Promise<ProjectedBatch> {
  const totals = { ...EMPTY_SUMMARY };
  const failures: Array<{ sequence: string; error: unknown }> = [];
  const byStore = Map.groupBy(records, ({ key }) => key);
  await mapConcurrent([...byStore.values()], STORES_AT_ONCE_MAX, async (ofStore) => {
    try {
      const counts = await projectStore(ports, ofStore);
      for (const name of Object.keys(counts) as Array<keyof Counts>) totals[name] += counts[name];
    } catch (error) {
      failures.push({ sequence: ofStore[0]?.sequence ?? '', error });
    }
  });
  return { ...totals, failures };
}

/** A receipt with at least one identifier of a customer. */
interface CustomerSale {
  readonly purchase: Purchase;
  /** Never empty; the member number first, because it is more reliable. */
  readonly identifiers: readonly Identifier[];
}

/** A member's day in a store, as of one visit revision. */
interface MemberDay {
  readonly member: Identifier;
  readonly day: SeenDay;
  readonly publishedAtMs: number;
}

type OfType<Type extends StoreEvent['type']> = Extract<StoreEvent, { type: Type }>;
type VisitEvent = OfType<typeof VISIT_OPENED> | OfType<typeof VISIT_CLOSED>;

async function projectStore(ports: RecordPurchasesPorts, records: readonly LogRecord[]): Promise<Counts> {
  const counts = { ...EMPTY_SUMMARY };
  const sales: CustomerSale[] = [];
  const days = new Map<string, MemberDay>();
  for (const record of records) {
    const parsed = parseEvent(record.bytes);
    // Unreadable records are stored as dead letters by `count-events`.
    if (parsed.kind === 'unreadable' || parsed.event.data.store !== record.key) continue;
    const { event } = parsed;
    if (event.type === RECEIPT_CLOSED) {
      const { sale, unreadable } = await saleOf(ports, event);
      counts.unreadable += unreadable;
      if (sale !== undefined) sales.push(sale);
    } else if (event.type === VISIT_OPENED || event.type === VISIT_CLOSED) {
      const memberDay = memberDayOf(event);
      if (memberDay === undefined) continue;
      const name = `${memberDay.day.day} ${memberDay.day.visitorId}`;
      // Only the last revision of a day in the batch is needed.
      if (memberDay.day.revision > (days.get(name)?.day.revision ?? 0)) days.set(name, memberDay);
    }
  }
  await mapConcurrent(groupsOf(sales), PEOPLE_AT_ONCE_MAX, async (group) => {
    for (const sale of group) await recordSale(ports, counts, sale);
  });
  await mapConcurrent([...days.values()], PEOPLE_AT_ONCE_MAX, (memberDay) =>
    recordDay(ports, counts, memberDay),
  );
  return counts;
}

/** Returns a receipt with its valid identifiers; an invalid number is discarded and never stored. */
async function saleOf(
  { cityOf, country }: RecordPurchasesPorts,
  { data }: OfType<typeof RECEIPT_CLOSED>,
): Promise<{ readonly sale: CustomerSale | undefined; readonly unreadable: number }> {
  const receipt = receiptOf(data);
  const { memberNo, phone } = receipt;
  if (memberNo === undefined && phone === undefined) return { sale: undefined, unreadable: 0 };
  const e164 = phone === undefined ? undefined : toE164(phone, await country());
  const read = [
    memberNo === undefined || memberNumberFault(memberNo) !== undefined
      ? undefined
      : identifierOf('member', memberNo),
    e164 === undefined ? undefined : identifierOf('phone', e164),
  ];
  const identifiers = read.filter((one) => one !== undefined);
  const unreadable = [memberNo, phone].filter((one) => one !== undefined).length - identifiers.length;
  const cityId = await cityOf(receipt.storeId);
  if (identifiers.length === 0 || cityId === undefined) return { sale: undefined, unreadable };
  return { sale: { purchase: purchaseOf(receipt, receiptName(receipt), cityId), identifiers }, unreadable };
}

function memberDayOf({ data, time }: VisitEvent): MemberDay | undefined {
  const user = userOfVisitor(data.visitor);
  const number = user === undefined ? undefined : memberNumberOf('member', user);
  const member = number === undefined ? undefined : identifierOf('member', number);
  if (member === undefined) return undefined;
  return {
    member,
    publishedAtMs: Date.parse(time),
    day: {
      storeId: data.store,
      day: data.businessDay,
      visitorId: data.visitor,
      revision: data.revision,
      // A member who works in the store is not visiting it.
      visits: data.after
        .filter(({ isStaff }) => !isStaff)
        .map(({ firstSeenAt, lastSeenAtMs }) => ({ firstSeenAtMs: firstSeenAt.instantMs, lastSeenAtMs })),
    },
  };
}

/** Groups receipts that share an identifier or an id: each group is processed in the order of the log, groups concurrently. */
function groupsOf(sales: readonly CustomerSale[]): CustomerSale[][] {
  const groups = new Map<string, CustomerSale[]>();
  const namesOf = ({ purchase, identifiers }: CustomerSale): string[] => [
    `receipt ${purchase.receipt}`,
    ...identifiers.map(({ kind, value }) => `${kind} ${value}`),
  ];
  for (const sale of sales) {
    const touched = new Set(namesOf(sale).flatMap((name) => [groups.get(name) ?? []]));
    const group = [...[...touched].flat(), sale];
    for (const name of group.flatMap(namesOf)) groups.set(name, group);
  }
  return [...new Set(groups.values())];
}

const evidenceOf = (purchase: Purchase, { kind }: Identifier): LinkEvidence => ({
  source: 'till',
  evidence: purchase.receipt,
  confidence: CONFIDENCE[kind],
  linkedAtMs: purchase.closedAtMs,
  author: AUTHOR,
});

async function recordSale(ports: RecordPurchasesPorts, counts: Counts, sale: CustomerSale): Promise<void> {
  const { people } = ports;
  const { purchase, identifiers } = sale;
  const owners = await Promise.all(identifiers.map((identifier) => people.find(identifier)));
  const owner = await ownerOf(ports, sale, owners);
  // A person who was created for this receipt has no other purchase.
  const isOverused =
    owner?.isLinked === false &&
    isBeyondOnePerson(await people.purchasesOn(owner.personId, purchase.closedAtMs), purchase);
  if (isOverused) {
    counts.overused += 1;
    return;
  }
  const added = owner && (await people.addPurchase(owner.personId, purchase));
  if (owner === undefined || added?.kind !== 'kept') {
    counts.unclaimed += 1;
    return;
  }
  const { personId, isLinked } = owner;
  counts.purchases += 1;
  for (const [index, identifier] of identifiers.entries()) {
    if (isLinked && index === 0) continue;
    const links = async () => (isLinked ? [] : await people.links(personId));
    const known = { owner: owners[index], links };
    if (!(await linkIdentifier(ports, personId, identifier, known, purchase))) counts.rejectedLinks += 1;
  }
}

/**
 * Returns the customer of a purchase: the owner of the member number, or else of the phone number. Creates one where neither
 * is known, or where the phone's owner has another member number, or the purchases of many. Undefined where the receipt was an erased person's: an
 * event delivered again must not create them again. `isLinked`: the first identifier was linked on creation.
 */
async function ownerOf(
  { people, newPersonId }: RecordPurchasesPorts,
  { identifiers, purchase }: CustomerSale,
  owners: ReadonlyArray<PersonId | undefined>,
): Promise<{ readonly personId: PersonId; readonly isLinked: boolean } | undefined> {
  const [first] = identifiers as [Identifier, ...Identifier[]];
  const known = owners.find((owner) => owner !== undefined);
  const isTheirs = async (owner: PersonId): Promise<boolean> =>
    mayLinkAtTill(await people.links(owner), first) &&
    !isOverused((await people.load(owner))?.purchases ?? []);
  if (known !== undefined && (owners[0] === known || (await isTheirs(known))))
    return { personId: known, isLinked: false };
  if (await people.isClaimed(purchase.receipt)) return undefined;
  const personId = await people.bind(first, evidenceOf(purchase, first), newPersonId());
  return { personId, isLinked: true };
}

/**
 * Links an identifier of a receipt to its customer, unless it is another's; returns whether it is linked to them now.
 *
 * A phone number is typed, and cashiers type any: a second phone under a member number becomes a customer of its own, and
 * staff decide whether the two are one person.
 */
async function linkIdentifier(
  { people, newPersonId }: RecordPurchasesPorts,
  personId: PersonId,
  identifier: Identifier,
  { owner, links }: { owner: PersonId | undefined; links: () => Promise<readonly Identifier[]> },
  purchase: Purchase,
): Promise<boolean> {
  if (owner === personId) return true;
  const evidence = evidenceOf(purchase, identifier);
  let other = owner;
  if (other === undefined && mayLinkAtTill(await links(), identifier)) {
    const linked = await people.link(personId, { ...identifier, ...evidence });
    if (linked.kind !== 'taken') return linked.kind === 'linked';
    other = linked.by;
  }
  other ??= await people.bind(identifier, evidence, newPersonId());
  await people.addDoubt(personId, {
    other,
    kind: identifier.kind,
    source: evidence.source,
    evidence: evidence.evidence,
    atMs: purchase.closedAtMs,
  });
  return false;
}

async function recordDay(
  { people, newPersonId }: RecordPurchasesPorts,
  counts: Counts,
  { member, day, publishedAtMs }: MemberDay,
): Promise<void> {
  const evidence = {
    source: 'visit',
    evidence: eventName(day.storeId, day.day, day.visitorId),
    confidence: CONFIDENCE.member,
    linkedAtMs: publishedAtMs,
    author: AUTHOR,
  };
  const personId = (await people.find(member)) ?? (await people.bind(member, evidence, newPersonId()));
  if ((await people.putVisits(personId, day)).kind !== 'kept') return;
  counts.visitorDays += 1;
}
