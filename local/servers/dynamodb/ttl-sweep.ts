/**
 * DynamoDB's time to live, which no local server has: deletes expired items.
 *
 * The rules are AWS's. The attribute is a number of epoch seconds; a time more than five years ago is a mistake
 * and never expires; and an item whose time is extended between the scan and the deletion stays.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '../wire/clock.ts';
import { type Closable, closable } from '../wire/closable.ts';

export interface TtlTable {
  readonly tableName: string;
  /** The attribute with the second at which an item expires. */
  readonly attribute: string;
}

export interface TtlSweepConfig {
  readonly client: DynamoDBClient;
  readonly tables: readonly TtlTable[];
  readonly everyMs?: number;
  readonly clock?: Clock;
  /** Called for a table whose sweep failed; the next sweep runs all the same. */
  readonly onError?: (what: string, error: unknown) => void;
}

/** AWS takes up to two days, so no code may rely on an earlier deletion than this. */
const SWEEP_INTERVAL_MS = 60_000;

const AGE_SECONDS_MAX = 5 * 365 * 86_400;

/** A comparison is true only between values of one type, so a string in the attribute never expires. */
const IS_EXPIRED = '#ttl BETWEEN :oldest AND :now';

/** Starts the sweeps. Closing waits for a sweep under way and cancels the next. */
export function startTtlSweep(config: TtlSweepConfig): Closable {
  const { everyMs = SWEEP_INTERVAL_MS, clock = systemClock, onError = () => {} } = config;
  let closed = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = schedule();

  function schedule(): () => void {
    return clock.at(clock.nowMs() + everyMs, () => {
      running = sweepAll().finally(() => {
        if (!closed) cancel = schedule();
      });
    });
  }

  async function sweepAll(): Promise<void> {
    for (const table of config.tables) {
      try {
        await sweepTable(config.client, table, Math.floor(clock.nowMs() / 1000));
      } catch (error) {
        onError(`sweeping ${table.tableName}`, error);
      }
    }
  }

  const resources = new AsyncDisposableStack();
  resources.defer(async () => {
    closed = true;
    cancel();
    await running;
  });
  return closable({}, resources);
}

/** Deletes the items that have expired by the given second and returns their number. */
export async function sweepTable(
  client: DynamoDBClient,
  table: TtlTable,
  nowSeconds: number,
): Promise<number> {
  const { tableName: TableName, attribute } = table;
  const keyNames = await keyNamesOf(client, TableName);
  const expired = {
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: {
      ':now': { N: String(nowSeconds) },
      ':oldest': { N: String(nowSeconds - AGE_SECONDS_MAX) },
    },
  };
  const keyAliases = Object.fromEntries(keyNames.map((name, index) => [`#k${index}`, name]));
  const pages = paginateScan(
    { client },
    {
      TableName,
      ...expired,
      FilterExpression: IS_EXPIRED,
      ProjectionExpression: Object.keys(keyAliases).join(', '),
      ExpressionAttributeNames: { ...expired.ExpressionAttributeNames, ...keyAliases },
    },
  );
  let deleted = 0;
  for await (const { Items = [] } of pages) {
    for (const Key of Items) if (await deleteExpired(client, TableName, Key, expired)) deleted += 1;
  }
  return deleted;
}

async function deleteExpired(
  client: DynamoDBClient,
  TableName: string,
  Key: Record<string, AttributeValue>,
  expired: {
    readonly ExpressionAttributeNames: Record<string, string>;
    readonly ExpressionAttributeValues: Record<string, AttributeValue>;
  },
): Promise<boolean> {
  try {
    await client.send(new DeleteItemCommand({ TableName, Key, ...expired, ConditionExpression: IS_EXPIRED }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function keyNamesOf(client: DynamoDBClient, TableName: string): Promise<readonly string[]> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return (Table?.KeySchema ?? [])
    .map(({ AttributeName }) => AttributeName)
    .filter((name) => name !== undefined);
}
