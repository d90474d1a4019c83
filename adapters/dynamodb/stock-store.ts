/**
 * What stores have of a product on hand, in DynamoDB, in the table of the chain: one item per store and product.
 *
 *   pk = STOCK#<storeId>   sk = <productId>   onHand, asOfMs
 *
 * Counts come from whatever keeps the stock, in files that are sent late and twice. A row only goes forward in time: a count
 * that was taken before the one that is kept is left. Nothing is added to or taken from a count here; what the tills have sold
 * since is for the next count to tell.
 */

import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { OnHand, StockCount, StockStore } from '#application/ports/stock-store.ts';
import type { ProductId, StoreId } from '#domain/chain/ids.ts';

/** A condition is for one row alone, so rows are written one by one, so many at a time. */
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

/** One count of each store and product: the newest, and of several of one time the last. Two writes of a row may not race. */
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
