/**
 * The log → people: whose purchase a receipt is, and which visits were a member's.
 *
 * A receipt may come again, in any order and from any till. So nothing here is counted along: a purchase is a row under its
 * receipt's name, a day's visits are a row that only a later telling replaces, and whoever a number points at is found before
 * anybody is made. A crash leaves rows that the next try finds.
 */

import type { LogRecord } from '#application/ports/event-log.ts';
import type { LinkEvidence, PersonStore, SeenDay } from '#application/ports/person-store.ts';
import { mapConcurrent } from '#application/support/concurrency.ts';
import { eventName } from '#contracts/events/envelope.ts';
import { parseEvent, type StoreEvent } from '#contracts/events/parse-event.ts';
import { RECEIPT_CLOSED, receiptName, receiptOf } from '#contracts/events/receipt-closed.ts';
import { VISIT_CLOSED, VISIT_OPENED } from '#contracts/events/visit-revised.ts';
import type { CityId, PersonId, StoreId } from '#domain/chain/ids.ts';
import { type Identifier, identifierOf, mayLink, type Purchase } from '#domain/people/customers/customer.ts';
import { toE164 } from '#domain/people/customers/phone-number.ts';
import { purchaseOf } from '#domain/people/customers/purchase.ts';
import { memberNumberOf } from '#domain/people/faces/face-user.ts';
import { userOfVisitor } from '#domain/place/visits/sighting.ts';

export interface ProjectCustomersPorts {
  readonly people: Pick<
    PersonStore,
    'find' | 'bind' | 'link' | 'links' | 'addPurchase' | 'isClaimed' | 'putVisits' | 'addDoubt'
  >;
  /** Where a store stands; undefined where it is not set up. */
  readonly cityOf: (storeId: StoreId) => Promise<CityId | undefined>;
  /** The chain's country, by which numbers without a code are read. */
  readonly country: () => Promise<string | undefined>;
  readonly newPersonId: () => PersonId;
}

/** What a batch came to, for the log line and the metrics. Nobody is named in it. */
export interface ProjectedBatch {
  readonly purchases: number;
  /** Days of members in a store. */
  readonly days: number;
  /** Receipts whose person is gone, or which were claimed by somebody else before. */
  readonly unclaimed: number;
  /** Identifiers that were given to nobody: another person's, or one too many. */
  readonly refusedLinks: number;
  /** Phones and member numbers that are none. */
  readonly unreadable: number;
  /** Places of the log at which to begin again: one per store that failed. */
  readonly failures: ReadonlyArray<{ readonly sequence: string; readonly error: unknown }>;
}

type Counts = { -readonly [name in Exclude<keyof ProjectedBatch, 'failures'>]: number };
const EMPTY_SUMMARY: Counts = { purchases: 0, days: 0, unclaimed: 0, refusedLinks: 0, unreadable: 0 };

const STORES_AT_ONCE_MAX = 8;
const PEOPLE_AT_ONCE_MAX = 16;

const AUTHOR = 'project-customers';
/** A register's number on the receipt is read off a card; a phone number is typed by hand, one digit from a stranger's. */
const CONFIDENCE = { member: 1, phone: 0.9, device: 1 } as const;

/** Takes one batch of the log, of any stores; a store that fails does not hold up the others. */
export async function projectCustomers(
  ports: ProjectCustomersPorts,
  records: readonly LogRecord[],
): Promise<ProjectedBatch> {
  const totals = { ...EMPTY_SUMMARY };
  const failures: Array<{ sequence: string; error: unknown }> = [];
  const byStore = Map.groupBy(records, ({ key }) => key);
  await mapConcurrent([...byStore.values()], STORES_AT_ONCE_MAX, async (ofStore) => {
    try {
      const known = await knowStore(ports, ofStore);
      for (const name of Object.keys(known) as Array<keyof Counts>) totals[name] += known[name];
    } catch (error) {
      failures.push({ sequence: ofStore[0]?.sequence ?? '', error });
    }
  });
  return { ...totals, failures };
}

