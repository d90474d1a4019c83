/**
 * Erasures in DynamoDB, in the campaigns table: each request for erasure, its progress and its receipt.
 *
 *   pk = ERASURE#<erasureId>   sk = ERASURE   state, requestedAtMs, secret?, completedAtMs?, report? (JSON)
 *   pk = ERASING#<mark>        sk = ERASING   erasureId
 *   pk = ERASURE_SALT          sk = ERASURE_SALT   salt
 *
 * None of these rows identifies a person. The mark is a keyed hash of the person's id, so that a repeated request runs one
 * erasure; it is deleted at the end, and so is the secret that pseudonyms are derived from: while it exists the same
 * pseudonyms result, and afterwards they cannot be derived again.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Erasure, ErasureStore } from '#application/ports/erasure-store.ts';
import type { ErasureState } from '#domain/people/erasure/erasure.ts';

const erasureKey = (erasureId: string) => ({ pk: `ERASURE#${erasureId}`, sk: 'ERASURE' });
const markKey = (mark: string) => ({ pk: `ERASING#${mark}`, sk: 'ERASING' });
const SALT_KEY = { pk: 'ERASURE_SALT', sk: 'ERASURE_SALT' } as const;

type Item = Record<string, unknown>;

/** Returns the store of erasures: a list of short methods over one table. */
export function dynamoErasureStore(client: DynamoDBDocumentClient, TableName: string): ErasureStore {
  async function read(Key: { pk: string; sk: string }): Promise<Item | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return Item;
  }

  /** False if the condition is not met. */
  async function put(Item: Item, condition: string, done?: ErasureState): Promise<boolean> {
    try {
      await client.send(
        new PutCommand({
          TableName,
          Item,
          ConditionExpression: condition,
          ...(done === undefined
            ? {}
            : {
                ExpressionAttributeNames: { '#state': 'state' },
                ExpressionAttributeValues: { ':done': done },
              }),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  /** Returns the item stored under a key, which is this one if there was none. */
  async function putOrRead(key: { pk: string; sk: string }, fields: Item): Promise<Item> {
    if (await put({ ...key, ...fields }, 'attribute_not_exists(pk)')) return fields;
    return (await read(key)) ?? fields;
  }

  async function get(erasureId: string): Promise<Erasure | undefined> {
    const item = await read(erasureKey(erasureId));
    return item && toErasure(erasureId, item);
  }

  return {
    get,
    async salt(fresh) {
      const known = (await read(SALT_KEY)) ?? (await putOrRead(SALT_KEY, { salt: fresh }));
      return String(known['salt']);
    },
    async begin(mark, erasure) {
      // The mark first: a mark without its erasure makes the next request create the erasure under the id in the mark.
      const marked = await putOrRead(markKey(mark), { erasureId: erasure.erasureId });
      const erasureId = String(marked['erasureId']);
      const { requestedAtMs, secret } = erasure;
      const item = await putOrRead(erasureKey(erasureId), { state: 'requested', requestedAtMs, secret });
      return toErasure(erasureId, item);
    },
    async underWay(mark) {
      const marked = await read(markKey(mark));
      return marked && (await get(String(marked['erasureId'])));
    },
    async save({ erasureId, remaining, receipt, ...fields }) {
      const report =
        remaining === undefined && receipt === undefined
          ? {}
          : { report: JSON.stringify({ remaining, receipt }) };
      await put(
        { ...erasureKey(erasureId), ...fields, ...report },
        'attribute_exists(pk) AND #state <> :done',
        'done',
      );
    },
    async unmark(mark) {
      await client.send(new DeleteCommand({ TableName, Key: markKey(mark) }));
    },
  };
}

function toErasure(erasureId: string, item: Item): Erasure {
  const report = item['report'] === undefined ? {} : (JSON.parse(String(item['report'])) as Partial<Erasure>);
  return {
    erasureId,
    state: item['state'] as ErasureState,
    requestedAtMs: Number(item['requestedAtMs']),
    ...(item['secret'] === undefined ? {} : { secret: String(item['secret']) }),
    ...(item['completedAtMs'] === undefined ? {} : { completedAtMs: Number(item['completedAtMs']) }),
    ...report,
  };
}
