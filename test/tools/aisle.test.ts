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
import { dynamoDeadLetterStore } from '#adapters/dynamodb/dead-letter-store.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { kinesisClient } from '#adapters/kinesis/event-log.ts';
import { sqsClient } from '#adapters/sqs/change-queue.ts';
import { padSequence } from '#application/ports/event-log.ts';
import { CloudFile } from '#contracts/cloud-file.ts';
import { parseKey } from '#contracts/device-key.ts';
import { HOUR_MS } from '#domain/chain/duration.ts';
import { authorizeDevice } from '#functions/authorize-device/authorize-device.ts';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { startSqs } from '#local/servers/sqs/server.ts';
import { aisle } from '#tools/aisle.ts';
import { type WireDynamoDb, wireDynamoDb } from '../support/dynamodb.ts';
import { recordingTerminal } from '../support/terminal.ts';

let dynamoDb: WireDynamoDb;
let sqs: Awaited<ReturnType<typeof startSqs>>;
let kinesis: Awaited<ReturnType<typeof startKinesis>>;
let folder: string;
let queueUrl: string;
let devicesTable: string;
let deadLettersTable: string;
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
  deadLettersTable = await dynamoDb.createTable();
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
      deadLetters: deadLettersTable,
    },
    queues: { cellsChanged: queueUrl },
    stream: 'events',
  });
  writeFileSync(join(folder, 'cloud.json'), JSON.stringify(cloud));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a command against the cloud of the test. */
async function run(...args: string[]) {
  const terminal = recordingTerminal(folder, { nowMs: () => nowMs });
  const exitCode = await aisle([...args, '--data', '.'], terminal);
  return { exitCode, ...terminal.printed };
}

/** Runs a command that must succeed. Returns its standard output. */
async function outputOf(...args: string[]): Promise<string> {
  const { exitCode, out, err } = await run(...args);
  expect({ exitCode, err: exitCode === 0 ? '' : err }).toEqual({ exitCode: 0, err: '' });
  return out;
}

const STORE = ['--id', 'sz01', '--name', 'Shenzhen Bay', '--name-zh', '深圳湾店', '--city', 'shenzhen'];
const PLACE = ['--region', 'south', '--time-zone', 'Asia/Shanghai', '--day-cut', '04:00', '--tills', '1, 2'];

async function createChain(): Promise<void> {
  await outputOf('chain', 'set', '--name', 'Demo', '--currency', 'cny');
  await outputOf('stores', 'put', ...STORE, ...PLACE);
}

