import { CreateCollectionCommand, ListFacesCommand } from '@aws-sdk/client-rekognition';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { sqsClient } from '#adapters/sqs/change-queue.ts';
import { FRAME_BYTES_MAX, FrameResponse } from '#contracts/http/frames.ts';
import { Problem } from '#contracts/http/problems.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { LawSettings } from '#domain/chain/law-settings.ts';
import type { DeviceContext } from '#functions/shared/device-auth.ts';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { startRekognition } from '#local/servers/rekognition/server.ts';
import { startSqs } from '#local/servers/sqs/server.ts';
import { clientOf, createStream, readShard } from '../../local/kinesis/kinesis-client.ts';
import { similarityOf } from '../../local/rekognition/scripted-faces.ts';
import { CHAIN, SZ01, SZ02 } from '../../support/chain.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { CAM } from '../../support/face-world.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../../support/http-event.ts';
import { jpegOf } from '../../support/jpeg.ts';
import { scriptedJpeg, scriptedJpegAnalyser } from '../../support/scripted-jpeg.ts';

/** Printed with a failure, so that the same flood can be generated again. */
const SEED = 4711;
const FLOOD_SIZE = 700;
const CollectionId = 'faces';
const CAMERA: DeviceContext = { deviceId: 'cam-key', storeId: 'sz01', kinds: 'frames' };
const LAW: LawSettings = {
  jurisdiction: 'demo',
  signSince: '2026-01-01' as BusinessDay,
  face: 'visitors',
  watchList: false,
};
const REGION = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

interface Post {
  readonly body?: string | Uint8Array;
  readonly query?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly device?: DeviceContext;
  readonly waitedMs?: number;
}

let post: (request: Post) => Promise<{ status: number; text: string; headers: Record<string, unknown> }>;
let calls: () => number;
let facesKept: () => Promise<number>;
let logged: () => Promise<number>;
let noticed: () => Promise<number>;
const closings: Array<() => Promise<void>> = [];
const now = () => ({ camera: 'cam-1', at: String(Date.now()) });

beforeAll(async () => {
  const dynamoDb = await wireDynamoDb();
  const kinesis = await startKinesis({ throttle: 'off' });
  const sqs = await startSqs();
  const rekognition = await startRekognition({ faces: scriptedJpegAnalyser(), similarityOf });
  const streams = clientOf(kinesis.url);
  const queues = sqsClient({ endpoint: sqs.url, ...REGION });
  const index = rekognitionClient({ endpoint: rekognition.url, ...REGION });
  closings.push(dynamoDb.close, kinesis.close, sqs.close, rekognition.close, async () => {
    for (const client of [streams, queues, index]) client.destroy();
  });
  await createStream(streams);
  await index.send(new CreateCollectionCommand({ CollectionId }));
  const { QueueUrl = '' } = await queues.send(new CreateQueueCommand({ QueueName: 'frames' }));
  const [chainTable, facesTable] = [await dynamoDb.createTable(), await dynamoDb.createTable()];
  const chain = dynamoChainStore(dynamoDb.client, chainTable);
  await chain.putChain(CHAIN);
  await chain.putStore({ ...SZ01, law: LAW });
  await chain.putStore(SZ02);
  await dynamoSensorStore(dynamoDb.client, chainTable).put(CAM);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    // The demonstration's law works there alone.
    AISLE_LOCAL: 'true',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_KINESIS: kinesis.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_REKOGNITION: rekognition.url,
    CHAIN_TABLE: chainTable,
    FACES_TABLE: facesTable,
    COLLECTION_ID: CollectionId,
    FRAMES_QUEUE_URL: QueueUrl,
    EVENTS_STREAM: 'events',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'Aisle',
    LOG_LEVEL: 'SILENT',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/recognise-faces/handler.ts');
  post = async ({ body, query = now(), contentType = 'image/jpeg', device = CAMERA, waitedMs = 0 }) => {
    const event = httpEvent<Parameters<typeof handler>[0]>({
      ...(body === undefined ? {} : { body }),
      query,
      contentType,
      authorizer: { lambda: device },
      atMs: Date.now() - waitedMs,
    });
    const answer = await handler(event, LAMBDA_CONTEXT);
    return { status: answer.statusCode ?? 0, text: answer.body ?? '', headers: answer.headers ?? {} };
  };
  calls = () => Object.values(rekognition.calls()).reduce((sum, count) => sum + count, 0);
  facesKept = async () => {
    const { Faces = [] } = await index.send(new ListFacesCommand({ CollectionId }));
    return Faces.length;
  };
  logged = async () => (await readShard(streams, 'events', 'shardId-000000000000')).length;
  noticed = async () => {
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    const { Attributes } = await queues.send(command);
    return Number(Attributes?.['ApproximateNumberOfMessagesDelayed']);
  };
});

afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

const titleOf = (text: string) => v.parse(Problem, JSON.parse(text)).type;

describe('the frames endpoint', () => {
  it('accepts a frame, enrols its visitors, publishes their sightings and schedules a check', async () => {
    const before = await noticed();
    const body = scriptedJpeg([{ angle: 0 }, { angle: 60, left: 500 }]);
    const answer = await post({ body });
    expect(answer.status, answer.text).toBe(202);
    const { faces, mode } = v.parse(FrameResponse, JSON.parse(answer.text));
    expect(mode).toBe('visitors');
    expect(faces.map(({ outcome }) => outcome)).toEqual(['enrolled', 'enrolled']);
    expect(await facesKept()).toBe(2);
    expect(await logged()).toBe(2);
    expect(await noticed()).toBe(before + 1);
  });

  it('recognises the visitors in the next frame', async () => {
    const answer = await post({ body: scriptedJpeg([{ angle: 2 }, { angle: 61, left: 500 }], 'next') });
    const { faces } = v.parse(FrameResponse, JSON.parse(answer.text));
    expect(faces.map(({ outcome }) => outcome)).toEqual(['visitor', 'visitor']);
  });

  it('accepts a time with an offset, also with an unescaped plus sign', async () => {
    const at = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 19);
    for (const zone of ['+08:00', ' 08:00']) {
      const answer = await post({ body: scriptedJpeg([]), query: { camera: 'cam-1', at: `${at}${zone}` } });
      expect(answer.status, answer.text).toBe(202);
    }
  });

  it.each([
    ['an invalid key', {}, 401],
    ['a revoked key', { refusal: 'revoked' }, 401],
    ["a till's key", { ...CAMERA, kinds: 'receipts,sightings' }, 403],
    ['a key of a store that is not set up', { ...CAMERA, storeId: 'gz01' }, 409],
    ['a key of a store where faces are off', { ...CAMERA, storeId: 'sz02' }, 409],
  ])('rejects %s, without a single call', async (_, device, status) => {
    const before = calls();
    const answer = await post({ body: scriptedJpeg([{ angle: 0 }], 'refused'), device });
    expect(answer.status).toBe(status);
    v.parse(Problem, JSON.parse(answer.text));
    expect(calls()).toBe(before);
  });

  it('rejects a frame that was queued too long with 429 and Retry-After, without a single call', async () => {
    const before = calls();
    const answer = await post({ body: scriptedJpeg([{ angle: 0 }], 'waited'), waitedMs: 10_500 });
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('5');
    expect(calls()).toBe(before);
    expect((await post({ body: scriptedJpeg([{ angle: 0 }], 'waited'), waitedMs: 5_000 })).status).toBe(202);
  });

  it.each([
    ['no camera', { at: '0' }, 400],
    ['no time', { camera: 'cam-1' }, 400],
    ['a time without a zone', { camera: 'cam-1', at: '2026-11-22T10:00:00' }, 400],
    ['an unknown field', { ...now(), mode: 'visitors' }, 400],
    ['a camera that the store does not have', { ...now(), camera: 'cam-9x' }, 422],
    ['a time of tomorrow', { camera: 'cam-1', at: String(Date.now() + 86_400_000) }, 422],
    ['a time of last month', { camera: 'cam-1', at: String(Date.now() - 30 * 86_400_000) }, 422],
  ])('rejects a query with %s', async (_, query, status) => {
    expect((await post({ body: scriptedJpeg([{ angle: 0 }]), query })).status).toBe(status);
  });

  it('rejects bodies that are not JPEG, too small, too large, truncated or broken, each with its own problem', async () => {
    const refused = async (request: Post) => {
      const { status, text } = await post(request);
      return [status, titleOf(text)];
    };
    const jpeg = scriptedJpeg([{ angle: 0 }]);
    // Many cameras name the type by the ending of the file.
    expect((await post({ body: jpeg, contentType: 'image/jpg' })).status).toBe(202);
    expect(await refused({ body: jpeg, contentType: 'image/png' })).toEqual([
      415,
      'urn:aisle:problem:not-jpeg',
    ]);
    expect(await refused({})).toEqual([422, 'urn:aisle:problem:invalid-image']);
    expect(await refused({ body: 'hello' })).toEqual([422, 'urn:aisle:problem:invalid-image']);
    expect(await refused({ body: jpeg.subarray(0, -10) })).toEqual([422, 'urn:aisle:problem:invalid-image']);
    expect(await refused({ body: jpegOf({ width: 1, height: 1 }) })).toEqual([
      422,
      'urn:aisle:problem:unsupported-image',
    ]);
    expect(await refused({ body: jpegOf({ width: 8_660, height: 5_774 }) })).toEqual([
      422,
      'urn:aisle:problem:unsupported-image',
    ]);
    expect(await refused({ body: jpegOf({ width: 640, height: 480, salt: 'no script' }) })).toEqual([
      422,
      'urn:aisle:problem:invalid-image',
    ]);
    const large = new Uint8Array(FRAME_BYTES_MAX + 1);
    large.set(jpeg);
    expect(await refused({ body: large })).toEqual([413, 'urn:aisle:problem:too-large']);
  });

  it(`never returns a server error for ${FLOOD_SIZE} malformed requests`, async () => {
    const sound = scriptedJpeg([{ angle: 0 }]);
    const brokenByte = fc.tuple(fc.nat(sound.length - 1), fc.nat(255)).map(([at, byte]) => {
      const bytes = Uint8Array.from(sound);
      bytes[at] = byte;
      return bytes;
    });
    const anyBody = fc.oneof(
      brokenByte,
      fc.nat(sound.length - 1).map((length) => sound.subarray(0, length)),
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 60 }).map((noise) => Uint8Array.from([0xff, 0xd8, 0xff, ...noise])),
    );
    const anyText = fc.oneof(
      fc.constantFrom(
        '',
        '0',
        'NaN',
        '-1',
        '1e400',
        '99999999999999',
        '2026-02-30T00:00:00Z',
        '2026-11-22T25:00:00Z',
      ),
      fc.constantFrom(
        '2026-11-22T10:00:00+99:00',
        '9999-12-31T23:59:59Z',
        'cam-1',
        '__proto__',
        '../x',
        '💥',
      ),
      fc.string({ unit: 'binary', maxLength: 30 }),
    );
    const anyQuery = fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.record({ camera: anyText, at: anyText }, { requiredKeys: [] }) },
      { weight: 1, arbitrary: anyText.map((at) => ({ camera: 'cam-1', at })) },
    );
    const flood = fc.sample(fc.record({ body: anyBody, query: anyQuery }), {
      numRuns: FLOOD_SIZE,
      seed: SEED,
    });
    const seen = new Map<number, number>();
    for (const { body, query } of flood) {
      const request = { body, ...(query === undefined ? {} : { query: query as Record<string, string> }) };
      const { status, text } = await post(request);
      const told = `seed ${SEED}: ${status} to ${JSON.stringify(query)} ${Buffer.from(body).toString('hex').slice(0, 200)}`;
      expect([202, 400, 422], told).toContain(status);
      if (status !== 202) expect(v.parse(Problem, JSON.parse(text)).status, told).toBe(status);
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
    expect((seen.get(422) ?? 0) / FLOOD_SIZE).toBeGreaterThan(0.5);
  });
});
