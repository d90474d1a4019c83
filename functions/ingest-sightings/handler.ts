/** POST /v1/sightings: what devices saw by themselves → the log; a track's one picture is looked at as a frame is. */
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
import { PAID_CALLS_PER_DAY_DEFAULT } from '#application/faces/call-budget.ts';
import { identifyBestShot } from '#application/faces/identify-best-shot.ts';
import { RETRY_AFTER_SECONDS } from '#application/ingestion/batch-response.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { fieldErrorsOf, problem } from '#contracts/http/problems.ts';
import { SIGHTINGS_BYTES_MAX, SightingsRequest, SightingsResponse } from '#contracts/http/sightings.ts';
import { type DeviceEvent, requireDevice } from '../shared/device-auth.ts';
import { HttpProblem, httpHandler, jsonBody } from '../shared/http.ts';
import {
  cachedSensorReader,
  cachedStoreReader,
  rejectQueuedTooLong,
  SENSOR_CONFIG_TTL_MS,
} from '../shared/store-config.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { type IdentifyVisitor, ingestSightings } from './ingest-sightings.ts';

const serviceName = 'ingest-sightings';
const metrics = new Metrics({ serviceName });
const dynamoDb = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const chain = dynamoChainStore(dynamoDb, chainTable);
const sensors = dynamoSensorStore(dynamoDb, chainTable);
const faceStore = dynamoFaceStore(dynamoDb, requireEnv(process.env, env.facesTable));
const log = kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream));

const storeOf = cachedStoreReader(chain.store, SENSOR_CONFIG_TTL_MS);
const sensor = cachedSensorReader(sensors.get, SENSOR_CONFIG_TTL_MS);

const callsMaxOf = cachedFor(faceStore.callsMax, SENSOR_CONFIG_TTL_MS, Date.now);
const look = {
  index: rekognitionFaceIndex(rekognitionClient(), requireEnv(process.env, env.collectionId)),
  store: faceStore,
  notices: sqsNoticeQueue(sqsClient(), requireEnv(process.env, env.framesQueueUrl)),
  nowMs: Date.now,
};

const faces: IdentifyVisitor = async (bytes, { visitorId, startedAt }, { store, permissions }) => {
  const callsMax = (await callsMaxOf(store.storeId)) ?? PAID_CALLS_PER_DAY_DEFAULT;
  const crop = { bytes, track: visitorId ?? '', atMs: startedAt.instantMs };
  return identifyBestShot(look, store, permissions, callsMax, crop);
};

const ports = {
  log,
  faces,
  sensor,
  nowMs: Date.now,
  pauses: { pause: async (ms: number) => void (await pause(ms)), random: Math.random },
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const device = requireDevice(event, 'sightings');
    rejectQueuedTooLong(event);
    const body = v.safeParse(SightingsRequest, jsonBody(event, SIGHTINGS_BYTES_MAX));
    if (!body.success) {
      throw new HttpProblem(
        problem(400, 'invalid-batch', 'The body is not valid.', fieldErrorsOf(body.issues)),
      );
    }
    const store = await storeOf(device.storeId);
    const { status, answer } = await ingestSightings(ports, store, device.deviceId, body.output.sightings);
    metrics.addMetric('SightingsAccepted', MetricUnit.Count, answer.accepted);
    metrics.addMetric('SightingsRefused', MetricUnit.Count, answer.refused);
    metrics.addMetric('SightingsNotAccepted', MetricUnit.Count, answer.notAccepted);
    metrics.publishStoredMetrics();
    return {
      status,
      body: v.parse(SightingsResponse, answer),
      headers: status === 429 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {},
    };
  },
});
