/**
 * Facts in DynamoDB: each stored once, under its sender's natural key, permanently.
 *
 *   pk = STORE#<storeId>#DAY#<businessDay>
 *   sk = RECEIPT#<tillId>#<receiptNo> | VISIT#<visitorId>#<revision> | PASSAGE#<sensorId>#<start, UTC>[#<end, UTC>]
 *      | PASSAGE-CONFLICT#<sensorId>#<start, UTC>#<end>#<in>#<out>
 *      | CONFLICT#<tillId>#<receiptNo>#<body> | SETTLED#<tillId>#<receiptNo>#<body>#<sequence>
 *   seq, arrivedAtMs, fingerprint, data (the event's data, as JSON text), erased? (the fields removed from the data)
 *
 * The log may deliver a record again at the same sequence number after a crash, or its sender may append it again at another.
 * The condition distinguishes them: at the same number the claim succeeds again, at another it is a duplicate.
 *
 * When a customer is erased, their identifiers are removed from their receipts. Such a receipt, sent again, is compared
 * without those fields and never overwritten, so a till cannot restore erased data. A fingerprint of the whole receipt would
 * defeat that: everything else in it is known, and phone numbers are few enough to try them all.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { Claim, Fact, FactStore, StoredFact } from '#application/ports/fact-store.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { dataWithout, factKey } from '#domain/place/figures/fact-key.ts';
import { batchGet } from './cell-store.ts';

interface FactItem {
  readonly sk: string;
  readonly seq: string;
  readonly arrivedAtMs: bigint;
  readonly fingerprint: string;
  readonly data: string;
  readonly erased?: readonly string[];
}

/** Returns the store of facts: a list of short methods over one table. */
export function dynamoFactStore(client: DynamoDBDocumentClient, TableName: string): FactStore {
  async function factAt(Key: Record<string, string>): Promise<FactItem | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item as FactItem | undefined;
  }

  async function query(
    storeId: StoreId,
    day: BusinessDay,
    KeyConditionExpression: string,
    values: Readonly<Record<string, string>>,
  ): Promise<StoredFact[]> {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression,
        ExpressionAttributeValues: { ':pk': factKey(storeId, day, '').pk, ...values },
        ConsistentRead: true,
      },
    );
    const items: FactItem[] = [];
    for await (const page of pages) items.push(...((page.Items ?? []) as FactItem[]));
    return withoutRenamed(items)
      .map(toFact)
      .sort((a, b) => (a.sequence < b.sequence ? -1 : 1));
  }

  return {
    async claim({ storeId, day, name, sequence, arrivedAtMs, fingerprint, data }) {
      const key = factKey(storeId, day, name);
      const put = new PutCommand({
        TableName,
        Item: { ...key, seq: sequence, arrivedAtMs, fingerprint, data },
        ConditionExpression: 'attribute_not_exists(pk) OR (seq = :seq AND attribute_not_exists(erased))',
        ExpressionAttributeValues: { ':seq': sequence },
        // A failed condition returns the existing fact, which spares a read on every duplicate.
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await client.send(put);
        return { kind: 'claimed' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          // Not every server returns the existing row, and a fact with removed fields is rare.
          const isSame =
            error.Item?.['erased'] === undefined && error.Item?.['fingerprint']?.S === fingerprint;
          if (isSame) return { kind: 'duplicate' };
          const existing = await factAt(key);
          if (existing === undefined) throw error;
          return refusalOf(existing, { sequence, fingerprint, data });
        }
        if ((error as Error).name === 'ValidationException')
          return { kind: 'unstorable', reason: (error as Error).message };
        throw error;
      }
    },

    async find(storeId, keys) {
      const days = new Map(keys.map(({ day }) => [factKey(storeId, day, '').pk, day]));
      const unique = new Map(keys.map(({ day, name }) => [`${day}#${name}`, factKey(storeId, day, name)]));
      const items = await batchGet(client, TableName, [...unique.values()]);
      return items.flatMap((item) => {
        const day = days.get(String(item['pk']));
        return day === undefined ? [] : [{ ...toFact(item as unknown as FactItem), day }];
      });
    },

    ofDay: (storeId, day, kind) =>
      kind === undefined
        ? query(storeId, day, 'pk = :pk', {})
        : query(storeId, day, 'pk = :pk AND begins_with(sk, :kind)', { ':kind': `${kind}#` }),

    between: (storeId, day, from, to) =>
      query(storeId, day, 'pk = :pk AND sk BETWEEN :from AND :to', { ':from': from, ':to': `${to}~` }),
  };
}

const toFact = ({ sk, seq, arrivedAtMs, data }: FactItem): StoredFact => ({
  name: sk,
  sequence: seq,
  arrivedAtMs: Number(arrivedAtMs),
  data,
});

/** Returns the outcome of a claim where a fact is stored already, by what is stored. */
function refusalOf(
  existing: FactItem,
  { sequence, fingerprint, data }: Pick<Fact, 'sequence' | 'fingerprint' | 'data'>,
): Claim {
  const { erased, seq } = existing;
  if (erased === undefined)
    return existing.fingerprint === fingerprint
      ? { kind: 'duplicate' }
      : { kind: 'conflict', existing: toFact(existing) };
  if (dataWithout(data, erased) !== existing.data) return { kind: 'conflict', existing: toFact(existing) };
  // At its own sequence number it counts as if it were stored complete.
  return { kind: seq === sequence ? 'claimed' : 'duplicate' };
}

/**
 * Returns whether two facts are one record of the log. An erased visitor continues under a pseudonym, and the revisions are
 * written under it before the old ones are deleted; the log may also deliver them again under the old id.
 */
function withoutRenamed(items: readonly FactItem[]): readonly FactItem[] {
  const renamed = new Set(
    items.flatMap(({ sk, seq, erased }) => (erased !== undefined && sk.startsWith('VISIT#') ? [seq] : [])),
  );
  return renamed.size === 0
    ? items
    : items.filter(({ seq, erased }) => erased !== undefined || !renamed.has(seq));
}
