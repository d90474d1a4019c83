/**
 * Runs a suite on every DynamoDB that Aisle supports: the usual local one, and dynalite, which supports less. A store must
 * not depend on features that only some of them have.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { type WireDynamoDb, wireDynamoDb } from './dynamodb.ts';

export interface NewTable {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** `indexes` are those of the table, by name. */
export function onEveryEngine(
  suite: (name: string, newTable: () => Promise<NewTable>) => void,
  indexes: readonly string[] = [],
): void {
  for (const engine of [undefined, 'dynalite'] as const) {
    describe('over the wire', () => {
      let dynamoDb: WireDynamoDb;
      beforeAll(async () => {
        dynamoDb = await wireDynamoDb({ engine });
      });
      afterAll(() => dynamoDb.close());
      suite(engine ?? 'in DynamoDB', async () => ({
        client: dynamoDb.client,
        table: await dynamoDb.createTable(indexes),
      }));
    });
  }
}
