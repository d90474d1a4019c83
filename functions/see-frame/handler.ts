/** POST /v1/frames: a camera's picture → what may be known of the faces on it → the log. No picture is kept. */
import { setTimeout as pause } from 'node:timers/promises';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { sqsClient } from '#adapters/sqs/change-queue.ts';
import { sqsNoticeQueue } from '#adapters/sqs/notice-queue.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { FRAME_BYTES_MAX, FrameAnswer, FrameQuery } from '#contracts/frames.ts';
import { problem } from '#contracts/problems.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { permissionsOf } from '#domain/law/compile.ts';
import { dayAt } from '#domain/place/zoning-days.ts';
import { PAID_CALLS_PER_DAY_DEFAULT } from '../daily-calls.ts';
import { type DeviceEvent, requireDevice } from '../device.ts';
import { bodyBytes, HttpProblem, httpHandler, parsedQuery } from '../http.ts';
import { countPaidCalls, type PaidOperation } from '../paid-calls.ts';
import { remembered } from '../remembered.ts';
import { refuseLate, SIGHT_REMEMBERED_MS, sensorReader, storeReader } from '../set-up.ts';
import { seeFrame } from './see-frame.ts';

const serviceName = 'see-frame';
const metrics = new Metrics({ serviceName });
const dynamoDb = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const chain = dynamoChainStore(dynamoDb, chainTable);
const sensors = dynamoSensorStore(dynamoDb, chainTable);
const faces = dynamoFaceStore(dynamoDb, requireEnv(process.env, env.facesTable));
const counted = countPaidCalls(
  rekognitionFaceIndex(rekognitionClient(), requireEnv(process.env, env.collectionId)),
);

const METRICS: Readonly<Record<PaidOperation, string>> = {
  index: 'PaidIndexFaces',
  searchUsers: 'PaidSearchUsers',
  searchFaces: 'PaidSearchFaces',
  associate: 'PaidAssociateFaces',
  disassociate: 'PaidDisassociateFaces',
};

const storeOf = storeReader(chain.store, SIGHT_REMEMBERED_MS);
const sensor = sensorReader(sensors.get, SIGHT_REMEMBERED_MS);
const setCallsMaxOf = remembered(faces.callsMax, SIGHT_REMEMBERED_MS, Date.now);
const callsMaxOf = async (storeId: StoreId): Promise<number> =>
  (await setCallsMaxOf(storeId)) ?? PAID_CALLS_PER_DAY_DEFAULT;

const ports = {
  index: counted.index,
  store: faces,
  notices: sqsNoticeQueue(sqsClient(), requireEnv(process.env, env.framesQueueUrl)),
  log: kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream)),
  pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
  sensor,
  nowMs: Date.now,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const device = requireDevice(event, 'frames');
    refuseLate(event);
    const store = await storeOf(device.storeId);
    const permissions = permissionsOf(store.law, dayAt(Date.now(), store));
    if (permissions.face === 'off') {
      throw new HttpProblem(
        problem(409, 'faces-off', `Faces are off in store ${store.storeId}; the picture was not looked at.`),
      );
    }
    const { camera: cameraId, at: atMs } = parsedQuery(FrameQuery, event);
    if (!/^image\/jpeg\s*(?:;|$)/i.test(event.headers['content-type'] ?? '')) {
      throw new HttpProblem(problem(415, 'not-jpeg', 'Send image/jpeg.'));
    }
    const bytes = bodyBytes(event, FRAME_BYTES_MAX);
    const callsMax = await callsMaxOf(store.storeId);
    try {
      const frame = { cameraId, atMs, bytes };
      const taken = await seeFrame(ports, store, device.deviceId, permissions, callsMax, frame);
      if (taken.kind === 'problem') {
        metrics.addMetric('FramesRefused', MetricUnit.Count, 1);
        const { retryAfterSeconds: after } = taken;
        throw new HttpProblem(taken.problem, after === undefined ? {} : { 'retry-after': String(after) });
      }
      metrics.addMetric('FramesSeen', MetricUnit.Count, 1);
      metrics.addMetric(
        'FramesCountedOnly',
        MetricUnit.Count,
        taken.answer.countedOnly === undefined ? 0 : 1,
      );
      metrics.addMetric('FacesSeen', MetricUnit.Count, taken.answer.faces.length);
      return { status: 202, body: v.parse(FrameAnswer, taken.answer) };
    } finally {
      for (const [operation, calls] of counted.take()) {
        metrics.addMetric(METRICS[operation], MetricUnit.Count, calls);
      }
      metrics.publishStoredMetrics();
    }
  },
});
