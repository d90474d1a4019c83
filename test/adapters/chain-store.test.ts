import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { describeChainStore } from '../support/describe-chain-store.ts';
import { type WireDynamoDb, wireDynamoDb } from '../support/dynamodb.ts';
import { memoryChainStore } from '../support/memory-chain-store.ts';

describeChainStore('in memory', async () => memoryChainStore());

describe('over the wire', () => {
  let dynamoDb: WireDynamoDb;
  beforeAll(async () => {
    dynamoDb = await wireDynamoDb();
  });
  afterAll(() => dynamoDb.close());

  describeChainStore('in DynamoDB', async () =>
    dynamoChainStore(dynamoDb.client, await dynamoDb.createTable()),
  );
});
