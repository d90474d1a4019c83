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
import { env, requireEnv } from '#contracts/env.ts';
import { faultsOfIssues, problem } from '#contracts/problems.ts';
import { SIGHTINGS_BYTES_MAX, SightingsAnswer, SightingsBody } from '#contracts/sightings.ts';
import { PAID_CALLS_PER_DAY_DEFAULT } from '../daily-calls.ts';
import { type DeviceEvent, requireDevice } from '../device.ts';
import { RETRY_AFTER_SECONDS } from '../entries.ts';
import { HttpProblem, httpHandler, jsonBody } from '../http.ts';
import { identifyCrop } from '../identify-crop.ts';
import { remembered } from '../remembered.ts';
import { refuseLate, SIGHT_REMEMBERED_MS, sensorReader, storeReader } from '../set-up.ts';
import { type Faces, takeSightings } from './take-sightings.ts';

const serviceName = 'take-sightings';
const metrics = new Metrics({ serviceName });
const dynamoDb = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const chain = dynamoChainStore(dynamoDb, chainTable);
const sensors = dynamoSensorStore(dynamoDb, chainTable);
const faceStore = dynamoFaceStore(dynamoDb, requireEnv(process.env, env.facesTable));
const log = kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream));

const storeOf = storeReader(chain.store, SIGHT_REMEMBERED_MS);
const sensor = sensorReader(sensors.get, SIGHT_REMEMBERED_MS);

const callsMaxOf = remembered(faceStore.callsMax, SIGHT_REMEMBERED_MS, Date.now);
const look = {
  index: rekognitionFaceIndex(rekognitionClient(), requireEnv(process.env, env.collectionId)),
  store: faceStore,
  notices: sqsNoticeQueue(sqsClient(), requireEnv(process.env, env.framesQueueUrl)),
  nowMs: Date.now,
};

const faces: Faces = async (bytes, { visitorId, startedAt }, { store, permissions }) => {
  const callsMax = (await callsMaxOf(store.storeId)) ?? PAID_CALLS_PER_DAY_DEFAULT;
  const crop = { bytes, track: visitorId ?? '', atMs: startedAt.instantMs };
  return identifyCrop(look, store, permissions, callsMax, crop);
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
    refuseLate(event);
    const body = v.safeParse(SightingsBody, jsonBody(event, SIGHTINGS_BYTES_MAX));
    if (!body.success) {
      throw new HttpProblem(
        problem(400, 'invalid-batch', 'The body is not valid.', faultsOfIssues(body.issues)),
      );
    }
    const store = await storeOf(device.storeId);
    const { status, answer } = await takeSightings(ports, store, device.deviceId, body.output.sightings);
    metrics.addMetric('SightingsAccepted', MetricUnit.Count, answer.accepted);
    metrics.addMetric('SightingsRefused', MetricUnit.Count, answer.refused);
    metrics.addMetric('SightingsNotTaken', MetricUnit.Count, answer.notTaken);
    metrics.publishStoredMetrics();
    return {
      status,
      body: v.parse(SightingsAnswer, answer),
      headers: status === 429 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {},
    };
  },
});