/** Receives and deletes all messages of the change queue. */
async function queuedChanges(): Promise<unknown[]> {
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

/** Authorizes a key. Returns its store, or the reason for which it is rejected. */
const authorized = async (key: string): Promise<string> => {
  const devices = dynamoDeviceStore(dynamoDb.client, devicesTable);
  const admission = await authorizeDevice({ devices, nowMs: () => nowMs }, `Bearer ${key.trim()}`);
  return admission.kind === 'admitted' ? (admission.storeId ?? '') : admission.why;
};

describe('the aisle command', () => {
  it('prints which cloud it uses', async () => {
    expect((await run('stores', 'list')).err).toContain('the local cloud at http://127.0.0.1:9');
  });

  it('has a help text for every command, and lists all commands when called without arguments', async () => {
    const terminal = recordingTerminal(folder);
    expect(await aisle([], terminal)).toBe(0);
    const commands = [...terminal.printed.out.matchAll(/^([a-z-]+(?: [a-z-]+)?) {2,}\S/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(commands.length).toBeGreaterThan(12);
    for (const name of commands) {
      const help = recordingTerminal(folder);
      expect([name, await aisle([...name.split(' '), '--help'], help)]).toEqual([name, 0]);
      expect(help.printed.out).toContain(`Usage: aisle ${name}`);
    }
  });

  it('exits with 2 and prints no stack after a usage error', async () => {
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

  it('prints how to start a cloud where none is configured', async () => {
    const terminal = recordingTerminal(folder);
    expect(await aisle(['stores', 'list'], terminal)).toBe(1);
    expect(terminal.printed.err).toContain('npm start');
  });

  it('asks whether the local cloud is running where the connection is refused', async () => {
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

  it('finds a deployment by its outputs file', async () => {
    writeFileSync(
      join(folder, 'outputs.json'),
      JSON.stringify({
        'Prod-Aisle-Data': { ChainTable: 'chain-1' },
        'Prod-Aisle-Web': { ApiUrl: 'https://x' },
      }),
    );
    const terminal = recordingTerminal(folder, { env: { AWS_REGION: 'eu-central-1' } });
    expect(await aisle(['token', '--as', 'boss', '--outputs', 'outputs.json'], terminal)).toBe(1);
    expect(terminal.printed.err).toContain('AWS, eu-central-1, chain-1');
    expect(terminal.printed.err).toContain('local cloud only');
  });
});

describe('aisle stores', () => {
  it('saves stores and lists them', async () => {
    await createChain();
    expect(await outputOf('stores', 'list')).toMatch(
      /sz01 +Shenzhen Bay 深圳湾店 +shenzhen +south +Asia\/Shanghai +04:00 +1 2/,
    );
    expect(JSON.parse(await outputOf('stores', 'list', '--json'))).toMatchObject([
      { storeId: 'sz01', currency: 'CNY' },
    ]);
  });

  it('requires a chain first, and never moves a store to another region', async () => {
    expect((await run('stores', 'put', ...STORE, ...PLACE)).err).toContain('aisle chain set');
    await createChain();
    const moved = await run('stores', 'put', ...STORE, ...PLACE, '--region', 'north');
    expect(moved).toMatchObject({ exitCode: 1 });
    expect(moved.err).toContain('is in shenzhen, south, where its figures have been rolled up');
    expect((await run('chain', 'set', '--name', 'Demo', '--currency', 'EUR')).err).toContain(
      'the chain has stores that use CNY',
    );
  });

  it('imports a table completely or not at all, and reports every invalid line', async () => {
    await createChain();
    const header = 'id,name,city,region,timeZone,tills';
    const good = 'gz01,Guangzhou,guangzhou,south,Asia/Shanghai,1 2 3';
    writeFileSync(
      join(folder, 'bad.csv'),
      `${header}\n${good}\ng z,X,c,r,Asia/Shanghai,\nx1,X,c,r,Mars/Base,\n`,
    );
    const refused = await run('stores', 'import', 'bad.csv');
    expect(refused.exitCode).toBe(1);
    expect(refused.err).toMatch(/line 3: id "g z"[\s\S]*line 4: "Mars\/Base" is not a time zone/);
    expect(await outputOf('stores', 'list')).not.toContain('gz01');
    writeFileSync(join(folder, 'good.csv'), `\uFEFF${header}\r\n${good}\r\n`);
    expect(await outputOf('stores', 'import', 'good.csv')).toBe('Saved 1 stores.\n');
    expect(await outputOf('stores', 'list')).toMatch(/gz01 +Guangzhou .* 1 2 3/);
  });

  it('rejects a table with a missing or an unknown column', async () => {
    await createChain();
    writeFileSync(join(folder, 'odd.csv'), 'id,name,city,region,timezone\n');
    expect((await run('stores', 'import', 'odd.csv')).err).toContain('no column timeZone');
    writeFileSync(join(folder, 'odd.csv'), 'id,name,city,region,timeZone,colour\n');
    expect((await run('stores', 'import', 'odd.csv')).err).toContain('has unknown columns: colour');
  });
});

describe('aisle keys', () => {
  it('prints only the key on standard output, once, and the key is authorized for its store', async () => {
    await createChain();
    const { out, err } = await run('keys', 'issue', '--store', 'sz01', '--device', 'till-1');
    expect(parseKey(out.trim())).toBeDefined();
    expect(err).not.toContain(out.trim());
    expect(await authorized(out)).toBe('sz01');
    const secret = parseKey(out.trim())?.secret ?? '';
    expect(await outputOf('keys', 'list')).toMatch(/sz01 +till-1 +receipts +2026-11-22T10:00:00.000Z +valid/);
    expect(await outputOf('keys', 'list')).not.toContain(secret);
  });

  it('issues no key for an unknown store, an unknown kind, or a device that already has one', async () => {
    await createChain();
    expect((await run('keys', 'issue', '--store', 'xx', '--device', 't')).err).toContain(
      'store xx not found',
    );
    expect((await run('keys', 'issue', '--store', 'sz01', '--device', 't', '--kinds', 'x')).exitCode).toBe(2);
    await outputOf('keys', 'issue', '--store', 'sz01', '--device', 't');
    expect((await run('keys', 'issue', '--store', 'sz01', '--device', 't')).err).toContain('keys rotate');
  });

  it('rotates a key with an overlap during which both keys are valid', async () => {
    await createChain();
    const old = await outputOf('keys', 'issue', '--store', 'sz01', '--device', 'till-1');
    const next = await outputOf('keys', 'rotate', '--device', 'till-1', '--overlap', '2h');
    expect([await authorized(old), await authorized(next)]).toEqual(['sz01', 'sz01']);
    nowMs += 2 * HOUR_MS;
    expect([await authorized(old), await authorized(next)]).toEqual(['expired', 'sz01']);
    const last = await outputOf('keys', 'rotate', '--device', 'till-1', '--overlap', '0s');
    expect([await authorized(next), await authorized(last)]).toEqual(['expired', 'sz01']);
  });

  it('revokes one key, or all keys of a device, and requires --store where two stores have the device', async () => {
    await createChain();
    await outputOf('stores', 'put', ...STORE, ...PLACE, '--id', 'sz02');
    const first = await outputOf('keys', 'issue', '--store', 'sz01', '--device', 'till-1');
    const second = await outputOf('keys', 'issue', '--store', 'sz02', '--device', 'till-1');
    expect((await run('keys', 'revoke', '--device', 'till-1')).err).toContain('sz01 and sz02');
    await outputOf('keys', 'revoke', '--device', 'till-1', '--store', 'sz02');
    expect([await authorized(first), await authorized(second)]).toEqual(['sz01', 'revoked']);
    await outputOf('keys', 'revoke', '--key', first.trim());
    expect(await authorized(first)).toBe('revoked');
    expect((await run('keys', 'revoke', '--key', 'nope')).err).toContain('key nope not found');
  });
});

describe('aisle targets', () => {
  it('spreads a monthly target exactly over its days, and queues the roll-up of the figures above the store', async () => {
    await createChain();
    await outputOf('targets', 'put', '--store', 'sz01', '--month', '2026-11', '--amount', '100000');
    const list = await outputOf('targets', 'list', '--store', 'sz01', '--month', '2026-11');
    expect(list).toContain('2026-11-30  3333.3333');
    expect(list).toMatch(/sum +100000\.00/);
    const [change, ...others] = (await queuedChanges()) as { storeId: string; buckets: unknown[] }[];
    expect(others).toEqual([]);
    expect(change?.storeId).toBe('sz01');
    expect(change?.buckets).toHaveLength(30);
    expect(change?.buckets[29]).toEqual({ day: '2026-11-30', grain: 'day' });
  });

  it('imports daily and monthly targets from a CSV', async () => {
    await createChain();
    writeFileSync(join(folder, 't.csv'), 'store,when,amount\nsz01,2028-02,290\nsz01,2028-02-29,55.5\n');
    await outputOf('targets', 'import', 't.csv');
    expect(await outputOf('targets', 'list', '--store', 'sz01', '--month', '2028-02')).toMatch(
      /2028-02-28 +10\.00\n2028-02-29 +55\.50\nsum +335\.50/,
    );
  });

  it('rejects a target for an unknown store, and an invalid amount', async () => {
    await createChain();
    expect(
      (await run('targets', 'put', '--store', 'xx', '--day', '2026-11-22', '--amount', '1')).err,
    ).toContain('store xx not found');
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
      expect(err).toContain('is not a non-negative amount');
    }
    expect(await queuedChanges()).toEqual([]);
  });
});

describe('aisle dead-letters', () => {
  const letter = (sequence: string, why: 'unreadable' | 'conflict') => ({
    sequence: padSequence(sequence),
    why,
    reason: `it was ${why}`,
    storeId: 'sz01',
    bytes: Buffer.from(`{"letter":${sequence}}`),
    arrivedAtMs: nowMs,
    keptAtMs: nowMs,
  });

  async function eventsOnLog(): Promise<string[]> {
    const shards = await log().send(new ListShardsCommand({ StreamName: 'events' }));
    const ShardId = shards.Shards?.[0]?.ShardId;
    const { ShardIterator } = await log().send(
      new GetShardIteratorCommand({ StreamName: 'events', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { Records } = await log().send(new GetRecordsCommand({ ShardIterator }));
    return (Records ?? []).map((record) => Buffer.from(record.Data ?? []).toString());
  }

  it('lists and replays nothing where there are no dead letters', async () => {
    expect((await outputOf('dead-letters', 'list')).trim().split('\n')).toHaveLength(1);
    expect(await outputOf('dead-letters', 'replay')).toBe('0 replayed, 0 skipped, 0 failed.\n');
  });

  it('lists dead letters with their reason, and with their content on --bytes', async () => {
    await dynamoDeadLetterStore(dynamoDb.client, deadLettersTable).keep(letter('41', 'unreadable'));
    const listed = await outputOf('dead-letters', 'list');
    expect(listed).toMatch(/41 .*sz01 .*unreadable .*it was unreadable/);
    expect(listed).not.toContain('{"letter":41}');
    expect(await outputOf('dead-letters', 'list', '--bytes')).toContain('{"letter":41}');
  });

  it('appends dead letters to the log once, and skips conflicts', async () => {
    const letters = dynamoDeadLetterStore(dynamoDb.client, deadLettersTable);
    await letters.keep(letter('42', 'unreadable'));
    await letters.keep(letter('43', 'conflict'));
    await run('dead-letters', 'replay');
    await run('dead-letters', 'replay');
    const events = await eventsOnLog();
    expect(events.filter((text) => text === '{"letter":42}')).toHaveLength(1);
    expect(events).not.toContain('{"letter":43}');
  });
});