/** A receipt of somebody. */
interface Sale {
  readonly purchase: Purchase;
  /** Never empty; the member number first, because it is the register's own. */
  readonly identifiers: readonly Identifier[];
}

/** A member's day in the store, as one telling has it. */
interface MemberDay {
  readonly member: Identifier;
  readonly day: SeenDay;
  readonly toldAtMs: number;
}

type OfType<Type extends StoreEvent['type']> = Extract<StoreEvent, { type: Type }>;
type Telling = OfType<typeof VISIT_OPENED> | OfType<typeof VISIT_CLOSED>;

async function knowStore(ports: ProjectCustomersPorts, records: readonly LogRecord[]): Promise<Counts> {
  const counts = { ...EMPTY_SUMMARY };
  const sales: Sale[] = [];
  const days = new Map<string, MemberDay>();
  for (const record of records) {
    const parsed = parseEvent(record.bytes);
    // What cannot be read is kept as a dead letter by whoever counts receipts.
    if (parsed.kind === 'unreadable' || parsed.event.data.store !== record.key) continue;
    const { event } = parsed;
    if (event.type === RECEIPT_CLOSED) {
      const { sale, unreadable } = await saleOf(ports, event);
      counts.unreadable += unreadable;
      if (sale !== undefined) sales.push(sale);
    } else if (event.type === VISIT_OPENED || event.type === VISIT_CLOSED) {
      const told = memberDayOf(event);
      if (told === undefined) continue;
      const name = `${told.day.day} ${told.day.visitorId}`;
      // Of a batch's tellings of one day the last is enough.
      if (told.day.revision > (days.get(name)?.day.revision ?? 0)) days.set(name, told);
    }
  }
  await mapConcurrent(groupsOf(sales), PEOPLE_AT_ONCE_MAX, async (group) => {
    for (const sale of group) await keepSale(ports, counts, sale);
  });
  await mapConcurrent([...days.values()], PEOPLE_AT_ONCE_MAX, (told) => keepDay(ports, counts, told));
  return counts;
}

/** What a receipt tells of somebody; a number that is none is let go of, and never written anywhere. */
async function saleOf(
  { cityOf, country }: ProjectCustomersPorts,
  { data }: OfType<typeof RECEIPT_CLOSED>,
): Promise<{ readonly sale: Sale | undefined; readonly unreadable: number }> {
  const receipt = receiptOf(data);
  const { memberNo, phone } = receipt;
  if (memberNo === undefined && phone === undefined) return { sale: undefined, unreadable: 0 };
  const e164 = phone === undefined ? undefined : toE164(phone, await country());
  const read = [
    memberNo === undefined ? undefined : identifierOf('member', memberNo),
    e164 === undefined ? undefined : identifierOf('phone', e164),
  ];
  const identifiers = read.filter((one) => one !== undefined);
  const unreadable = [memberNo, phone].filter((one) => one !== undefined).length - identifiers.length;
  const cityId = await cityOf(receipt.storeId);
  if (identifiers.length === 0 || cityId === undefined) return { sale: undefined, unreadable };
  return { sale: { purchase: purchaseOf(receipt, receiptName(receipt), cityId), identifiers }, unreadable };
}

function memberDayOf({ data, time }: Telling): MemberDay | undefined {
  const user = userOfVisitor(data.visitor);
  const number = user === undefined ? undefined : memberNumberOf('member', user);
  const member = number === undefined ? undefined : identifierOf('member', number);
  if (member === undefined) return undefined;
  return {
    member,
    toldAtMs: Date.parse(time),
    day: {
      storeId: data.store,
      day: data.businessDay,
      visitorId: data.visitor,
      revision: data.revision,
      // A member who stands behind the counter is not visiting.
      visits: data.after
        .filter(({ isStaff }) => !isStaff)
        .map(({ firstSeenAt, lastSeenAtMs }) => ({ firstSeenAtMs: firstSeenAt.instantMs, lastSeenAtMs })),
    },
  };
}

