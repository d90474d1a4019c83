import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findDynoxide } from '#local/servers/dynamodb/dynoxide.ts';
import { startDynamoDb } from '#local/servers/dynamodb/server.ts';
import { temporaryFolder } from '../wire/child-server.ts';

const TableName = 'Chain';
const engines = findDynoxide() === undefined ? (['dynalite'] as const) : (['dynoxide', 'dynalite'] as const);

function clientOf(url: string): DynamoDBClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

async function createTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    }),
  );
}

const Key = { pk: { S: 'STORE#sz01' }, sk: { S: 'STORE' } };
const Item = { ...Key, name: { S: '深圳一店' } };

/** Retries until a new table is active. */
const eventually = (send: () => Promise<unknown>) => vi.waitFor(send, { timeout: 5_000, interval: 10 });

describe.each(engines)('the local DynamoDB by %s', (engine) => {
  it('serves unmodified clients as soon as it has started', async () => {
    const server = await startDynamoDb({ engine });
    onTestFinished(server.close);
    const client = clientOf(server.url);
    await createTable(client);
    await eventually(() => client.send(new PutItemCommand({ TableName, Item })));
    expect((await client.send(new GetItemCommand({ TableName, Key }))).Item).toEqual(Item);
  });

  it.runIf(engine === 'dynoxide')('keeps no deleted row in free pages of its file (P16)', async () => {
    const dataDir = await temporaryFolder();
    const server = await startDynamoDb({ engine, dataDir });
    await createTable(clientOf(server.url));
    const erased = (place: number) => ({ pk: { S: `PERSON#${place}` }, sk: { S: 'PERSON' } });
    for (let place = 0; place < 50; place++) {
      const Item = { ...erased(place), phone: { S: `+86139${'0042'.repeat(60)}` } };
      await eventually(() => clientOf(server.url).send(new PutItemCommand({ TableName, Item })));
    }
    for (let place = 0; place < 50; place++)
      await clientOf(server.url).send(new DeleteItemCommand({ TableName, Key: erased(place) }));
    await server.close();
    for (const name of readdirSync(dataDir))
      expect(readFileSync(join(dataDir, name)).includes('+86139'), name).toBe(false);
  });

  it('keeps its tables in its folder over a restart', async () => {
    const dataDir = await temporaryFolder();
    const before = await startDynamoDb({ engine, dataDir });
    await createTable(clientOf(before.url));
    await eventually(() => clientOf(before.url).send(new PutItemCommand({ TableName, Item })));
    await before.close();
    const after = await startDynamoDb({ engine, dataDir });
    onTestFinished(after.close);
    expect((await clientOf(after.url).send(new GetItemCommand({ TableName, Key }))).Item).toEqual(Item);
  });

  it('does not listen once it is closed', async () => {
    const server = await startDynamoDb({ engine });
    await server.close();
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });
});

describe('the local DynamoDB', () => {
  it('is chosen by the environment where the caller does not choose', async () => {
    vi.stubEnv('AISLE_DYNAMODB', 'dynalite');
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = await startDynamoDb();
    onTestFinished(server.close);
    // dynalite has a health check at the root; dynoxide has none.
    expect(await (await fetch(server.url)).text()).toContain('healthy: dynamodb');
  });

  it.runIf(findDynoxide() !== undefined)(
    'ends with the process that started it, even when that is killed',
    async () => {
      const module = JSON.stringify(
        new URL('../../../local/servers/dynamodb/server.ts', import.meta.url).href,
      );
      const script = `
      const { startDynamoDb } = await import(${module});
      console.log((await startDynamoDb({ engine: 'dynoxide' })).url);`;
      const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [url] = (await once(createInterface(parent.stdout), 'line')) as [string];
      expect((await fetch(url)).status).toBeGreaterThan(0);
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      await vi.waitFor(() => expect(fetch(url)).rejects.toThrow('fetch failed'), {
        timeout: 5_000,
        interval: 10,
      });
    },
  );
});
