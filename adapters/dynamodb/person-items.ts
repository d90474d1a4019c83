/**
 * What the store of people asks of a table: to write an item on a condition on that item, and nothing else.
 *
 * Not every DynamoDB that Aisle stands on has transactions. So whatever spans items is done one at a time, in an order that
 * a crash leaves whole or mendable, and that order can be tried out on any table that keeps these four promises.
 */

import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
} from '@aws-sdk/lib-dynamodb';
import type { PersonId } from '#domain/chain/ids.ts';
import type { ItemKey } from '#domain/people/erasure/table-row.ts';
import { succeedsIf } from './conditional-write.ts';

export type Item = ItemKey & Readonly<Record<string, unknown>>;

/** What has to be so for a write to be done. */
export type Condition =
  /** Nothing is there yet. */
  | { readonly kind: 'absent' }
  /** What is there points at this person. */
  | { readonly kind: 'of'; readonly personId: PersonId }
  /** What is there has a lower revision, or nothing is there. */
  | { readonly kind: 'older'; readonly revision: number };

/** Each as of the last write. */
export interface Items {
  get(key: ItemKey): Promise<Item | undefined>;
  /** False where the condition does not hold. */
  put(item: Item, condition: Condition): Promise<boolean>;
  /** Takes an item away, where there is a condition only if it holds. */
  delete(key: ItemKey, condition?: Condition): Promise<void>;
  /** The items of a partition, or those whose sort key begins so, in the order of their sort keys. */
  query(pk: string, prefix?: string): AsyncIterable<Item>;
}

function expressionOf(condition: Condition) {
  switch (condition.kind) {
    case 'absent':
      return { ConditionExpression: 'attribute_not_exists(pk)' };
    case 'of':
      return {
        ConditionExpression: 'personId = :person',
        ExpressionAttributeValues: { ':person': condition.personId },
      };
    case 'older':
      return {
        ConditionExpression: 'attribute_not_exists(pk) OR revision < :revision',
        ExpressionAttributeValues: { ':revision': condition.revision },
      };
  }
}

export function dynamoItems(client: DynamoDBDocumentClient, TableName: string): Items {
  return {
    async get({ pk, sk }) {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true }),
      );
      return Item as Item | undefined;
    },
    put: (item, condition) =>
      succeedsIf(client.send(new PutCommand({ TableName, Item: item, ...expressionOf(condition) }))),
    async delete({ pk, sk }, condition) {
      const more = condition && expressionOf(condition);
      await succeedsIf(client.send(new DeleteCommand({ TableName, Key: { pk, sk }, ...more })));
    },
    async *query(pk, prefix) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: `pk = :pk${prefix === undefined ? '' : ' AND begins_with(sk, :prefix)'}`,
          ExpressionAttributeValues: { ':pk': pk, ...(prefix !== undefined && { ':prefix': prefix }) },
          ConsistentRead: true,
        },
      );
      for await (const page of pages) yield* (page.Items ?? []) as Item[];
    },
  };
}
