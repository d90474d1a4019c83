/** POST /v1/sightings: what devices detected themselves → the event log; a track's best shot is identified like a frame. */
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { kinesisClient, kinesisEventLog } from '#adapters/kinesis/event-log.ts';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { sqsClient } from '#adapters/sqs/change-queue.ts';
import { sqsNoticeQueue } from '#adapters/sqs/notice-queue.ts';
import { PAID_CALLS_PER_DAY_DEFAULT } from '#application/faces/call-budget.ts';
import { identifyBestShot } from '#application/faces/identify-best-shot.ts';
import { hasMemberFaceConsent } from '#application/visits/member-consent.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { SIGHTINGS_BYTES_MAX, SightingsRequest, SightingsResponse } from '#contracts/http/sightings.ts';
import { cloudLocation } from '../shared/cloud-location.ts';
import { createCounter } from '../shared/counter.ts';
import { type DeviceEvent, requireDevice } from '../shared/device-auth.ts';
import { httpHandler, parsedBody } from '../shared/http.ts';
import { ingestResponse } from '../shared/ingest-response.ts';
import { retryClock } from '../shared/retry-clock.ts';
import {
  cachedSensorReader,
  cachedStoreReader,
  rejectQueuedTooLong,
  SENSOR_CONFIG_TTL_MS,
} from '../shared/store-config.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { type IdentifyVisitor, ingestSightings } from './ingest-sightings.ts';

const serviceName = 'ingest-sightings';
const count = createCounter(serviceName);
const dynamoDb = documentClient();
const chainTable = requireEnv(process.env, env.chainTable);
const chain = dynamoChainStore(dynamoDb, chainTable);
const sensors = dynamoSensorStore(dynamoDb, chainTable);
const faceStore = dynamoFaceStore(dynamoDb, requireEnv(process.env, env.facesTable));
const log = kinesisEventLog(kinesisClient(), requireEnv(process.env, env.eventsStream));

const storeOf = cachedStoreReader(chain.store, SENSOR_CONFIG_TTL_MS);
const sensor = cachedSensorReader(sensors.get, SENSOR_CONFIG_TTL_MS);

const callsMaxOf = cachedFor(faceStore.callsMax, SENSOR_CONFIG_TTL_MS, Date.now);
const pictures = {
  index: rekognitionFaceIndex(rekognitionClient(), requireEnv(process.env, env.collectionId)),
  store: faceStore,
  notices: sqsNoticeQueue(sqsClient(), requireEnv(process.env, env.framesQueueUrl)),
  nowMs: Date.now,
};

const identify: IdentifyVisitor = async (bytes, { visitorId, startedAt }, { store, permissions }) => {
  const callsMax = (await callsMaxOf(store.storeId)) ?? PAID_CALLS_PER_DAY_DEFAULT;
  const crop = { bytes, track: visitorId ?? '', atMs: startedAt.instantMs };
  return identifyBestShot(pictures, store, permissions, callsMax, crop);
};

const people = dynamoPersonStore(dynamoDb, requireEnv(process.env, env.peopleTable));

const ports = {
  log,
  identify,
  hasFaceConsent: (member: string, atMs: number) =>
    hasMemberFaceConsent({ people, faces: faceStore }, member, atMs),
  cloud: cloudLocation(process.env),
  sensor,
  nowMs: Date.now,
  pauses: retryClock,
};

export const handler = httpHandler<DeviceEvent>({
  serviceName,
  handle: async (event) => {
    const device = requireDevice(event, 'sightings');
    rejectQueuedTooLong(event);
    const body = parsedBody(SightingsRequest, event, {
      bytesMax: SIGHTINGS_BYTES_MAX,
      name: 'invalid-batch',
      numbers: 'double',
    });
    const store = await storeOf(device.storeId);
    const { status, response } = await ingestSightings(ports, store, device.deviceId, body.sightings);
    const { accepted, refused, notAccepted } = response;
    count({ SightingsAccepted: accepted, SightingsRejected: refused, SightingsThrottled: notAccepted });
    return ingestResponse(SightingsResponse, status, response);
  },
});
