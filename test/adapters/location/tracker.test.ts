import { CreateTrackerCommand } from '@aws-sdk/client-location';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { locationClient } from '#adapters/location/client.ts';
import { locationTracker } from '#adapters/location/tracker.ts';
import { startLocation } from '#local/servers/location/server.ts';
import type { Server } from '#local/servers/wire/http-server.ts';
import { manualClock } from '../../local/wire/manual-clock.ts';
import { describeTracker } from '../../support/describe-tracker.ts';
import { memoryTracker } from '../../support/memory-tracker.ts';

const clientOf = (endpoint: string) =>
  locationClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

describeTracker('in memory', async () => ({ tracker: memoryTracker(), nowMs: Date.UTC(2026, 0, 5) }));

describe('over the wire', () => {
  const clock = manualClock();
  let server: Server;
  let client: ReturnType<typeof locationClient>;
  let trackers = 0;
  beforeAll(async () => {
    server = await startLocation({ clock });
    client = clientOf(server.url);
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
  });

  describeTracker('in Amazon Location', async () => {
    const TrackerName = `phones-${trackers++}`;
    await client.send(new CreateTrackerCommand({ TrackerName, PositionFiltering: 'AccuracyBased' }));
    return { tracker: locationTracker(client, TrackerName), nowMs: clock.nowMs() };
  });

  const positions = Array.from({ length: 35 }, (_, at) => ({
    deviceId: 'phone-1',
    lng: 116.3,
    lat: 39.9 + at / 100,
    sampledAtMs: clock.nowMs() + at,
  }));

  it('throws if there is no tracker', async () => {
    const tracker = locationTracker(client, 'nowhere');
    await expect(tracker.update(positions)).rejects.toThrow(/Tracker not found/);
    await expect(tracker.latest('phone-1')).rejects.toThrow(/Tracker not found/);
    await expect(tracker.forget(['phone-1'])).rejects.toThrow(/Tracker not found/);
  });

  it('reports throttled positions, and sends no later ones that would overtake them', async () => {
    const busy = await startLocation({ clock, quotas: { callsPerSecondMax: 2 } });
    const eager = clientOf(busy.url);
    onTestFinished(async () => {
      eager.destroy();
      await busy.close();
    });
    await eager.send(new CreateTrackerCommand({ TrackerName: 'phones', PositionFiltering: 'DistanceBased' }));
    const tracker = locationTracker(eager, 'phones');
    const refused = await tracker.update(positions);
    expect(refused).toEqual(
      positions.flatMap((_, index) =>
        index < 20 ? [] : [{ index, isFinal: false, reason: 'ThrottlingException' }],
      ),
    );
    expect(await tracker.latest('phone-1')).toEqual(positions[19]);
  });
});
