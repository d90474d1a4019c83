/**
 * All that the person store needs of a table: to write an item on a condition on that item.
 *
 * Not every DynamoDB that Aisle runs on has transactions. So a change of several items writes them one after the other, in an
 * order that a crash leaves consistent or repairable, and that order can be tested on any table with these four operations.
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

/** The condition of a write. */
export type Condition =
  /** The item does not exist. */
  | { readonly kind: 'absent' }
  /** The item points at this person. */
  | { readonly kind: 'of'; readonly personId: PersonId }
  /** The item has a lower revision, or does not exist. */
  | { readonly kind: 'older'; readonly revision: number };

/** All strongly consistent. */
export interface Items {
  get(key: ItemKey): Promise<Item | undefined>;
  /** Writes an item; false if the condition does not hold. */
  put(item: Item, condition: Condition): Promise<boolean>;
  /** Deletes an item, with a condition only if it holds. */
  delete(key: ItemKey, condition?: Condition): Promise<void>;
  /** Returns the items of a partition, or those with this prefix, in the order of their sort keys. */
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
