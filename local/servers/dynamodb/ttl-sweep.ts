/**
 * DynamoDB's time to live, which no local server has: deletes the items whose time has come.
 *
 * The rules are AWS's. The attribute is a number of epoch seconds; a time more than five years past is
 * taken for a mistake and left alone; and an item that was given more time between being found and being
 * deleted stays.
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

export interface TtlTable {
  readonly tableName: string;
  /** Holds the second at which an item expires. */
  readonly attribute: string;
}

export interface TtlSweepConfig {
  readonly client: DynamoDBClient;
  readonly tables: readonly TtlTable[];
  readonly everyMs?: number;
  readonly clock?: Clock;
  /** Told of a sweep that failed; the next one comes all the same. */
  readonly onTrouble?: (what: string, error: unknown) => void;
}

export interface TtlSweep {
  /** Waits for a sweep under way and leaves no alarm. */
  close(): Promise<void>;
}

/** AWS takes hours, up to two days; so nobody may rely on it being sooner than this. */
const SWEEP_INTERVAL_MS = 60_000;

const AGE_SECONDS_MAX = 5 * 365 * 86_400;

/** A comparison holds only between values of one type, so a text in the attribute never expires. */
const IS_EXPIRED = '#ttl BETWEEN :oldest AND :now';

export function startTtlSweep(config: TtlSweepConfig): TtlSweep {
  const { everyMs = SWEEP_INTERVAL_MS, clock = systemClock, onTrouble = () => {} } = config;
  let closed = false;
  let underWay: Promise<void> = Promise.resolve();
  let callOff = arm();

  function arm(): () => void {
    return clock.at(clock.nowMs() + everyMs, () => {
      underWay = sweepAll().finally(() => {
        if (!closed) callOff = arm();
      });
    });
  }

  async function sweepAll(): Promise<void> {
    for (const table of config.tables) {
      try {
        await sweepTable(config.client, table, Math.floor(clock.nowMs() / 1000));
      } catch (error) {
        onTrouble(`sweeping ${table.tableName}`, error);
      }
    }
  }

  return {
    async close() {
      closed = true;
      callOff();
      await underWay;
    },
  };
}

/** Deletes what has expired by the given second; answers how many items that were. */
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
