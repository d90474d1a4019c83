import { CreateGeofenceCollectionCommand } from '@aws-sdk/client-location';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locationClient } from '#adapters/location/client.ts';
import { locationGeofences } from '#adapters/location/geofences.ts';
import { startLocation } from '#local/servers/location/server.ts';
import type { Server } from '#local/servers/wire/http-server.ts';
import { describeFences, round } from '../../support/describe-geofences.ts';
import { gather } from '../../support/gather.ts';
import { memoryFences } from '../../support/memory-geofences.ts';

describeFences('in memory', async () => {
  const fences = memoryFences();
  return {
    fences,
    refusable(fenceId) {
      fences.refusals.set(fenceId, { isFinal: true });
      return round(fenceId);
    },
  };
});

describe('over the wire', () => {
  let server: Server;
  let client: ReturnType<typeof locationClient>;
  let collections = 0;
  beforeAll(async () => {
    server = await startLocation();
    client = locationClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  describeFences('in Amazon Location', async () => {
    const CollectionName = `fences-${collections++}`;
    await client.send(new CreateGeofenceCollectionCommand({ CollectionName }));
    return { fences: locationGeofences(client, CollectionName), refusable: (fenceId) => round(fenceId, 0) };
  });

  it('throws if there is no collection', async () => {
    const fences = locationGeofences(client, 'nowhere');
    await expect(gather(fences.list())).rejects.toThrow(/Collection not found/);
    await expect(fences.remove(['a'])).rejects.toThrow(/Collection not found/);
  });
});
