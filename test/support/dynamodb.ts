/**
 * A DynamoDB on the wire for contract suites: the server that the local cloud runs, and tables with the
 * keys that every table here has. With REMOTE=1 it would be the account's own; that costs money, so it is asked for by name.
 */
import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClientConfig,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { type DynamoDbOptions, startDynamoDb } from '#local/servers/dynamodb/server.ts';

export interface WireDynamoDb {
  readonly client: DynamoDBDocumentClient;
  /** Empty on AWS. */
  readonly url: string;
  /** A new, empty table; its name. */
  createTable(): Promise<string>;
  close(): Promise<void>;
}

const TABLE_WAIT_SECONDS_MAX = 60;

/** Starts the server, or talks to the account where REMOTE=1; whoever starts it closes it. */
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
    async createTable() {
      const TableName = `aisle-test-${randomUUID()}`;
      tables.push(TableName);
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
          ],
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
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
