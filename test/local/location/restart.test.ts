/** Persistence: what a server restarted on the same folder has kept, and what deletion leaves on the disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchDeleteDevicePositionHistoryCommand,
  BatchGetDevicePositionCommand,
  BatchUpdateDevicePositionCommand,
  CreateTrackerCommand,
  ListDevicePositionsCommand,
  ListGeofencesCommand,
} from '@aws-sdk/client-location';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startChild, temporaryFolder } from '../wire/child-server.ts';
import { manualClock } from '../wire/manual-clock.ts';
import {
  CollectionName,
  clientOf,
  northOf,
  putCircle,
  SHOP,
  startWithClient,
  startWithTracker,
  summaryOf,
  TrackerName,
} from './location-client.ts';

const DeviceId = 'phone-1';
const updateAt = (Position: [number, number], atMs: number, deviceId = DeviceId) =>
  new BatchUpdateDevicePositionCommand({
    TrackerName,
    Updates: [{ DeviceId: deviceId, SampleTime: new Date(atMs), Position }],
  });

describe('a Location server started again', () => {
  it('has kept trackers, geofences, links, positions and the geofences each device is in', async () => {
    const dataDir = await temporaryFolder();
    const clock = manualClock();
    const before = await startWithTracker('DistanceBased', { dataDir, clock });
    await putCircle(before.client, 'sz01');
    await before.client.send(updateAt(SHOP, clock.nowMs()));
    expect(before.published()).toEqual(['phone-1 ENTER sz01']);
    await before.server.close();

    const { client, events } = await startWithClient({ dataDir, clock });
    const latest = new BatchGetDevicePositionCommand({ TrackerName, DeviceIds: [DeviceId] });
    expect(await client.send(new ListGeofencesCommand({ CollectionName }))).toMatchObject({
      Entries: [{ GeofenceId: 'sz01', Geometry: { Circle: { Center: SHOP } } }],
    });
    expect(await client.send(latest)).toMatchObject({ DevicePositions: [{ Position: SHOP }] });
    // The tracker still filters by distance: ten metres are not stored.
    await client.send(updateAt(northOf(SHOP, 10), clock.nowMs() + 30_000));
    expect(await client.send(latest)).toMatchObject({ DevicePositions: [{ Position: SHOP }] });
    await client.send(updateAt(northOf(SHOP, 40), clock.nowMs() + 60_000));
    await client.send(updateAt(northOf(SHOP, 400), clock.nowMs() + 120_000));
    expect(events.map(summaryOf)).toEqual(['phone-1 EXIT sz01']);
  });
});

describe('a Location server killed in the middle of its work', () => {
  it('has kept every position that it acknowledged', async () => {
    const dataDir = await temporaryFolder();
    const child = await startChild(
      'local/servers/location/server.ts',
      `server.startLocation({ dataDir: ${JSON.stringify(dataDir)} })`,
    );
    const client = clientOf(child.url);
    onTestFinished(() => client.destroy());
    await client.send(new CreateTrackerCommand({ TrackerName }));
    const accepted: string[] = [];
    const sending = (async () => {
      for (let n = 0; ; n++) {
        await client.send(updateAt(SHOP, Date.now(), `phone-${n}`));
        accepted.push(`phone-${n}`);
        if (accepted.length === 20) child.kill().catch(() => {});
      }
    })();
    await expect(sending).rejects.toThrow();
    await child.kill();

    const again = await startWithClient({ dataDir, clock: manualClock(Date.now()) });
    const { Entries = [] } = await again.client.send(new ListDevicePositionsCommand({ TrackerName }));
    const kept = Entries.map((entry) => entry.DeviceId);
    expect(accepted.length).toBeGreaterThanOrEqual(20);
    expect(accepted.filter((id) => !kept.includes(id))).toEqual([]);
  });
});

describe('a device that was deleted', () => {
  it('is no longer in any file', async () => {
    const dataDir = await temporaryFolder();
    const { client, send } = await startWithTracker('TimeBased', { dataDir });
    await putCircle(client, 'sz01');
    const name = 'deleted-phone';
    const isOnDisk = () =>
      readdirSync(dataDir).some((file) => readFileSync(join(dataDir, file)).includes(name));
    await send({ at: SHOP, DeviceId: name }, { at: northOf(SHOP, 60), s: 60, DeviceId: name });
    expect(isOnDisk()).toBe(true);
    await client.send(new BatchDeleteDevicePositionHistoryCommand({ TrackerName, DeviceIds: [name] }));
    expect(isOnDisk()).toBe(false);
  });
});
