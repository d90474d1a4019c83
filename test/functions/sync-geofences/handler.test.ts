import { CreateGeofenceCollectionCommand } from '@aws-sdk/client-location';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { locationClient } from '#adapters/location/client.ts';
import { locationGeofences } from '#adapters/location/geofences.ts';
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { GeofenceCollection } from '#application/ports/geofences.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { GeofenceShape } from '#domain/chain/location.ts';
import { toWgs84Location } from '#domain/place/geo/store-location.ts';
import type { SyncedGeofences } from '#functions/sync-geofences/sync-geofences.ts';
import { startLocation } from '#local/servers/location/server.ts';
import { CHAIN, storeOf } from '../../support/chain.ts';
import { wireDynamoDb } from '../../support/dynamodb.ts';
import { gather } from '../../support/gather.ts';
import { LAMBDA_CONTEXT } from '../../support/http-event.ts';

const CollectionName = 'stores';
const closings: Array<() => Promise<void>> = [];
let chain: ChainStore;
let geofences: GeofenceCollection;
let minute: () => Promise<SyncedGeofences>;

beforeAll(async () => {
  const dynamoDb = await wireDynamoDb();
  const location = await startLocation();
  const client = locationClient({
    endpoint: location.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  closings.push(dynamoDb.close, location.close, async () => client.destroy());
  await client.send(new CreateGeofenceCollectionCommand({ CollectionName }));
  const table = await dynamoDb.createTable();
  chain = dynamoChainStore(dynamoDb.client, table);
  geofences = locationGeofences(client, CollectionName);
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_LOCATION: location.url,
    CHAIN_TABLE: table,
    FENCE_COLLECTION: CollectionName,
    LOG_LEVEL: 'DEBUG',
  });
  // The handler reads its environment when it is loaded.
  const { handler } = await import('#functions/sync-geofences/handler.ts');
  minute = () => handler({ source: 'aws.events' }, LAMBDA_CONTEXT);
});
afterAll(async () => {
  for (const close of closings.reverse()) await close();
});

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  const listen = (chunk: string | Uint8Array): boolean => said.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(listen);
  vi.spyOn(process.stderr, 'write').mockImplementation(listen);
  return () => vi.restoreAllMocks();
});

const RING = [
  [113.9431, 22.5161],
  [113.9432, 22.5161],
  [113.9432, 22.5162],
  [113.9431, 22.5161],
] as const;

/** Puts a store on a long street; a higher `at` is further east. */
async function put(storeId: string, at: number, fence: GeofenceShape = { kind: 'circle', radiusM: 200 }) {
  const location = toWgs84Location({ lng: 113.9431 + at / 1_000, lat: 22.5161 }, 'GCJ-02', fence);
  await chain.putStore(storeOf(storeId, 'shenzhen', 'south', { location }));
  return location;
}

describe('the geofence synchronisation', () => {
  it('puts each geofence once, however many stores there are, and follows their changes', async () => {
    await chain.putChain(CHAIN);
    for (let at = 0; at < 25; at++) await put(`sz${at + 10}`, at);
    // The longest store id that is allowed.
    await put('s'.repeat(64), 25, { kind: 'polygon', rings: [RING] });
    expect(await minute()).toEqual({ put: 26, removed: 0, unchanged: 0, rejected: [] });
    expect(await minute()).toEqual({ put: 0, removed: 0, unchanged: 26, rejected: [] });
    const { position } = await put('sz10', 30);
    await chain.putLocation('sz11' as StoreId, undefined);
    expect(await minute()).toEqual({ put: 1, removed: 1, unchanged: 24, rejected: [] });
    const kept = new Map((await gather(geofences.list())).map((fence) => [fence.fenceId, fence]));
    expect(kept.get('sz10')).toEqual({
      fenceId: 'sz10',
      geometry: { kind: 'circle', centre: position, radiusM: 200 },
      properties: { datum: 'GCJ-02' },
    });
    expect([kept.size, kept.has('sz11')]).toEqual([25, false]);
  });

  it('fails when a geofence is rejected, naming the store but no location, after putting the others', async () => {
    await put('sz12', 40, { kind: 'circle', radiusM: 100_001 });
    await put('sz13', 41);
    const failure = await minute().then(
      () => 'none',
      (error: Error) => error.message,
    );
    expect(failure).toBe('1 geofences could not be updated: sz12 (rejected)');
    const kept = (await gather(geofences.list())).find(({ fenceId }) => fenceId === 'sz13');
    expect(kept?.geometry).toMatchObject({ centre: { lng: expect.closeTo(113.979, 2) } });
    const log = said.join('');
    expect(log).toContain('geofences synchronised');
    expect(log).not.toMatch(/113\.9|22\.5/);
  });
});
