/**
 * People in DynamoDB: a partition for each person, and a pointer for each identifier.
 *
 *   pk = PERSON#<personId>   sk = PERSON                                 createdAtMs, source
 *                            sk = LINK#<kind>#<value>                    kind, value, source, evidence, confidence (text),
 *                                                                        linkedAtMs, author, platform?, endpointArn?
 *                            sk = CONSENT#<purpose>#<at, UTC>#<yes|no>[#<clock>|#day]   purpose, isGranted, proof, source, atMs,
 *                                                                        receivedAtMs?, statedAtMs?, clock?, dayEndsAtMs?
 *                            sk = BUY#<closed, UTC>#<store>#<till>#<day>#<no>   storeId, cityId, day, closedAtMs,
 *                                                                        receipt, net, units, products
 *                            sk = SEEN#<day>#<storeId>#<visitorId>       storeId, day, visitorId, revision, visits
 *                            sk = DOUBT#<other>#<at, UTC>#<kind>         other, kind, source, evidence, atMs; stored with both
 *   pk = IDENT#<kind>#<value>   sk = IDENT                               personId, firstLink?
 *   pk = RECEIPT#<receipt>      sk = RECEIPT                             personId?, buy?
 *
 * An identifier points at one person, because its row is written only if there is none: of two tills with the same new
 * number at once, one creates the person and the other finds it. Nothing is incremented; a receipt is claimed by its id.
 *
 * There are no transactions (see person-items.ts). A creating identifier row contains all that is needed to complete the
 * person, and its next reader completes it. A row of a person is written first, and then PERSON is read again: an erasure
 * deletes PERSON before it lists rows, so either it finds the new row or the writer finds no person and deletes the row.
 */

import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { KeepOutcome, LinkEvidence, PersonStore } from '#application/ports/person-store.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import type { Identifier } from '#domain/people/customers/customer.ts';
import { type Condition, dynamoItems, type Item, type Items } from './person-items.ts';
import {
  byTime,
  claimKey,
  doubtKey,
  firstLinkOf,
  identKey,
  linkKey,
  partitionOf,
  personKey,
  personOf,
  toClaimItem,
  toConsent,
  toConsentItem,
  toCreatingItem,
  toDoubt,
  toDoubtItem,
  toIdentItem,
  toLink,
  toLinkItem,
  toPerson,
  toPersonItem,
  toPurchaseItem,
  toReleasedItem,
  toSeenItem,
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
  async function forget(personId: PersonId, row: Item): Promise<void> {
    const [kind] = row.sk.split('#');
    if (kind === 'LINK') await items.delete(identKey(toLink(row)), ofPerson(personId));
    // An erased customer's receipt stays claimed, or a replay of the log would restore the purchase.
    if (kind === 'BUY') await items.put(toReleasedItem(String(row['receipt'])), ofPerson(personId));
    if (kind === 'DOUBT') {
      const doubt = toDoubt(row);
      await items.delete(doubtKey(doubt.other, { ...doubt, other: personId }));
    }
    await items.delete(row);
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
      const rows = await all(partitionOf(personId), 'LINK#');
      return rows.map(toLink).sort((a, b) => a.linkedAtMs - b.linkedAtMs);
    },

    async consents(personId) {
      return (await all(partitionOf(personId), 'CONSENT#')).map(toConsent).sort(byTime);
    },

    addConsent: (personId, consent) => keepOnce(personId, toConsentItem(personId, consent)),

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
      if (kept.every(({ kind }) => kind === 'kept')) return { kind: 'kept' };
      for (const [, item] of pairs) await items.delete(item);
      return { kind: 'gone' };
    },

    load: async (personId) => toPerson(personId, await all(partitionOf(personId))),

    async remove(personId) {
      await items.delete(personKey(personId));
      for (let looks = 0; looks < LOOKS_MAX; looks++) {
        const rows = await all(partitionOf(personId));
        if (rows.length === 0) return;
        for (let start = 0; start < rows.length; start += REMOVED_AT_ONCE) {
          const some = rows.slice(start, start + REMOVED_AT_ONCE);
          await Promise.all(some.map((row) => forget(personId, row)));
        }
      }
      throw new Error(`rows of ${personId} reappeared ${LOOKS_MAX} times`);
    },
  };
}
