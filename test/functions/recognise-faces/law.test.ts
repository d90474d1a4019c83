import { CreateCollectionCommand, ListFacesCommand } from '@aws-sdk/client-rekognition';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { sqsClient } from '#adapters/sqs/change-queue.ts';
import { Problem } from '#contracts/http/problems.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { SensorId } from '#domain/chain/ids.ts';
import { FACE_MODES, type LawSettings } from '#domain/chain/law-settings.ts';
import { startKinesis } from '#local/servers/kinesis/server.ts';
import { startRekognition } from '#local/servers/rekognition/server.ts';
import { startSqs } from '#local/servers/sqs/server.ts';
import { clientOf, createStream } from '../../local/kinesis/kinesis-client.ts';
import { similarityOf } from '../../local/rekognition/scripted-faces.ts';
import { CHAIN, storeOf } from '../../support/chain.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { CAM } from '../../support/face-world.ts';
import { httpEvent, LAMBDA_CONTEXT } from '../../support/http-event.ts';
import { scriptedJpeg, scriptedJpegAnalyser } from '../../support/scripted-jpeg.ts';

const REGION = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const CollectionId = 'faces';
const SIGNED = { signSince: '2020-01-01' as BusinessDay, memberRetentionDays: 300 } as const;

/** Stores of many laws, all in a stack in us-east-1. */
const LAWS: Readonly<Record<string, LawSettings>> = {
  ...Object.fromEntries(
    FACE_MODES.flatMap((face) =>
      [true, false].map((watchList) => [
        `cn-${face}-${watchList}`,
        { jurisdiction: 'CN', face, watchList, ...SIGNED } as const,
      ]),
    ),
  ),
  eu: { jurisdiction: 'EU', face: 'members', watchList: false, ...SIGNED },
  demo: { jurisdiction: 'demo', face: 'visitors', watchList: true, ...SIGNED },
  pdx: { jurisdiction: 'US-OR-PDX', face: 'members', watchList: true, ...SIGNED },
  md: { jurisdiction: 'US-MD', face: 'members', watchList: true, ...SIGNED },
  tx: { jurisdiction: 'US-TX', face: 'members', watchList: false, ...SIGNED },
};

let post: (store: string, camera?: string) => Promise<{ status: number; problem: Problem | undefined }>;
let calls: () => number;
let facesKept: () => Promise<number>;
const closings: Array<() => Promise<void>> = [];

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
  const sensors = dynamoSensorStore(dynamoDb.client, chainTable);
  await chain.putChain(CHAIN);
  for (const [id, law] of Object.entries(LAWS)) {
    const store = storeOf(id, 'city', 'region', { law });
    await chain.putStore(store);
    await sensors.put({ ...CAM, storeId: store.storeId });
    await sensors.put({ ...CAM, storeId: store.storeId, sensorId: 'lane-1' as SensorId, lane: 'opt-in' });
  }
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AISLE_LOCAL: '',
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
  post = async (storeId, camera = 'lane-1') => {
    const event = httpEvent<Parameters<typeof handler>[0]>({
      body: scriptedJpeg([{ angle: 0 }], storeId),
      query: { camera, at: String(Date.now()) },
      contentType: 'image/jpeg',
      authorizer: { lambda: { deviceId: 'cam-key', storeId, kinds: 'frames' } },
      atMs: Date.now(),
    });
    const { statusCode = 0, body = '' } = await handler(event, LAMBDA_CONTEXT);
    return {
      status: statusCode,
      problem: statusCode === 202 ? undefined : v.parse(Problem, JSON.parse(body)),
    };
  };
  calls = () => Object.values(rekognition.calls()).reduce((sum, count) => sum + count, 0);
  facesKept = async () => {
    const { Faces = [] } = await index.send(new ListFacesCommand({ CollectionId }));
    return Faces.length;
  };
});
afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

describe('a frame of a store in a stack in us-east-1', () => {
  it.each(Object.keys(LAWS).filter((id) => id.startsWith('cn-')))(
    'is refused with the articles in China, whatever is requested, and no vector is made: %s (LAW CN)',
    async (store) => {
      const before = calls();
      const { status, problem } = await post(store);
      expect([status, problem?.type]).toEqual([409, 'urn:aisle:problem:pictures-not-permitted']);
      for (const text of ['PIPL art. 26', 'art. 8 and 13', 'The cloud is in US.', 'PIPL art. 38 to 40'])
        expect(problem?.detail).toContain(text);
      expect(problem?.detail).toContain('This is no legal advice');
      expect(calls()).toBe(before);
      expect(await facesKept()).toBe(0);
    },
  );

  it.each([
    ['eu', 'GDPR art. 44 to 49'],
    ['demo', 'local cloud only'],
    ['pdx', 'Portland City Code 34.10.030'],
    ['md', 'Md. Com. Law § 14-4607(a)(1)'],
  ])('is refused with the source in %s (LAW crossBorder)', async (store, source) => {
    const before = calls();
    const { status, problem } = await post(store);
    expect(status).toBe(409);
    expect(problem?.detail).toContain(source);
    expect(calls()).toBe(before);
  });

  it('is refused in Texas from a camera without a lane, with its own code, and taken from one with it (LAW lane)', async () => {
    const before = calls();
    const { status, problem } = await post('tx', 'cam-1');
    expect([status, problem?.type]).toEqual([409, 'urn:aisle:problem:lane-required']);
    expect(problem?.detail).toContain('Tex. Bus. & Com. Code § 503.001(b)');
    expect(calls()).toBe(before);
    expect((await post('tx')).status).toBe(202);
  });
});
