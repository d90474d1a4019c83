/** The wiring: what the small chain's template declares is there, reaches each other, and outlives a restart. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Cloud, type CloudLog, type CloudOptions, startCloud } from '#local/cloud.ts';
import { synthSmallChain } from '../template/small-chain.ts';

const scratch = mkdtempSync(join(tmpdir(), 'aisle-cloud-'));
const dataDir = join(scratch, 'data');
const lines: CloudLog[] = [];
let assemblyDir: string;
let cloud: Cloud;

const start = (options: CloudOptions = {}) =>
  startCloud({ port: 0, assemblyDir, dataDir, onLog: (line) => lines.push(line), ...options });

beforeAll(async () => {
  assemblyDir = synthSmallChain(scratch);
  cloud = await start();
});
afterAll(async () => {
  await cloud.close();
  rmSync(scratch, { recursive: true });
});

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const clientOf = (endpoint: string) => ({ region: 'us-east-1', endpoint, credentials });
const table = () => cloud.description.tables[0]?.tableName ?? '';
const eventsOf = (folder: string) => lines.filter(({ name }) => name === folder).map(({ text }) => text);

describe('the local cloud', () => {
  it('leads a route to its function, past its authorizer', async () => {
    const response = await fetch(`${cloud.url}/v1/receipts`, {
      method: 'POST',
      headers: { authorization: 'k' },
    });
    expect(await response.text()).toBe('take-receipts');
    expect((await fetch(`${cloud.url}/v1/receipts`, { method: 'POST' })).status).toBe(401);
  });

  it('lets people in with a token of its own issuer', async () => {
    const { access_token } = await (await fetch(`${cloud.url}/oidc/token-for?person=boss`)).json();
    const headers = { authorization: `Bearer ${access_token}` };
    expect(await (await fetch(`${cloud.url}/v1/figures`, { headers })).text()).toBe('read-figures');
  });

  it('tells the web app where everything is', async () => {
    expect(await (await fetch(`${cloud.url}/config.json`)).json()).toEqual({
      issuer: `${cloud.url}/oidc`,
      clientId: 'aisle-web',
      apiUrl: cloud.url,
    });
  });

  it('keeps the app at one origin, however this machine is called', async () => {
    const { port } = new URL(cloud.url);
    const response = await fetch(`http://localhost:${port}/`, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe(`${cloud.url}/`);
  });

  it('hands a record of the stream to its consumer', async () => {
    const kinesis = new KinesisClient(clientOf(cloud.endpoints.kinesis));
    const StreamName = cloud.description.streams[0]?.streamName;
    await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'sz01', Data: Buffer.from('one') }));
    kinesis.destroy();
    await vi.waitFor(() => expect(eventsOf('fold-store').join()).toContain(btoa('one')), 5_000);
  });

  it('hands a message of the queue to its consumer', async () => {
    const sqs = new SQSClient(clientOf(cloud.endpoints.sqs));
    const QueueUrl = cloud.description.queues.find(({ queueName }) =>
      /CellsChanged(?!Dead)/.test(queueName),
    )?.url;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'changed!' }));
    sqs.destroy();
    await vi.waitFor(() => expect(eventsOf('roll-up').join()).toContain('changed!'), 5_000);
  });

  it('leaves a note by which a command finds it', () => {
    expect(cloud.cloudFile).toBe(join(dataDir, 'cloud.json'));
    expect(JSON.parse(readFileSync(cloud.cloudFile, 'utf8'))).toMatchObject({
      url: cloud.url,
      dataDir,
      endpoints: cloud.endpoints,
      tables: { cells: table() },
      stream: cloud.description.streams[0]?.streamName,
    });
  });

  it('keeps what it holds over a restart, and takes its note away in between', async () => {
    const Item = { pk: { S: 'a' }, sk: { S: 'b' } };
    const before = new DynamoDBClient(clientOf(cloud.endpoints.dynamodb));
    await before.send(new PutItemCommand({ TableName: table(), Item }));
    before.destroy();
    await cloud.close();
    expect(existsSync(cloud.cloudFile)).toBe(false);
    cloud = await start();
    const after = new DynamoDBClient(clientOf(cloud.endpoints.dynamodb));
    expect((await after.send(new GetItemCommand({ TableName: table(), Key: Item }))).Item).toEqual(Item);
    after.destroy();
  });

  it('refuses to share its data with a cloud that is running', async () => {
    const other = join(scratch, 'other');
    const running = await start({ dataDir: other });
    const note = JSON.parse(readFileSync(running.cloudFile, 'utf8'));
    await running.close();
    // As if another process had written it: the parent of this one is alive for sure.
    writeFileSync(running.cloudFile, JSON.stringify({ ...note, pid: process.ppid }));
    await expect(start({ dataDir: other })).rejects.toThrow(`running on ${other} already, at ${note.url}`);
  });

  it('starts over the note of a cloud that was killed', async () => {
    const other = join(scratch, 'killed');
    const first = await start({ dataDir: other });
    const note = JSON.parse(readFileSync(first.cloudFile, 'utf8'));
    await first.close();
    writeFileSync(first.cloudFile, JSON.stringify({ ...note, pid: 2 ** 22 + 1 }));
    const second = await start({ dataDir: other });
    expect(JSON.parse(readFileSync(second.cloudFile, 'utf8')).pid).toBe(process.pid);
    await second.close();
  });

  it('takes other limits on requests than the template’s', async () => {
    const limited = await start({
      dataDir: join(scratch, 'limited'),
      throttle: { ratePerSecond: 0, burst: 1 },
    });
    const ask = async () => (await fetch(`${limited.url}/v1/figures`)).status;
    expect([await ask(), await ask()]).toEqual([401, 429]);
    await limited.close();
  });

  it('leaves nothing listening when it cannot start', async () => {
    const port = Number(new URL(cloud.url).port);
    await expect(start({ port, dataDir: join(scratch, 'taken') })).rejects.toThrow(/EADDRINUSE/);
    expect((await fetch(`${cloud.url}/config.json`)).status).toBe(200);
  });
});
