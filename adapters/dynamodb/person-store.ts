/**
 * People in DynamoDB: a partition for each person, and a pointer for each identifier.
 *
 *   pk = PERSON#<personId>   sk = PERSON                                 createdAtMs, source
 *                            sk = LINK#<kind>#<value>                    kind, value, source, evidence, confidence (text),
 *                                                                        linkedAtMs, author, platform?, endpointArn?
 *                            sk = CONSENT#<purpose>#<at, UTC>#<yes|no>[#<clock>|#day]   purpose, isGranted, proof, source, atMs,
 *                                                                        receivedAtMs?, statedAtMs?, clock?, dayEndsAtMs?
 *                            sk = BORN                                   birthYear, revision
 *                            sk = BUY#<closed, UTC>#<store>#<till>#<day>#<no>   storeId, cityId, day, closedAtMs,
 *                                                                        receipt, net, units, products
 *                            sk = SEEN#<day>#<storeId>#<visitorId>       storeId, day, visitorId, revision, visits
 *                            sk = DOUBT#<other>#<kind>                   other, kind, source, evidence, atMs; stored with both
 *                            sk = SAME#INTO#<other>, SAME#FROM#<other>   author, atMs; this record refers to the other one, or
 *                                                                        the other one to this; both are read as one
 *   pk = IDENT#<kind>#<value>   sk = IDENT                               personId, firstLink?
 *   pk = RECEIPT#<receipt>      sk = RECEIPT                             personId?, buy?
 *   pk = CONFLICTS              sk = <person>#<person>#<kind>            kind, source, evidence, atMs, settlement?, revision
 *
 * An identifier points at one person, because its row is written only if there is none: of two tills with the same new
 * number at once, one creates the person and the other finds it. Nothing is incremented; a receipt is claimed by its id.
 *
 * There are no transactions (see person-items.ts). A creating identifier row contains all that is needed to complete the
 * person, and its next reader completes it. A row of a person is written first, and then PERSON is read again: an erasure
 * deletes PERSON before it lists rows, so either it finds the new row or the writer finds no person and deletes the row.
 */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type {
  KeepOutcome,
  LinkEvidence,
  PersonStore,
  StoredPerson,
} from '#application/ports/person-store.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import type { Identifier } from '#domain/people/customers/customer.ts';
import { type Condition, dynamoItems, type Item, type Items } from './person-items.ts';
import {
  byTime,
  CONFLICTS_PK,
  claimKey,
  conflictKey,
  doubtKey,
  FROM_PREFIX,
  firstLinkOf,
  INTO_PREFIX,
  identKey,
  linkKey,
  partitionOf,
  personKey,
  personOf,
  purchasesPrefix,
  SAME_PREFIX,
  SETTLED_REVISION,
  toBirthItem,
  toClaimItem,
  toConflictItem,
  toConsent,
  toConsentItem,
  toCreatingItem,
  toDoubt,
  toDoubtItem,
  toIdentItem,
  toLink,
  toLinkItem,
  toListedConflict,
  toPerson,
  toPersonItem,
  toPurchase,
  toPurchaseItem,
  toReleasedItem,
  toSameItem,
  toSeenItem,
  toSettledItem,
} from './person-rows.ts';

const ABSENT: Condition = { kind: 'absent' };
const ofPerson = (personId: PersonId): Condition => ({ kind: 'of', personId });

/** A competing writer has created the person, so the second attempt finds it; more attempts would hide a bug. */
const TRIES_MAX = 5;

/** Concurrent deletions: a customer of ten years has some thousand rows. */
const REMOVED_AT_ONCE = 16;

/** A concurrent writer leaves one row at most, which the second pass finds. */
const LOOKS_MAX = 5;

export const dynamoPersonStore = (client: DynamoDBDocumentClient, TableName: string): PersonStore =>
  personStoreOn(dynamoItems(client, TableName));

