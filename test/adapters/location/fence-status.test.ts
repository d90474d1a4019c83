import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocationClient } from '@aws-sdk/client-location';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locationGeofences } from '#adapters/location/geofences.ts';
import { gather } from '../../support/gather.ts';

const entry = (GeofenceId: string, Status: string) => ({
  GeofenceId,
  Status,
  Geometry: { Circle: { Center: [113.9, 22.5], Radius: 200 } },
  CreateTime: '2026-11-22T02:00:00Z',
  UpdateTime: '2026-11-22T02:00:00Z',
});

/** A service with geofences in every state; the local one has none that failed. */
const server = createServer((_, response) => {
  const states = ['ACTIVE', 'PENDING', 'FAILED', 'DELETING', 'DELETED'];
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ Entries: states.map((state) => entry(state.toLowerCase(), state)) }));
});
let client: LocationClient;
beforeAll(async () => {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  client = new LocationClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    disableHostPrefix: true,
  });
});
afterAll(async () => {
  client.destroy();
  await new Promise((done) => server.close(done));
});

describe('the list of fences', () => {
  it('omits fences being deleted, and makes failed ones equal to no other', async () => {
    const fences = await gather(locationGeofences(client, 'fences').list());
    expect(fences.map(({ fenceId, geometry }) => [fenceId, geometry.kind])).toEqual([
      ['active', 'circle'],
      ['pending', 'circle'],
      ['failed', 'polygon'],
    ]);
  });
});
