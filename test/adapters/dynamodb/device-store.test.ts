import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { describeDeviceStore } from '../../support/describe-device-store.ts';
import { type WireDynamoDb, wireDynamoDb } from '../../support/dynamodb.ts';
import { memoryDeviceStore } from '../../support/memory-device-store.ts';

describeDeviceStore('in memory', async () => memoryDeviceStore());

describe('over the wire', () => {
  let dynamoDb: WireDynamoDb;
  beforeAll(async () => {
    dynamoDb = await wireDynamoDb();
  });
  afterAll(() => dynamoDb.close());

  describeDeviceStore('in DynamoDB', async () =>
    dynamoDeviceStore(dynamoDb.client, await dynamoDb.createTable()),
  );
});
