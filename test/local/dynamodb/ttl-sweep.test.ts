import { CreateTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startDynamoDb } from '#local/servers/dynamodb/server.ts';
import { startTtlSweep, sweepTable } from '#local/servers/dynamodb/ttl-sweep.ts';
import type { LocalServer } from '#local/servers/wire/closable.ts';
import { steppedClock } from '#test/support/stepped-clock.ts';

const NOW_SECONDS = Date.UTC(2026, 0, 1) / 1000;
const YEAR_SECONDS = 365 * 86_400;

let server: LocalServer;
let client: DynamoDBClient;
let tables = 0;

beforeAll(async () => {
  server = await startDynamoDb();
  client = newClient();
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

function newClient(): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint: server.url, region: 'us-east-1', credentials });
}

/** Creates a table with one item per name; a number or a string is its expiresAt, undefined is none. */
async function tableOf(items: Readonly<Record<string, number | string | undefined>>): Promise<string> {
  tables += 1;
  const TableName = `Cells${tables}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  for (const [pk, expiresAt] of Object.entries(items)) await put(TableName, pk, expiresAt);
  return TableName;
}

async function put(TableName: string, pk: string, expiresAt: number | string | undefined): Promise<void> {
  const value = typeof expiresAt === 'number' ? { N: String(expiresAt) } : { S: expiresAt ?? '' };
  const Item = { pk: { S: pk }, ...(expiresAt === undefined ? {} : { expiresAt: value }) };
  await vi.waitFor(() => client.send(new PutItemCommand({ TableName, Item })), {
    timeout: 5_000,
    interval: 10,
  });
}

async function namesIn(TableName: string): Promise<unknown[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  return Items.map(({ pk }) => pk?.S).sort();
}

describe('a sweep', () => {
  it('deletes expired items, and keeps those whose time is no number, in the future, or over five years ago', async () => {
    const tableName = await tableOf({
      expired: NOW_SECONDS - 1,
      now: NOW_SECONDS,
      'in the future': NOW_SECONDS + 1,
      'for ever': undefined,
      text: String(NOW_SECONDS - 1),
      'six years old': NOW_SECONDS - 6 * YEAR_SECONDS,
    });
    expect(await sweepTable(client, { tableName, attribute: 'expiresAt' }, NOW_SECONDS)).toBe(2);
    expect(await namesIn(tableName)).toEqual(['for ever', 'in the future', 'six years old', 'text']);
  });

  it('keeps an item whose time is extended after the scan', async () => {
    const tableName = await tableOf({ renewed: NOW_SECONDS - 1, expired: NOW_SECONDS - 1 });
    const renewing = newClient();
    onTestFinished(() => renewing.destroy());
    // Between the scan and the first delete, another client extends the item's time.
    renewing.middlewareStack.add(
      (next, context) => async (args) => {
        if (context['commandName'] === 'DeleteItemCommand') await put(tableName, 'renewed', NOW_SECONDS + 60);
        return await next(args);
      },
      { step: 'initialize' },
    );
    expect(await sweepTable(renewing, { tableName, attribute: 'expiresAt' }, NOW_SECONDS)).toBe(1);
    expect(await namesIn(tableName)).toEqual(['renewed']);
  });
});

describe('startTtlSweep', () => {
  it('sweeps at its interval, continues after a failure, and leaves no timer when closed', async () => {
    const tableName = await tableOf({ soon: NOW_SECONDS + 90 });
    const clock = steppedClock(NOW_SECONDS * 1000);
    const errors: string[] = [];
    const sweeps = startTtlSweep({
      client,
      tables: [
        { tableName: 'Missing', attribute: 'expiresAt' },
        { tableName, attribute: 'expiresAt' },
      ],
      everyMs: 60_000,
      clock,
      onError: (what) => errors.push(what),
    });
    await clock.advance(60_000);
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    expect(await namesIn(tableName)).toEqual(['soon']);
    await clock.advance(60_000);
    await vi.waitFor(() => expect(clock.pending()).toBe(1));
    expect(await namesIn(tableName)).toEqual([]);
    expect(errors).toEqual(['sweeping Missing', 'sweeping Missing']);
    await sweeps.close();
    expect(clock.pending()).toBe(0);
  });
});
