/**
 * A DynamoDB on the wire for contract suites: the server that the local cloud runs, with tables that have the usual keys.
 * With REMOTE=1 it is the account's own; that costs money, so it must be requested explicitly.
 */
import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClientConfig,
  type KeySchemaElement,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { type DynamoDbOptions, startDynamoDb } from '#local/servers/dynamodb/server.ts';

export interface WireDynamoDb {
  readonly client: DynamoDBDocumentClient;
  /** Empty on AWS. */
  readonly url: string;
  /** Creates an empty table with the usual indexes (`gsi1pk`, `gsi1sk`; `gsi2…`); returns its name. */
  createTable(indexes?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

const TABLE_WAIT_SECONDS_MAX = 60;

/** Starts the server, or connects to the account with REMOTE=1; the caller closes it. */
export async function wireDynamoDb({ engine }: DynamoDbOptions = {}): Promise<WireDynamoDb> {
  const server = process.env['REMOTE'] === '1' ? undefined : await startDynamoDb({ engine });
  const config: DynamoDBClientConfig =
    server === undefined
      ? {}
      : {
          endpoint: server.url,
          region: 'us-east-1',
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        };
  const client = documentClient(config);
  const tables: string[] = [];
  return {
    client,
    url: server?.url ?? '',
    async createTable(indexes = []) {
      const TableName = `aisle-test-${randomUUID()}`;
      tables.push(TableName);
      const keys = ['', ...indexes.map((_, index) => `gsi${index + 1}`)];
      const keySchema = (prefix: string): KeySchemaElement[] => [
        { AttributeName: `${prefix}pk`, KeyType: 'HASH' },
        { AttributeName: `${prefix}sk`, KeyType: 'RANGE' },
      ];
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: keys.flatMap((prefix) => [
            { AttributeName: `${prefix}pk`, AttributeType: 'S' as const },
            { AttributeName: `${prefix}sk`, AttributeType: 'S' as const },
          ]),
          KeySchema: keySchema(''),
          ...(indexes.length > 0 && {
            GlobalSecondaryIndexes: indexes.map((IndexName, index) => ({
              IndexName,
              KeySchema: keySchema(`gsi${index + 1}`),
              Projection: { ProjectionType: 'ALL' as const },
            })),
          }),
        }),
      );
      await waitUntilTableExists({ client, maxWaitTime: TABLE_WAIT_SECONDS_MAX }, { TableName });
      return TableName;
    },
    async close() {
      for (const TableName of tables) await client.send(new DeleteTableCommand({ TableName }));
      client.destroy();
      await server?.close();
    },
  };
}
