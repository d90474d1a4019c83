/**
 * A local cloud in this process with one store that recognises visitors, a camera, its key and an ample budget; and access
 * to its log, to find accepted sightings there.
 */
import { GetRecordsCommand, GetShardIteratorCommand, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoFaceStore } from '#adapters/dynamodb/face-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { kinesisClient } from '#adapters/kinesis/event-log.ts';
import { env } from '#contracts/env.ts';
import { parseEvent } from '#contracts/events/parse-event.ts';
import { SIGHTING_RECORDED } from '#contracts/events/sighting-recorded.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { DeviceId, SensorId, ZoneId } from '#domain/chain/ids.ts';
import { startCloud } from '#local/cloud.ts';
import { issueKey } from '#tools/issue-key.ts';
import { CHAIN, SZ01 } from './chain.ts';
import { CROWD_HEIGHT, CROWD_WIDTH } from './crowd-frames.ts';

const CAMERA = 'cam-door' as SensorId;
const CALLS_MAX = 10_000_000;

export interface CrowdStore {
  /** Posts a frame of the store's camera with the present time. */
  post(frame: Uint8Array, atMs: number): Promise<Response>;
  /** Returns the ids of all sightings on the log. */
  sightings(): Promise<Set<string>>;
  close(): Promise<void>;
}

export const CROWD_STORE_ID = SZ01.storeId;

export async function openCrowdStore(): Promise<CrowdStore> {
  const cloud = await startCloud({ port: 0 });
  const common = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const dynamoDb = documentClient({ ...common, endpoint: cloud.endpoints.dynamodb });
  const kinesis = kinesisClient({ ...common, endpoint: cloud.endpoints.kinesis });
  const close = async () => {
    dynamoDb.destroy();
    kinesis.destroy();
    await cloud.close();
  };
  try {
    // The function itself reports its address.
    const variables =
      cloud.description.functions.find(({ folder }) => folder === 'recognise-faces')?.env ?? {};
    const chains = dynamoChainStore(dynamoDb, variables[env.chainTable] ?? '');
    await chains.putChain(CHAIN);
    await chains.putStore(SZ01);
    await chains.putLaw(SZ01.storeId, {
      jurisdiction: 'demo',
      signSince: '2020-01-01' as BusinessDay,
      face: 'visitors',
      watchList: false,
    });
    await dynamoSensorStore(dynamoDb, variables[env.chainTable] ?? '').put({
      sensorId: CAMERA,
      storeId: SZ01.storeId,
      kind: 'camera',
      zones: [
        {
          zoneId: 'door' as ZoneId,
          polygon: [
            { x: 0, y: 0 },
            { x: CROWD_WIDTH, y: 0 },
            { x: CROWD_WIDTH, y: CROWD_HEIGHT },
            { x: 0, y: CROWD_HEIGHT },
          ],
        },
      ],
      sampleGapMsMax: 1_000,
      counts: { isCounting: true, leastMs: 0 },
    });
    await dynamoFaceStore(dynamoDb, variables[env.facesTable] ?? '').setCallsMax(SZ01.storeId, CALLS_MAX);
    const devices =
      cloud.description.functions.find(({ folder }) => folder === 'authorize-device')?.env ?? {};
    const device = { deviceId: 'cam-key' as DeviceId, storeId: SZ01.storeId, kinds: ['frames' as const] };
    const key = await issueKey(
      dynamoDeviceStore(dynamoDb, devices[env.devicesTable] ?? ''),
      device,
      Date.now(),
    );
    return {
      post: (frame, atMs) =>
        fetch(`${cloud.url}/v1/frames?camera=${CAMERA}&at=${atMs}`, {
          method: 'POST',
          headers: { 'content-type': 'image/jpeg', authorization: `Bearer ${key}` },
          body: new Blob([new Uint8Array(frame)]),
        }),
      sightings: () => sightingsOn(kinesis, variables[env.eventsStream] ?? ''),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads the whole log, shard by shard, to its end. */
async function sightingsOn(
  kinesis: ReturnType<typeof kinesisClient>,
  StreamName: string,
): Promise<Set<string>> {
  const found = new Set<string>();
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId } of Shards) {
    const begin = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    let { ShardIterator } = await kinesis.send(begin);
    while (ShardIterator !== undefined) {
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      for (const { Data } of answer.Records ?? []) {
        const parsed = parseEvent(Data ?? new Uint8Array());
        if (parsed.kind !== 'unreadable' && parsed.event.type === SIGHTING_RECORDED)
          found.add(parsed.event.id);
      }
      const isAtEnd = (answer.MillisBehindLatest ?? 0) === 0 && (answer.Records ?? []).length === 0;
      ShardIterator = isAtEnd ? undefined : answer.NextShardIterator;
    }
  }
  return found;
}
