/** The wiring: the resources of the small chain's template exist, are connected, and survive a restart. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  BatchGetDevicePositionCommand,
  BatchUpdateDevicePositionCommand,
  LocationClient,
  PutGeofenceCommand,
} from '@aws-sdk/client-location';
import { CreatePlatformEndpointCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
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
  it('routes a request to its function through its authorizer', async () => {
    const response = await fetch(`${cloud.url}/v1/receipts`, {
      method: 'POST',
      headers: { authorization: 'k' },
    });
    expect(await response.text()).toBe('ingest-receipts');
    expect((await fetch(`${cloud.url}/v1/receipts`, { method: 'POST' })).status).toBe(401);
  });

  it('accepts a token of its own issuer', async () => {
    const { access_token } = await (await fetch(`${cloud.url}/oidc/token-for?person=boss`)).json();
    const headers = { authorization: `Bearer ${access_token}` };
    expect(await (await fetch(`${cloud.url}/v1/figures`, { headers })).text()).toBe('read-figures');
  });

  it('serves the configuration of the web app', async () => {
    expect(await (await fetch(`${cloud.url}/config.json`)).json()).toEqual({
      issuer: `${cloud.url}/oidc`,
      clientId: 'aisle-web',
      apiUrl: cloud.url,
    });
  });

  it('redirects localhost to the app’s one origin', async () => {
    const { port } = new URL(cloud.url);
    const response = await fetch(`http://localhost:${port}/`, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe(`${cloud.url}/`);
  });

  it('delivers a record of the stream to its consumer', async () => {
    const kinesis = new KinesisClient(clientOf(cloud.endpoints.kinesis));
    const StreamName = cloud.description.streams[0]?.streamName;
    const Records = [{ PartitionKey: 'sz01', Data: Buffer.from('one') }];
    await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    kinesis.destroy();
    await vi.waitFor(() => expect(eventsOf('count-events').join()).toContain(btoa('one')), 5_000);
  });

  it('delivers a message of the queue to its consumer', async () => {
    const sqs = new SQSClient(clientOf(cloud.endpoints.sqs));
    const QueueUrl = cloud.description.queues.find(({ queueName }) =>
      /CellsChanged(?!Dead)/.test(queueName),
    )?.url;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'changed!' }));
    sqs.destroy();
    await vi.waitFor(() => expect(eventsOf('roll-up').join()).toContain('changed!'), 5_000);
  });

  it('invokes a function when a phone enters a geofence, and not when it exits', async () => {
    const location = new LocationClient({ ...clientOf(cloud.endpoints.location), disableHostPrefix: true });
    const Circle = { Center: [113.94, 22.52], Radius: 100 };
    await location.send(
      new PutGeofenceCommand({ CollectionName: 'Test-Fences', GeofenceId: 'sz01', Geometry: { Circle } }),
    );
    const startMs = Date.now() - 60_000;
    for (const [index, Position] of [
      [113.94, 22.52],
      [113.95, 22.52],
    ].entries()) {
      const SampleTime = new Date(startMs + index * 1_000);
      const Updates = [{ DeviceId: 'd-1', Position, SampleTime }];
      await location.send(new BatchUpdateDevicePositionCommand({ TrackerName: 'Test-Phones', Updates }));
    }
    location.destroy();
    await vi.waitFor(() => expect(eventsOf('decide-push')).toHaveLength(1), 5_000);
    expect(JSON.parse(eventsOf('decide-push')[0] ?? '')).toMatchObject({
      source: 'aws.geo',
      'detail-type': 'Location Geofence Event',
      detail: { EventType: 'ENTER', GeofenceId: 'sz01', DeviceId: 'd-1' },
    });
  });

  it('runs the schedules of a function on request and resolves when they have run', async () => {
    const runs = () => eventsOf('roll-up').filter((text) => /"(schedule|daily)"/.test(text));
    expect(runs()).toEqual([]);
    await cloud.runSchedule('roll-up');
    await vi.waitFor(() => expect(runs()).toHaveLength(2), 5_000);
    await expect(cloud.runSchedule('count-events')).rejects.toThrow('no enabled schedule targets');
    await expect(cloud.runSchedule('roll-down')).rejects.toThrow('the template has no function roll-down');
  });

  it('shows the pushes of a phone in the inbox', async () => {
    const sns = new SNSClient(clientOf(cloud.endpoints.sns));
    const { EndpointArn } = await sns.send(
      new CreatePlatformEndpointCommand({
        PlatformApplicationArn: 'arn:aws:sns:us-east-1:000000000000:app/GCM/aisle',
        Token: 'token-1',
      }),
    );
    await sns.send(new PublishCommand({ TargetArn: EndpointArn, Message: 'Come in' }));
    sns.destroy();
    expect(cloud.inboxUrl).toBe(`${cloud.url}/inbox`);
    expect(await (await fetch(cloud.inboxUrl)).text()).toContain('<main id="screen">');
    const { notes } = await (await fetch(`${cloud.inboxUrl}/notes?phone=token-1`)).json();
    expect(notes).toMatchObject([{ body: 'Come in' }]);
    expect(cloud.receivedBy('token-1')).toEqual(notes);
    expect(cloud.receivedBy('token-2')).toEqual([]);
  });

  it('writes the file by which the aisle command finds it', () => {
    expect(cloud.cloudFile).toBe(join(dataDir, 'cloud.json'));
    expect(JSON.parse(readFileSync(cloud.cloudFile, 'utf8'))).toMatchObject({
      url: cloud.url,
      dataDir,
      endpoints: cloud.endpoints,
      tables: { cells: table() },
      stream: cloud.description.streams[0]?.streamName,
      trackerName: 'Test-Phones',
      fenceCollection: 'Test-Fences',
    });
  });

  it('keeps its data over a restart, and removes its file in between', async () => {
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
    expect(cloud.receivedBy('token-1')).toMatchObject([{ body: 'Come in' }]);
    const location = new LocationClient({ ...clientOf(cloud.endpoints.location), disableHostPrefix: true });
    const latest = new BatchGetDevicePositionCommand({ TrackerName: 'Test-Phones', DeviceIds: ['d-1'] });
    expect((await location.send(latest)).DevicePositions).toMatchObject([{ Position: [113.95, 22.52] }]);
    location.destroy();
  });

  it('rejects data that a running cloud uses', async () => {
    const other = join(scratch, 'other');
    const running = await start({ dataDir: other });
    const stored = JSON.parse(readFileSync(running.cloudFile, 'utf8'));
    await running.close();
    // As if another process had written it: this one's parent is certainly alive.
    writeFileSync(running.cloudFile, JSON.stringify({ ...stored, pid: process.ppid }));
    await expect(start({ dataDir: other })).rejects.toThrow(`already running on ${other}, at ${stored.url}`);
  });

  it('replaces the file of a killed cloud', async () => {
    const other = join(scratch, 'killed');
    const first = await start({ dataDir: other });
    const stored = JSON.parse(readFileSync(first.cloudFile, 'utf8'));
    await first.close();
    writeFileSync(first.cloudFile, JSON.stringify({ ...stored, pid: 2 ** 22 + 1 }));
    const second = await start({ dataDir: other });
    expect(JSON.parse(readFileSync(second.cloudFile, 'utf8')).pid).toBe(process.pid);
    await second.close();
  });

  it('applies limits in place of the template’s', async () => {
    const limited = await start({
      dataDir: join(scratch, 'limited'),
      throttle: { ratePerSecond: 0, burst: 1 },
    });
    const statusOf = async () => (await fetch(`${limited.url}/v1/figures`)).status;
    expect([await statusOf(), await statusOf()]).toEqual([401, 429]);
    await limited.close();
  });

  it('closes everything when it cannot start', async () => {
    const port = Number(new URL(cloud.url).port);
    await expect(start({ port, dataDir: join(scratch, 'taken') })).rejects.toThrow(/EADDRINUSE/);
    expect((await fetch(`${cloud.url}/config.json`)).status).toBe(200);
  });
});
