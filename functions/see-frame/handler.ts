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
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import { permissionsOf } from '#domain/law/compile.ts';
import { dayAt } from '#domain/place/zoning-days.ts';
import { PAID_CALLS_PER_DAY_DEFAULT } from '../daily-calls.ts';
import { type DeviceEvent, requireDevice } from '../device.ts';
import { bodyBytes, HttpProblem, httpHandler, parsedQuery } from '../http.ts';
import { countPaidCalls, type PaidOperation } from '../paid-calls.ts';
import { remembered } from '../remembered.ts';
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

/** Short, because a store that switches faces off means at once, and somebody who draws a zone is watching it. */
const REMEMBERED_MS = 10_000;
const storeOf = remembered(chain.store, REMEMBERED_MS, Date.now);
const sensorOf = remembered(
  (name: string) => {
    const [storeId, sensorId] = name.split('#') as [StoreId, SensorId];
    return sensors.get(storeId, sensorId);
  },
  REMEMBERED_MS,
  Date.now,
);
/**
 * A frame that has waited for a free function as long as it may run is let go of unseen: of two crowded seconds the later
 * one is worth more. With what it may still take to look, whoever is seen is answered before the gateway gives up on them,
 * and a queue of frames never grows for longer than this. 4 MB reach it in time over 3.2 Mbit/s.
 */
const WAITED_MS_MAX = 10_000;
const CROWDED_RETRY_SECONDS = 5;
const setCallsMaxOf = remembered(faces.callsMax, REMEMBERED_MS, Date.now);
const callsMaxOf = async (storeId: StoreId): Promise<number> =>
  (await setCallsMaxOf(storeId)) ?? PAID_CALLS_PER_DAY_DEFAULT;

const ports = {
  index: counted.index,
  store: faces,
  notices: sqsNoticeQueue(sqsClient(), requireEnv(process.env, env.framesQueueUrl)),
  log: kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream)),
  pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
  sensor: (storeId: StoreId, sensorId: SensorId) => sensorOf(`${storeId}#${sensorId}`),
  nowMs: Date.now,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const device = requireDevice(event, 'frames');
    if (Date.now() - event.requestContext.timeEpoch > WAITED_MS_MAX) {
      metrics.addMetric('FramesRefused', MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
      throw new HttpProblem(
        problem(429, 'busy', 'The frame waited for too long and was not looked at; send fewer.'),
        { 'retry-after': String(CROWDED_RETRY_SECONDS) },
      );
    }
    const store = await storeOf(device.storeId);
    if (store === undefined) {
      throw new HttpProblem(
        problem(409, 'store-not-set-up', `Store ${device.storeId} is not set up in the chain.`),
      );
    }
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
