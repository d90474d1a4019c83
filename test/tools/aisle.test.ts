import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoLetterStore } from '#adapters/dynamodb/letter-store.ts';
import { kinesisClient, padSequence } from '#adapters/kinesis/event-log.ts';
import { sqsClient } from '#adapters/sqs/change-queue.ts';
import { CloudFile } from '#contracts/cloud-file.ts';
import { parseKey } from '#contracts/device-key.ts';
import { authorizeDevice } from '#functions/authorize-device/authorize-device.ts';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { startSqs } from '#local/servers/sqs/server.ts';
import { aisle } from '#tools/aisle.ts';
import { type WireDynamoDb, wireDynamoDb } from '../support/dynamodb.ts';
import { readableTerminal } from '../support/terminal.ts';

const HOUR_MS = 3_600_000;

let dynamoDb: WireDynamoDb;
let sqs: Awaited<ReturnType<typeof startSqs>>;
let kinesis: Awaited<ReturnType<typeof startKinesis>>;
let folder: string;
let queueUrl: string;
let devicesTable: string;
let lettersTable: string;
let nowMs = Date.UTC(2026, 10, 22, 10);

beforeAll(async () => {
  dynamoDb = await wireDynamoDb();
  sqs = await startSqs();
  kinesis = await startKinesis();
  await log().send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 1 }));
});
afterAll(async () => {
  await dynamoDb.close();
  await sqs.close();
  await kinesis.close();
});