/** Receipts that share a number, or a name, belong together and are taken in the order of the log; all others at once. */
function groupsOf(sales: readonly Sale[]): Sale[][] {
  const groups = new Map<string, Sale[]>();
  const namesOf = ({ purchase, identifiers }: Sale): string[] => [
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

const groundOf = (purchase: Purchase, { kind }: Identifier): LinkEvidence => ({
  source: 'till',
  evidence: purchase.receipt,
  confidence: CONFIDENCE[kind],
  linkedAtMs: purchase.closedAtMs,
  author: AUTHOR,
});

async function keepSale(ports: ProjectCustomersPorts, counts: Counts, sale: Sale): Promise<void> {
  const { people } = ports;
  const { purchase, identifiers } = sale;
  const owners = await Promise.all(identifiers.map((identifier) => people.find(identifier)));
  const found = await buyerOf(ports, sale, owners);
  const kept = found && (await people.addPurchase(found.buyer, purchase));
  if (found === undefined || kept?.kind !== 'kept') {
    counts.unclaimed += 1;
    return;
  }
  const { buyer, isBound } = found;
  counts.purchases += 1;
  for (const [index, identifier] of identifiers.entries()) {
    if (isBound && index === 0) continue;
    const links = async () => (isBound ? [] : await people.links(buyer));
    const isTheirs = await pointAt(ports, buyer, identifier, { owner: owners[index], links }, purchase);
    if (!isTheirs) counts.refusedLinks += 1;
  }
}

/**
 * Whose purchase it is: the member's, or else whoever the phone is of. Where nobody is known they are made; so are they where
 * the phone is of somebody with another member number. Undefined where the receipt was an erased person's: what the log
 * brings again makes nobody anew. `isBound`: their first identifier points at them already.
 */
async function buyerOf(
  { people, newPersonId }: ProjectCustomersPorts,
  { identifiers, purchase }: Sale,
  owners: ReadonlyArray<PersonId | undefined>,
): Promise<{ readonly buyer: PersonId; readonly isBound: boolean } | undefined> {
  const [first] = identifiers as [Identifier, ...Identifier[]];
  const known = owners.find((owner) => owner !== undefined);
  if (known !== undefined && (owners[0] === known || mayLink(await people.links(known), first)))
    return { buyer: known, isBound: false };
  if (await people.isClaimed(purchase.receipt)) return undefined;
  return { buyer: await people.bind(first, groundOf(purchase, first), newPersonId()), isBound: true };
}

/** Lets an identifier of a receipt point at its buyer, where it points at nobody; false where it does not in the end. */
async function pointAt(
  { people }: ProjectCustomersPorts,
  buyer: PersonId,
  identifier: Identifier,
  { owner, links }: { owner: PersonId | undefined; links: () => Promise<readonly Identifier[]> },
  purchase: Purchase,
): Promise<boolean> {
  if (owner === buyer) return true;
  let other = owner;
  if (other === undefined) {
    if (!mayLink(await links(), identifier)) return false;
    const linked = await people.link(buyer, { ...identifier, ...groundOf(purchase, identifier) });
    if (linked.kind !== 'taken') return linked.kind === 'linked';
    other = linked.by;
  }
  const { source, evidence } = groundOf(purchase, identifier);
  await people.addDoubt(buyer, {
    other,
    kind: identifier.kind,
    source,
    evidence,
    atMs: purchase.closedAtMs,
  });
  return false;
}

async function keepDay(
  { people, newPersonId }: ProjectCustomersPorts,
  counts: Counts,
  { member, day, toldAtMs }: MemberDay,
): Promise<void> {
  const ground = {
    source: 'visit',
    evidence: eventName(day.storeId, day.day, day.visitorId),
    confidence: CONFIDENCE.member,
    linkedAtMs: toldAtMs,
    author: AUTHOR,
  };
  const personId = (await people.find(member)) ?? (await people.bind(member, ground, newPersonId()));
  if ((await people.putVisits(personId, day)).kind !== 'kept') return;
  counts.days += 1;
}