/** Returns the store on any table that provides `Items`: a list of short methods. */
export function personStoreOn(items: Items): PersonStore {
  const isThere = async (personId: PersonId): Promise<boolean> =>
    (await items.get(personKey(personId))) !== undefined;

  /** Writes a row of a person, and deletes it again if the person is gone. */
  async function keep(
    personId: PersonId,
    item: Item,
    condition = ABSENT,
  ): Promise<'kept' | 'refused' | 'gone'> {
    const isWritten = await items.put(item, condition);
    if (await isThere(personId)) return isWritten ? 'kept' : 'refused';
    await items.delete(item);
    return 'gone';
  }

  /** For rows that are the same whenever they are written. */
  async function keepOnce(personId: PersonId, item: Item): Promise<KeepOutcome> {
    return { kind: (await keep(personId, item)) === 'gone' ? 'gone' : 'kept' };
  }

  /** Completes a person whose first identifier points at them; false if they were erased meanwhile. */
  async function finish(
    identifier: Identifier,
    personId: PersonId,
    evidence: LinkEvidence,
  ): Promise<boolean> {
    await Promise.all([
      items.put(toPersonItem(personId, evidence), ABSENT),
      items.put(toLinkItem(personId, identifier, evidence), ABSENT),
    ]);
    if (await items.put(toIdentItem(identifier, personId), ofPerson(personId))) return true;
    await items.delete(personKey(personId));
    await items.delete(linkKey(personId, identifier));
    return false;
  }

  async function find(identifier: Identifier): Promise<PersonId | undefined> {
    const item = await items.get(identKey(identifier));
    if (item === undefined) return undefined;
    const personId = personOf(item);
    const evidence = firstLinkOf(item);
    return evidence === undefined || (await finish(identifier, personId, evidence)) ? personId : undefined;
  }

  async function all(pk: string, prefix?: string): Promise<Item[]> {
    const rows: Item[] = [];
    for await (const row of items.query(pk, prefix)) rows.push(row);
    return rows;
  }

  /** Deletes a row, and before it the references that belong to it. */
  async function forget([personId, ...others]: [PersonId, ...PersonId[]], row: Item): Promise<void> {
    const [kind] = row.sk.split('#');
    // The pointers of a merged record lead to the one that goes on.
    if (kind === 'LINK')
      for (const id of [personId, ...others]) await items.delete(identKey(toLink(row)), ofPerson(id));
    // An erased customer's receipt stays claimed, or a replay of the log would restore the purchase.
    if (kind === 'BUY') await items.put(toReleasedItem(String(row['receipt'])), ofPerson(personId));
    if (kind === 'DOUBT') {
      const doubt = toDoubt(row);
      await items.delete(conflictKey(personId, doubt));
      await items.delete(doubtKey(doubt.other, { ...doubt, other: personId }));
    }
    await items.delete(row);
  }

  /** Returns the ids of all records that are read as one with this one; the one that goes on is first. */
  async function idsOf(personId: PersonId): Promise<[PersonId, ...PersonId[]]> {
    let first = personId;
    // Each step leads to an older record, so the steps end.
    for (;;) {
      const [into] = await all(partitionOf(first), INTO_PREFIX);
      if (into === undefined) break;
      first = into.sk.slice(INTO_PREFIX.length) as PersonId;
    }
    const ids: [PersonId, ...PersonId[]] = [first];
    // The loop also visits the ids that it adds, so records merged into merged ones are found.
    for (const id of ids)
      for (const { sk } of await all(partitionOf(id), FROM_PREFIX)) {
        const from = sk.slice(FROM_PREFIX.length) as PersonId;
        if (!ids.includes(from)) ids.push(from);
      }
    return ids;
  }

  /** Returns the rows with a prefix under all ids of a person. */
  async function allOf(personId: PersonId, prefix: string): Promise<Item[]> {
    const rows: Item[] = [];
    for (const id of await idsOf(personId)) rows.push(...(await all(partitionOf(id), prefix)));
    return rows;
  }

  async function load(personId: PersonId): Promise<StoredPerson | undefined> {
    const own = await all(partitionOf(personId));
    if (!own.some(({ sk }) => sk.startsWith(SAME_PREFIX))) return toPerson(personId, own);
    const [first, ...formerIds] = await idsOf(personId);
    const rows: Item[] = [];
    for (const id of [first, ...formerIds]) rows.push(...(await all(partitionOf(id))));
    return toPerson(first, rows, formerIds);
  }

  return {
    find,

    async bind(identifier, evidence, newId) {
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        if (await items.put(toCreatingItem(identifier, newId, evidence), ABSENT)) {
          if (await finish(identifier, newId, evidence)) return newId;
        } else {
          const known = await find(identifier);
          if (known !== undefined) return known;
        }
      }
      throw new Error(
        `an identifier of the kind ${identifier.kind} is still contended after ${TRIES_MAX} tries`,
      );
    },

    async link(personId, { kind, value, ...evidence }) {
      const identifier = { kind, value };
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        // The row before the pointer: an erasure finds the pointer by the row.
        await items.put(toLinkItem(personId, identifier, evidence), ABSENT);
        if (await items.put(toIdentItem(identifier, personId), ABSENT)) {
          if (await isThere(personId)) return { kind: 'linked' };
          await items.delete(identKey(identifier), ofPerson(personId));
          await items.delete(linkKey(personId, identifier));
          return { kind: 'gone' };
        }
        const owner = await find(identifier);
        if (owner === personId) return { kind: 'linked' };
        await items.delete(linkKey(personId, identifier));
        if (owner !== undefined) return { kind: 'taken', by: owner };
      }
      throw new Error(`an identifier of the kind ${kind} is still contended after ${TRIES_MAX} attempts`);
    },

    async links(personId) {
      const rows = await allOf(personId, 'LINK#');
      return rows.map(toLink).sort((a, b) => a.linkedAtMs - b.linkedAtMs);
    },

    async consents(personId) {
      return (await allOf(personId, 'CONSENT#')).map(toConsent).sort(byTime);
    },

    addConsent: (personId, consent) => keepOnce(personId, toConsentItem(personId, consent)),

    async setBirthYear(personId, birthYear, nowMs) {
      const item = toBirthItem(personId, birthYear, nowMs);
      const kind = await keep(personId, item, { kind: 'older', revision: nowMs });
      return { kind: kind === 'gone' ? 'gone' : 'kept' };
    },

    async addPurchase(personId, purchase) {
      const claim = toClaimItem(personId, purchase);
      if (!(await items.put(claim, ABSENT))) {
        const existing = await items.get(claim);
        const isSame = existing?.['personId'] === personId && existing['buy'] === claim['buy'];
        if (!isSame) return { kind: 'taken' };
      }
      const kept = await keepOnce(personId, toPurchaseItem(personId, purchase));
      if (kept.kind === 'gone') await items.put(toReleasedItem(purchase.receipt), ofPerson(personId));
      return kept;
    },

    purchasesOn: async (personId, atMs) => (await allOf(personId, purchasesPrefix(atMs))).map(toPurchase),

    isClaimed: async (receipt) => (await items.get(claimKey(receipt))) !== undefined,

    async putVisits(personId, seen) {
      const item = toSeenItem(personId, seen);
      const kind = await keep(personId, item, { kind: 'older', revision: seen.revision });
      if (kind !== 'refused') return { kind };
      const existing = await items.get(item);
      return { kind: Number(existing?.['revision']) === seen.revision ? 'kept' : 'outdated' };
    },

    async addDoubt(personId, doubt) {
      const mirrored = { ...doubt, other: personId };
      const pairs = [
        [personId, toDoubtItem(personId, doubt)],
        [doubt.other, toDoubtItem(doubt.other, mirrored)],
      ] as const;
      const kept: KeepOutcome[] = [];
      for (const [of, item] of pairs) kept.push(await keepOnce(of, item));
      if (kept.every(({ kind }) => kind === 'kept')) {
        await items.put(toConflictItem(personId, doubt), ABSENT);
        if ((await isThere(personId)) && (await isThere(doubt.other))) return { kind: 'kept' };
        await items.delete(conflictKey(personId, doubt));
      }
      for (const [, item] of pairs) await items.delete(item);
      return { kind: 'gone' };
    },

    async *conflicts() {
      for await (const item of items.query(CONFLICTS_PK)) yield toListedConflict(item);
    },

    async settleConflict(conflict, settlement) {
      const item = toSettledItem(conflict, settlement);
      const isSettled = await items.put(item, { kind: 'older', revision: SETTLED_REVISION });
      const [a, b] = conflict.people;
      if ((await isThere(a)) && (await isThere(b))) return isSettled;
      await items.delete(item);
      return false;
    },

    async merge(from, into, by) {
      // The older record first: an erasure that reads it finds the newer one.
      const isKept = await keepOnce(into, toSameItem(into, FROM_PREFIX, from, by));
      if (isKept.kind === 'gone') return isKept;
      const outcome = await keepOnce(from, toSameItem(from, INTO_PREFIX, into, by));
      if (outcome.kind === 'gone') {
        await items.delete(toSameItem(into, FROM_PREFIX, from, by));
        return outcome;
      }
      for (const row of await all(partitionOf(from), 'LINK#'))
        await items.put(toIdentItem(toLink(row), into), ofPerson(from));
      return { kind: 'kept' };
    },

    idsOf,
    load,

    async remove(personId) {
      const others = (await idsOf(personId)).filter((id) => id !== personId);
      await items.delete(personKey(personId));
      for (let looks = 0; looks < LOOKS_MAX; looks++) {
        const rows = await all(partitionOf(personId));
        if (rows.length === 0) return;
        for (let start = 0; start < rows.length; start += REMOVED_AT_ONCE) {
          const some = rows.slice(start, start + REMOVED_AT_ONCE);
          await Promise.all(some.map((row) => forget([personId, ...others], row)));
        }
      }
      throw new Error(`rows of ${personId} reappeared ${LOOKS_MAX} times`);
    },
  };
}
