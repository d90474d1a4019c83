/**
 * Stock on hand in DynamoDB, in the chain table: one item per store and product.
 *
 *   pk = STOCK#<storeId>   sk = <productId>   onHand, asOfMs
 *
 * Counts come from the inventory system, in files that may be late or sent twice. A row only advances in time: a count older
 * than the stored one is ignored. Counts are never incremented or decremented here; sales since appear in the next count.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { OnHand, StockCount, StockStore } from '#application/ports/stock-store.ts';
import type { ProductId, StoreId } from '#domain/chain/ids.ts';

/** BatchWriteItem has no conditions, so rows are written singly, this many at a time. */
const WRITES_AT_ONCE = 32;

const keyOf = (storeId: StoreId, productId: ProductId) => ({ pk: `STOCK#${storeId}`, sk: productId });

export function dynamoStockStore(client: DynamoDBDocumentClient, TableName: string): StockStore {
  async function putOne({ storeId, productId, onHand, asOfMs }: StockCount): Promise<boolean> {
    const update = new UpdateCommand({
      TableName,
      Key: keyOf(storeId, productId),
      UpdateExpression: 'SET onHand = :onHand, asOfMs = :asOf',
      ConditionExpression: 'attribute_not_exists(pk) OR asOfMs <= :asOf',
      ExpressionAttributeValues: { ':onHand': onHand, ':asOf': asOfMs },
    });
    try {
      await client.send(update);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    async onHand(storeId, productId) {
      const Key = keyOf(storeId, productId);
      const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return Item && toOnHand(Item);
    },
    async put(counts) {
      const newest = newestOf(counts);
      let kept = 0;
      for (let start = 0; start < newest.length; start += WRITES_AT_ONCE) {
        const written = await Promise.all(newest.slice(start, start + WRITES_AT_ONCE).map(putOne));
        kept += written.filter(Boolean).length;
      }
      return { kept, older: counts.length - kept };
    },
    async of(storeId) {
      const counts: StockCount[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': `STOCK#${storeId}` },
          ConsistentRead: true,
        },
      );
      for await (const page of pages) {
        counts.push(
          ...(page.Items ?? []).map((item) => ({
            storeId,
            productId: item['sk'] as ProductId,
            ...toOnHand(item),
          })),
        );
      }
      return counts;
    },
  };
}

/** One count per store and product: the newest, and of several with the same time the last. Two writes of a row must not race. */
function newestOf(counts: readonly StockCount[]): StockCount[] {
  const newest = new Map<string, StockCount>();
  for (const count of counts) {
    const name = `${count.storeId}#${count.productId}`;
    const known = newest.get(name);
    if (known === undefined || known.asOfMs <= count.asOfMs) newest.set(name, count);
  }
  return [...newest.values()];
}

const toOnHand = (item: Record<string, unknown>): OnHand => ({
  onHand: Number(item['onHand']),
  asOfMs: Number(item['asOfMs']),
});
