import { CreateCollectionCommand } from '@aws-sdk/client-rekognition';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceStore } from '#application/ports/face-store.ts';
import { FRAME_RUN_MS_MAX } from '#application/ports/frame-store.ts';
import { startRekognition } from '#local/servers/rekognition/server.ts';
import { similarityOf } from '../../local/rekognition/scripted-faces.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { gather } from '../../support/gather.ts';
import { LAMBDA_CONTEXT } from '../../support/http-event.ts';
import { scriptedJpeg, scriptedJpegAnalyser } from '../../support/scripted-jpeg.ts';

const CollectionId = 'faces';
const closings: Array<() => Promise<void>> = [];
let store: FaceStore;
let index: FaceIndex;
let follow: (...bodies: readonly string[]) => Promise<SQSBatchResponse>;
let hour: () => Promise<SQSBatchResponse>;

beforeAll(async () => {
  const dynamoDb = await wireDynamoDb();
  const rekognition = await startRekognition({ faces: scriptedJpegAnalyser(), similarityOf });
  const client = rekognitionClient({
    endpoint: rekognition.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  closings.push(dynamoDb.close, rekognition.close, async () => client.destroy());
  await client.send(new CreateCollectionCommand({ CollectionId }));
  const facesTable = await dynamoDb.createTable();
  store = dynamoFaceStore(dynamoDb.client, facesTable);
  index = rekognitionFaceIndex(client, CollectionId);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_KINESIS: 'http://127.0.0.1:9',
    AWS_ENDPOINT_URL_REKOGNITION: rekognition.url,
    CHAIN_TABLE: await dynamoDb.createTable(),
    FACES_TABLE: facesTable,
    COLLECTION_ID: CollectionId,
    EVENTS_STREAM: 'events',
    POWERTOOLS_METRICS_DISABLED: 'true',
    POWERTOOLS_METRICS_NAMESPACE: 'Aisle',
    LOG_LEVEL: 'SILENT',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/purge-faces/handler.ts');
  follow = (...bodies) => {
    const Records = bodies.map((body, at) => ({ messageId: `message-${at}`, body }));
    return handler({ Records } as unknown as SQSEvent, LAMBDA_CONTEXT);
  };
  hour = () =>
    handler({ source: 'aws.events' }, { ...LAMBDA_CONTEXT, getRemainingTimeInMillis: () => 60_000 });
});
afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

const look = (frame: string, attempt = 1) => JSON.stringify({ kind: 'look', frame, attempt });
/** Leaves the state of a function that died right after indexing a frame, `agoMs` ago. */
async function dead(frame: string, agoMs: number): Promise<void> {
  await store.claimFrame(frame, Date.now() - agoMs);
  await index.index(scriptedJpeg([{ angle: 0 }], frame), frame, 10);
}
const left = async () => (await gather(index.allFaces())).map(({ pictureId }) => pictureId);

describe('the purge function', () => {
  it('removes faces left by dead functions, and retries a frame whose function may be alive', async () => {
    await dead('old', FRAME_RUN_MS_MAX);
    await dead('young', 0);
    expect(await follow(look('old'), look('young'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    });
    expect(await left()).toEqual(['young']);
  });

  it('skips invalid notices, unknown frames and deleted users', async () => {
    const merge = JSON.stringify({ kind: 'merge', store: 'sz01', from: 'v.a', into: 'v.b' });
    expect(await follow('{', '{"kind":"other"}', look('unknown'), merge)).toEqual({ batchItemFailures: [] });
  });

  it('retries a merge that the log did not accept', async () => {
    for (const [userId, enrolledAtMs] of [
      ['v.a', 2],
      ['v.b', 1],
    ] as const) {
      const user = {
        userId,
        kind: 'visitor',
        storeId: 'sz01',
        enrolledAtMs,
        lastSeenAtMs: 1,
        faceIds: [],
      } as const;
      const seenOn = [{ storeId: 'sz01', day: '2026-11-22' }];
      await store.enrol({ ...user, seenOn } as unknown as Parameters<FaceStore['enrol']>[0]);
    }
    const merge = JSON.stringify({ kind: 'merge', store: 'sz01', from: 'v.a', into: 'v.b' });
    expect(await follow(merge)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  });

  it('purges faces without a notice every hour', async () => {
    await index.index(scriptedJpeg([{ angle: 0 }], 'stray'), 'stray', 10);
    expect(await hour()).toEqual({ batchItemFailures: [] });
    // The function of this frame may still be alive.
    expect(await left()).toEqual(['young']);
    expect(await gather(store.allUsers())).toEqual([]);
  });
});