const log = () =>
  kinesisClient({
    endpoint: kinesis.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

const queues = () =>
  sqsClient({
    endpoint: sqs.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aisle-tools-'));
  nowMs = Date.UTC(2026, 10, 22, 10);
  devicesTable = await dynamoDb.createTable();
  lettersTable = await dynamoDb.createTable();
  const created = await queues().send(new CreateQueueCommand({ QueueName: devicesTable.slice(-36) }));
  queueUrl = created.QueueUrl ?? '';
  const cloud = v.parse(CloudFile, {
    url: 'http://127.0.0.1:9',
    endpoints: {
      dynamodb: dynamoDb.url,
      kinesis: kinesis.url,
      sqs: sqs.url,
      rekognition: 'http://127.0.0.1:9',
    },
    tables: {
      chain: await dynamoDb.createTable(),
      devices: devicesTable,
      letters: lettersTable,
    },
    queues: { cellsChanged: queueUrl },
    stream: 'events',
  });
  writeFileSync(join(folder, 'cloud.json'), JSON.stringify(cloud));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command against the cloud of the test. */
async function run(...args: string[]) {
  const terminal = readableTerminal(folder, { nowMs: () => nowMs });
  const exitCode = await aisle([...args, '--data', '.'], terminal);
  return { exitCode, ...terminal.said };
}

async function done(...args: string[]): Promise<string> {
  const { exitCode, out, err } = await run(...args);
  expect({ exitCode, err: exitCode === 0 ? '' : err }).toEqual({ exitCode: 0, err: '' });
  return out;
}

const STORE = ['--id', 'sz01', '--name', 'Shenzhen Bay', '--name-zh', '深圳湾店', '--city', 'shenzhen'];
const PLACE = ['--region', 'south', '--time-zone', 'Asia/Shanghai', '--day-cut', '04:00', '--tills', '1, 2'];

async function setUp(): Promise<void> {
  await done('chain', 'set', '--name', 'Demo', '--currency', 'cny');
  await done('stores', 'put', ...STORE, ...PLACE);
}

async function noticed(): Promise<unknown[]> {
  const client = queues();
  const bodies: unknown[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    for (const { Body, ReceiptHandle } of Messages) {
      bodies.push(JSON.parse(Body ?? ''));
      await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
}

const admitted = async (key: string): Promise<string> => {
  const devices = dynamoDeviceStore(dynamoDb.client, devicesTable);
  const admission = await authorizeDevice({ devices, nowMs: () => nowMs }, `Bearer ${key.trim()}`);
  return admission.kind === 'admitted' ? (admission.storeId ?? '') : admission.why;
};

describe('the aisle command', () => {
  it('says which cloud it talks to', async () => {
    expect((await run('stores', 'list')).err).toContain('the local cloud at http://127.0.0.1:9');
  });

  it('has a help for every command, and lists them all when asked nothing', async () => {
    const terminal = readableTerminal(folder);
    expect(await aisle([], terminal)).toBe(0);
    const commands = [...terminal.said.out.matchAll(/^([a-z-]+(?: [a-z-]+)?) {2,}\S/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(commands.length).toBeGreaterThan(12);
    for (const name of commands) {
      const asked = readableTerminal(folder);
      expect([name, await aisle([...name.split(' '), '--help'], asked)]).toEqual([name, 0]);
      expect(asked.said.out).toContain(`Usage: aisle ${name}`);
    }
  });

  it('tells a mistake in one line and ends with 2, without a stack', async () => {
    for (const args of [
      ['nonsense'],
      ['keys'],
      ['keys', 'issue', '--stor', 'x'],
      ['stores', 'list', 'extra'],
    ]) {
      const { exitCode, err } = await run(...args);
      expect([args, exitCode]).toEqual([args, 2]);
      expect(err).not.toMatch(/\n\s+at /);
    }
  });

  it('says how to start a cloud where there is none', async () => {
    const terminal = readableTerminal(folder);
    expect(await aisle(['stores', 'list'], terminal)).toBe(1);
    expect(terminal.said.err).toContain('npm start');
  });

  it('says so where the cloud it knows of is gone', async () => {
    writeFileSync(
      join(folder, 'cloud.json'),
      JSON.stringify({
        url: 'http://127.0.0.1:9',
        endpoints: {
          dynamodb: 'http://127.0.0.1:9',
          kinesis: kinesis.url,
          sqs: 'http://127.0.0.1:9',
          rekognition: 'http://127.0.0.1:9',
        },
        tables: { chain: 'x' },
        queues: {},
      }),
    );
    const { exitCode, err } = await run('stores', 'list');
    expect(exitCode).toBe(1);
    expect(err).toContain('Is the local cloud running?');
  });

  it('finds a deployment by the file of its outputs', async () => {
    writeFileSync(
      join(folder, 'outputs.json'),
      JSON.stringify({
        'Prod-Aisle-Data': { ChainTable: 'chain-1' },
        'Prod-Aisle-Web': { ApiUrl: 'https://x' },
      }),
    );
    const terminal = readableTerminal(folder, { env: { AWS_REGION: 'eu-central-1' } });
    expect(await aisle(['token', '--as', 'boss', '--outputs', 'outputs.json'], terminal)).toBe(1);
    expect(terminal.said.err).toContain('AWS, eu-central-1, chain-1');
    expect(terminal.said.err).toContain('local cloud only');
  });
});

describe('aisle stores', () => {
  it('keeps stores and lists them', async () => {
    await setUp();
    expect(await done('stores', 'list')).toMatch(
      /sz01 +Shenzhen Bay 深圳湾店 +shenzhen +south +Asia\/Shanghai +04:00 +1 2/,
    );
    expect(JSON.parse(await done('stores', 'list', '--json'))).toMatchObject([
      { storeId: 'sz01', currency: 'CNY' },
    ]);
  });

  it('asks for the chain first, and never moves a store', async () => {
    expect((await run('stores', 'put', ...STORE, ...PLACE)).err).toContain('aisle chain set');
    await setUp();
    const moved = await run('stores', 'put', ...STORE, ...PLACE, '--region', 'north');
    expect(moved).toMatchObject({ exitCode: 1 });
    expect(moved.err).toContain('stands in shenzhen, south');
    expect((await run('chain', 'set', '--name', 'Demo', '--currency', 'EUR')).err).toContain('count in CNY');
  });

  it('imports a table whole or not at all, and tells every line that is wrong', async () => {
    await setUp();
    const header = 'id,name,city,region,timeZone,tills';
    const good = 'gz01,Guangzhou,guangzhou,south,Asia/Shanghai,1 2 3';
    writeFileSync(
      join(folder, 'bad.csv'),
      `${header}\n${good}\ng z,X,c,r,Asia/Shanghai,\nx1,X,c,r,Mars/Base,\n`,
    );
    const refused = await run('stores', 'import', 'bad.csv');
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toMatch(/line 3: id "g z"[\s\S]*line 4: "Mars\/Base" is not a time zone/);
    expect(await done('stores', 'list')).not.toContain('gz01');
    writeFileSync(join(folder, 'good.csv'), `\uFEFF${header}\r\n${good}\r\n`);
    expect(await done('stores', 'import', 'good.csv')).toContain('1 stores');
    expect(await done('stores', 'list')).toMatch(/gz01 +Guangzhou .* 1 2 3/);
  });

  it('refuses columns that mean nothing', async () => {
    await setUp();
    writeFileSync(join(folder, 'odd.csv'), 'id,name,city,region,timezone\n');
    expect((await run('stores', 'import', 'odd.csv')).err).toContain('no column timeZone');
  });
});

describe('aisle keys', () => {
  it('prints a key once, alone on standard output, and it opens the door of its store', async () => {
    await setUp();
    const { out, err } = await run('keys', 'issue', '--store', 'sz01', '--device', 'till-1');
    expect(parseKey(out.trim())).toBeDefined();
    expect(err).not.toContain(out.trim());
    expect(await admitted(out)).toBe('sz01');
    const secret = parseKey(out.trim())?.secret ?? '';
    expect(await done('keys', 'list')).toMatch(/sz01 +till-1 +receipts +2026-11-22T10:00:00.000Z +good/);
    expect(await done('keys', 'list')).not.toContain(secret);
  });

  it('issues none for a store that is not there, a kind that is not, or a device that has one', async () => {
    await setUp();
    expect((await run('keys', 'issue', '--store', 'xx', '--device', 't')).err).toContain('no store xx');
    expect((await run('keys', 'issue', '--store', 'sz01', '--device', 't', '--kinds', 'x')).exitCode).toBe(2);
    await done('keys', 'issue', '--store', 'sz01', '--device', 't');
    expect((await run('keys', 'issue', '--store', 'sz01', '--device', 't')).err).toContain('keys rotate');
  });

  it('rotates with an overlap in which both keys are good', async () => {
    await setUp();
    const old = await done('keys', 'issue', '--store', 'sz01', '--device', 'till-1');
    const next = await done('keys', 'rotate', '--device', 'till-1', '--overlap', '2h');
    expect([await admitted(old), await admitted(next)]).toEqual(['sz01', 'sz01']);
    nowMs += 2 * HOUR_MS;
    expect([await admitted(old), await admitted(next)]).toEqual(['expired', 'sz01']);
    const last = await done('keys', 'rotate', '--device', 'till-1', '--overlap', '0s');
    expect([await admitted(next), await admitted(last)]).toEqual(['expired', 'sz01']);
  });

  it('revokes one key, or all of a device, whose name may be found in two stores', async () => {
    await setUp();
    await done('stores', 'put', ...STORE, ...PLACE, '--id', 'sz02');
    const first = await done('keys', 'issue', '--store', 'sz01', '--device', 'till-1');
    const second = await done('keys', 'issue', '--store', 'sz02', '--device', 'till-1');
    expect((await run('keys', 'revoke', '--device', 'till-1')).err).toContain('sz01 and sz02');
    await done('keys', 'revoke', '--device', 'till-1', '--store', 'sz02');
    expect([await admitted(first), await admitted(second)]).toEqual(['sz01', 'revoked']);
    await done('keys', 'revoke', '--key', first.trim());
    expect(await admitted(first)).toBe('revoked');
    expect((await run('keys', 'revoke', '--key', 'nope')).err).toContain('no key nope');
  });
});

describe('aisle targets', () => {
  it('spreads a month over its days, exactly, and has the sums above the store taken anew', async () => {
    await setUp();
    await done('targets', 'put', '--store', 'sz01', '--month', '2026-11', '--amount', '100000');
    const list = await done('targets', 'list', '--store', 'sz01', '--month', '2026-11');
    expect(list).toContain('2026-11-30  3333.3333');
    expect(list).toMatch(/sum +100000\.00/);
    const [notice, ...others] = (await noticed()) as { storeId: string; buckets: unknown[] }[];
    expect(others).toEqual([]);
    expect(notice?.storeId).toBe('sz01');
    expect(notice?.buckets).toHaveLength(30);
    expect(notice?.buckets[29]).toEqual({ day: '2026-11-30', grain: 'day' });
  });

  it('imports days and months of many stores', async () => {
    await setUp();
    writeFileSync(join(folder, 't.csv'), 'store,when,amount\nsz01,2028-02,290\nsz01,2028-02-29,55.5\n');
    await done('targets', 'import', 't.csv');
    expect(await done('targets', 'list', '--store', 'sz01', '--month', '2028-02')).toMatch(
      /2028-02-28 +10\.00\n2028-02-29 +55\.50\nsum +335\.50/,
    );
  });

  it('sets none for a store that is not there, nor an amount that is none', async () => {
    await setUp();
    expect(
      (await run('targets', 'put', '--store', 'xx', '--day', '2026-11-22', '--amount', '1')).err,
    ).toContain('no such store: xx');
    for (const amount of ['-1', '1e3', 'x']) {
      const { err } = await run(
        'targets',
        'put',
        '--store',
        'sz01',
        '--day',
        '2026-11-22',
        `--amount=${amount}`,
      );
      expect(err).toContain('is not an amount');
    }
    expect(await noticed()).toEqual([]);
  });
});

describe('aisle dead-letters', () => {
  it('lists none, and replays none, where there are none', async () => {
    expect((await done('dead-letters', 'list')).trim().split('\n')).toHaveLength(1);
    expect(await done('dead-letters', 'replay')).toBe('0 replayed, 0 left, 0 failed.\n');
  });
});

describe('dead letters', () => {
  const letter = (place: string, why: 'unreadable' | 'conflict') => ({
    sequence: padSequence(place),
    why,
    reason: `it was ${why}`,
    storeId: 'sz01',
    bytes: Buffer.from(`{"letter":${place}}`),
    arrivedAtMs: nowMs,
    keptAtMs: nowMs,
  });

  async function onTheLog(): Promise<string[]> {
    const shards = await log().send(new ListShardsCommand({ StreamName: 'events' }));
    const ShardId = shards.Shards?.[0]?.ShardId;
    const { ShardIterator } = await log().send(
      new GetShardIteratorCommand({ StreamName: 'events', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records } = await log().send(new GetRecordsCommand({ ShardIterator }));
    return (Records ?? []).map((record) => Buffer.from(record.Data ?? []).toString());
  }

  it('are listed with their reason, and with their bytes when asked for', async () => {
    await dynamoLetterStore(dynamoDb.client, lettersTable).keep(letter('41', 'unreadable'));
    const listed = await done('dead-letters', 'list');
    expect(listed).toMatch(/41 .*sz01 .*unreadable .*it was unreadable/);
    expect(listed).not.toContain('{"letter":41}');
    expect(await done('dead-letters', 'list', '--bytes')).toContain('{"letter":41}');
  });

  it('go back onto the log once, but for conflicts, which are left', async () => {
    const letters = dynamoLetterStore(dynamoDb.client, lettersTable);
    await letters.keep(letter('42', 'unreadable'));
    await letters.keep(letter('43', 'conflict'));
    await run('dead-letters', 'replay');
    await run('dead-letters', 'replay');
    const found = await onTheLog();
    expect(found.filter((text) => text === '{"letter":42}')).toHaveLength(1);
    expect(found).not.toContain('{"letter":43}');
  });
});
