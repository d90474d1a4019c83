/** POST /v1/frames: a camera's picture → the faces that the store may recognise → the event log. No picture is stored. */
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
import { PAID_CALLS_PER_DAY_DEFAULT } from '#application/faces/call-budget.ts';
import { meterPaidCalls, type PaidOperation } from '#application/faces/call-metering.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { FRAME_BYTES_MAX, FrameQuery, FrameResponse } from '#contracts/http/frames.ts';
import { problem } from '#contracts/http/problems.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { dayAt } from '#domain/chain/store-clock.ts';
import { barsOf, permissionsOf } from '#domain/law/compile.ts';
import { reasonsText, whyWithheld } from '#domain/law/face-permissions.ts';
import { cloudLocation } from '../shared/cloud-location.ts';
import { createCounter } from '../shared/counter.ts';
import { type DeviceEvent, requireDevice } from '../shared/device-auth.ts';
import { bodyBytes, HttpProblem, httpHandler, parsedQuery } from '../shared/http.ts';
import { reportingSensors } from '../shared/reporting-sensors.ts';
import { retryClock } from '../shared/retry-clock.ts';
import {
  cachedSensorReader,
  cachedStoreReader,
  rejectQueuedTooLong,
  SENSOR_CONFIG_TTL_MS,
} from '../shared/store-config.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { recogniseFaces } from './recognise-faces.ts';

const serviceName = 'recognise-faces';
const count = createCounter(serviceName);
const cloud = cloudLocation(process.env);
const dynamoDb = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const chain = dynamoChainStore(dynamoDb, chainTable);
const sensors = dynamoSensorStore(dynamoDb, chainTable);
const faces = dynamoFaceStore(dynamoDb, requireEnv(process.env, env.facesTable));
const metered = meterPaidCalls(
  rekognitionFaceIndex(rekognitionClient(), requireEnv(process.env, env.collectionId)),
);

const CALL_METRICS: Readonly<Record<PaidOperation, string>> = {
  index: 'PaidIndexFaces',
  searchUsers: 'PaidSearchUsers',
  searchFaces: 'PaidSearchFaces',
  associate: 'PaidAssociateFaces',
  disassociate: 'PaidDisassociateFaces',
};

const storeOf = cachedStoreReader(chain.store, SENSOR_CONFIG_TTL_MS);
const sensor = cachedSensorReader(sensors.get, SENSOR_CONFIG_TTL_MS);
const configuredCallsMaxOf = cachedFor(faces.callsMax, SENSOR_CONFIG_TTL_MS, Date.now);
const callsMaxOf = async (storeId: StoreId): Promise<number> =>
  (await configuredCallsMaxOf(storeId)) ?? PAID_CALLS_PER_DAY_DEFAULT;

const ports = {
  index: metered.index,
  store: faces,
  notices: sqsNoticeQueue(sqsClient(), requireEnv(process.env, env.framesQueueUrl)),
  log: kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream)),
  pauses: retryClock,
  sensor,
  reported: reportingSensors(),
  nowMs: Date.now,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const device = requireDevice(event, 'frames');
    rejectQueuedTooLong(event);
    const store = await storeOf(device.storeId);
    const today = dayAt(Date.now(), store);
    const bars = barsOf(store, cloud, today);
    if (bars.length > 0) {
      const why = `No picture of store ${store.storeId} may be examined here; it was discarded.`;
      throw new HttpProblem(problem(409, 'pictures-not-permitted', `${why}${reasonsText(bars)}`));
    }
    const permissions = permissionsOf(store, cloud, today);
    if (permissions.face === 'off') {
      const why = `Faces are off in store ${store.storeId}; the picture was discarded.`;
      throw new HttpProblem(problem(409, 'faces-disabled', `${why}${whyWithheld(permissions)}`));
    }
    const { camera: cameraId, at: atMs } = parsedQuery(FrameQuery, event);
    if (!/^image\/jpe?g\s*(?:;|$)/i.test(event.headers['content-type'] ?? '')) {
      throw new HttpProblem(problem(415, 'not-jpeg', 'Send image/jpeg.'));
    }
    const bytes = bodyBytes(event, FRAME_BYTES_MAX);
    const callsMax = await callsMaxOf(store.storeId);
    let counts: Readonly<Record<string, number>> = {};
    try {
      const frame = { cameraId, atMs, bytes };
      const outcome = await recogniseFaces(ports, store, device.deviceId, permissions, callsMax, frame);
      if (outcome.kind === 'rejected') {
        counts = { FramesRejected: 1 };
        const { retryAfterSeconds: after } = outcome;
        throw new HttpProblem(outcome.problem, after === undefined ? {} : { 'retry-after': String(after) });
      }
      const { response } = outcome;
      counts = {
        FramesProcessed: 1,
        FramesCountedOnly: response.countedOnly === undefined ? 0 : 1,
        FacesDetected: response.faces.length,
      };
      return { status: 202, body: v.parse(FrameResponse, response) };
    } finally {
      const calls = metered.take().map(([operation, made]) => [CALL_METRICS[operation], made]);
      count({ ...counts, ...Object.fromEntries(calls) });
    }
  },
});
