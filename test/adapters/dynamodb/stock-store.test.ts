import { dynamoStockStore } from '#adapters/dynamodb/stock-store.ts';
import { describeStockStore } from '../../support/describe-stock-store.ts';
import { memoryStockStore } from '../../support/memory-stock-store.ts';
import { onEveryEngine } from '../../support/on-every-engine.ts';

describeStockStore('in memory', async () => memoryStockStore());

onEveryEngine((name, newTable) => {
  describeStockStore(name, async () => {
    const { client, table } = await newTable();
    return dynamoStockStore(client, table);
  });
});
