import {
  BatchDeleteDevicePositionHistoryCommand,
  BatchDeleteGeofenceCommand,
  GetDevicePositionHistoryCommand,
  PutGeofenceCommand,
  UpdateTrackerCommand,
} from '@aws-sdk/client-location';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceM } from '#domain/place/geo/geofence.ts';
import {
  COLLECTION_ARN,
  CollectionName,
  northOf,
  putCircle,
  type Sent,
  SHOP,
  startWithTracker,
  TRACKER_ARN,
  TrackerName,
} from './location-client.ts';

/** Later than every sample; a history ends at the current time by default. */
const LONG_AFTER = new Date('2100-01-01T00:00:00Z');
const AWAY = northOf(SHOP, 500);
const DAY_MS = 24 * 60 * 60_000;

describe('a device', () => {
  it('enters with its first position inside, once, and exits with the first outside', async () => {
    const { client, send, published } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    expect(published()).toEqual(['phone-1 ENTER sz01']);
    await send({ at: northOf(SHOP, 20), s: 60 }, { at: SHOP, s: 120 });
    expect(published()).toEqual([]);
    await send({ at: AWAY, s: 180 });
    expect(published()).toEqual(['phone-1 EXIT sz01']);
    await send({ at: northOf(AWAY, 500), s: 240 });
    expect(published()).toEqual([]);
  });

  it('enters and exits several geofences independently, in the order of its positions', async () => {
    const { client, send, published } = await startWithTracker();
    await putCircle(client, 'near', SHOP, 100);
    await putCircle(client, 'wide', SHOP, 1_000);
    await send({ at: AWAY }, { at: SHOP, s: 60 }, { at: AWAY, s: 120 });
    expect(published()).toEqual(['phone-1 ENTER wide', 'phone-1 ENTER near', 'phone-1 EXIT near']);
  });

  it('is evaluated separately from other devices', async () => {
    const { client, send, published } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP }, { at: SHOP, DeviceId: 'phone-2' }, { at: AWAY, s: 60 });
    expect(published()).toEqual(['phone-1 ENTER sz01', 'phone-2 ENTER sz01', 'phone-1 EXIT sz01']);
  });

  it('is outside where the polygon has a hole', async () => {
    const { client, send, published } = await startWithTracker();
    const ring = (half: number) => {
      const [lng, lat] = SHOP;
      return [
        [lng - half, lat - half],
        [lng + half, lat - half],
        [lng + half, lat + half],
        [lng - half, lat + half],
        [lng - half, lat - half],
      ];
    };
    const Geometry = { Polygon: [ring(0.01), ring(0.002).toReversed()] };
    await client.send(new PutGeofenceCommand({ CollectionName, GeofenceId: 'sz01', Geometry }));
    await send({ at: SHOP }, { at: AWAY, s: 60 }, { at: SHOP, s: 120 });
    expect(published()).toEqual(['phone-1 ENTER sz01', 'phone-1 EXIT sz01']);
  });

  it('enters again after thirty days without a position, and not a millisecond earlier', async () => {
    const { client, clock, send, published } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    clock.advance(30 * DAY_MS - 1);
    await send({ at: SHOP });
    expect(published()).toEqual(['phone-1 ENTER sz01']);
    clock.advance(30 * DAY_MS);
    await send({ at: SHOP });
    expect(published()).toEqual(['phone-1 ENTER sz01']);
  });

  it('enters again after its positions were deleted', async () => {
    const { client, send, published } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    await client.send(new BatchDeleteDevicePositionHistoryCommand({ TrackerName, DeviceIds: ['phone-1'] }));
    await send({ at: SHOP, s: 60 });
    expect(published()).toEqual(['phone-1 ENTER sz01', 'phone-1 ENTER sz01']);
  });

  it('keeps its state when an older position arrives late', async () => {
    const { client, send, published } = await startWithTracker('DistanceBased');
    await putCircle(client, 'sz01');
    await send({ at: SHOP, s: 0 });
    await send({ at: AWAY, s: -60 });
    await send({ at: northOf(SHOP, 40), s: 60 });
    expect(published()).toEqual(['phone-1 ENTER sz01']);
    // The late position is stored all the same: it is part of the history.
    const { DevicePositions } = await client.send(
      new GetDevicePositionHistoryCommand({
        TrackerName,
        DeviceId: 'phone-1',
        EndTimeExclusive: LONG_AFTER,
      }),
    );
    expect(DevicePositions).toHaveLength(3);
  });
});

describe('a geofence', () => {
  it('publishes no exit when it is deleted, and an enter when it is put again', async () => {
    const { client, send, published } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    await client.send(new BatchDeleteGeofenceCommand({ CollectionName, GeofenceIds: ['sz01'] }));
    await putCircle(client, 'sz01');
    await send({ at: SHOP, s: 60 });
    await client.send(new BatchDeleteGeofenceCommand({ CollectionName, GeofenceIds: ['sz01'] }));
    await send({ at: AWAY, s: 120 });
    expect(published()).toEqual(['phone-1 ENTER sz01', 'phone-1 ENTER sz01']);
  });

  it('is exited when it moves away and entered when it grows, with the next position', async () => {
    const { client, send, published } = await startWithTracker();
    await putCircle(client, 'moves');
    await putCircle(client, 'grows', AWAY, 10);
    await send({ at: SHOP });
    await putCircle(client, 'moves', northOf(SHOP, 5_000));
    await putCircle(client, 'grows', AWAY, 600);
    await send({ at: SHOP, s: 60 });
    expect(published()).toEqual(['phone-1 ENTER moves', 'phone-1 EXIT moves', 'phone-1 ENTER grows']);
  });
});

describe('an event', () => {
  it('has the format in which EventBridge delivers it', async () => {
    const { client, clock, events, send } = await startWithTracker();
    await client.send(
      new PutGeofenceCommand({
        CollectionName,
        GeofenceId: 'sz01',
        Geometry: { Circle: { Center: SHOP, Radius: 50 } },
        GeofenceProperties: { datum: 'GCJ-02' },
      }),
    );
    clock.advance(1_250);
    await send({ at: SHOP, s: -0.5, accuracyM: 15.3, PositionProperties: { os: 'android' } });
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Location Geofence Event',
        source: 'aws.geo',
        account: '000000000000',
        time: '2026-01-05T09:00:01Z',
        region: 'us-east-1',
        resources: [COLLECTION_ARN, TRACKER_ARN],
        detail: {
          EventType: 'ENTER',
          GeofenceId: 'sz01',
          DeviceId: 'phone-1',
          SampleTime: '2026-01-05T09:00:00.750Z',
          Position: SHOP,
          Accuracy: { Horizontal: 15.3 },
          GeofenceProperties: { datum: 'GCJ-02' },
          PositionProperties: { os: 'android' },
        },
      },
    ]);
  });

  it('omits the optional members that the position and the geofence do not have', async () => {
    const { client, events, send } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    const [event] = events;
    expect(Object.keys(event?.detail ?? {}).sort()).toEqual(
      ['DeviceId', 'EventType', 'GeofenceId', 'Position', 'SampleTime'].sort(),
    );
  });

  it('is published for each stored position where EventBridgeEnabled is set', async () => {
    const { client, clock, events, send } = await startWithTracker('DistanceBased');
    await client.send(new UpdateTrackerCommand({ TrackerName, EventBridgeEnabled: true }));
    await send({ at: SHOP, accuracyM: 3 }, { at: northOf(SHOP, 10), s: 1 });
    expect(events).toMatchObject([
      {
        'detail-type': 'Location Device Position Event',
        source: 'aws.geo',
        resources: [TRACKER_ARN],
        detail: {
          EventType: 'UPDATE',
          TrackerName,
          DeviceId: 'phone-1',
          SampleTime: new Date(clock.nowMs()).toISOString(),
          ReceivedTime: new Date(clock.nowMs()).toISOString(),
          Position: SHOP,
          Accuracy: { Horizontal: 3 },
        },
      },
    ]);
  });
});

describe('a tracker that filters', () => {
  const placesOf = async ({ client }: Awaited<ReturnType<typeof startWithTracker>>) => {
    const { DevicePositions = [] } = await client.send(
      new GetDevicePositionHistoryCommand({
        TrackerName,
        DeviceId: 'phone-1',
        EndTimeExclusive: LONG_AFTER,
      }),
    );
    return DevicePositions.map(({ Position = [] }) => Math.round(distanceM(lngLat(SHOP), lngLat(Position))));
  };
  const lngLat = ([lng = 0, lat = 0]: readonly number[]) => ({ lng, lat });

  it('stores, by time, one position per 30 seconds and evaluates all', async () => {
    const started = await startWithTracker('TimeBased');
    await putCircle(started.client, 'sz01');
    await started.send({ at: AWAY, s: 0 }, { at: SHOP, s: 1 }, { at: AWAY, s: 29.999 }, { at: SHOP, s: 30 });
    expect(started.published()).toEqual(['phone-1 ENTER sz01', 'phone-1 EXIT sz01', 'phone-1 ENTER sz01']);
    expect(await placesOf(started)).toEqual([500, 0]);
    // A late position must be 30 seconds away from its neighbours on both sides.
    await started.send({ at: northOf(SHOP, 7), s: -30 }, { at: northOf(SHOP, 8), s: -29 });
    expect(await placesOf(started)).toEqual([7, 500, 0]);
  });

  it('drops, by distance, a position that is less than 30 metres from the stored one before it', async () => {
    const started = await startWithTracker('DistanceBased');
    await putCircle(started.client, 'sz01', northOf(SHOP, 20), 10);
    await started.send(
      { at: SHOP, s: 0 },
      { at: northOf(SHOP, 20), s: 60 },
      { at: northOf(SHOP, 29), s: 120 },
      { at: northOf(SHOP, 31), s: 180 },
      { at: SHOP, s: 240 },
    );
    expect(started.published()).toEqual([]);
    expect(await placesOf(started)).toEqual([0, 31, 0]);
  });

  it('drops, by accuracy, a position that moved less than both accuracy radii together', async () => {
    const started = await startWithTracker('AccuracyBased');
    await putCircle(started.client, 'sz01', northOf(SHOP, 16), 10);
    await started.send({ at: SHOP, s: 0, accuracyM: 5 }, { at: northOf(SHOP, 14), s: 10, accuracyM: 10 });
    expect(started.published()).toEqual([]);
    await started.send({ at: northOf(SHOP, 16), s: 20, accuracyM: 10 });
    expect(started.published()).toEqual(['phone-1 ENTER sz01']);
    expect(await placesOf(started)).toEqual([0, 16]);
    // A position without an accuracy counts as exact.
    await started.send({ at: northOf(SHOP, 27), s: 30 });
    expect(await placesOf(started)).toEqual([0, 16, 27]);
  });

  it('publishes, by accuracy, one enter for a phone whose position jitters around the edge', async () => {
    const started = await startWithTracker('AccuracyBased');
    await putCircle(started.client, 'sz01', SHOP, 100);
    await started.send({ at: northOf(SHOP, 98), accuracyM: 10 });
    for (let s = 1; s < 60; s += 10) {
      const flickering = Array.from({ length: 10 }, (_, at) => ({
        at: northOf(SHOP, at % 2 === 0 ? 108 : 92),
        s: s + at,
        accuracyM: 10,
      }));
      await started.send(...flickering);
    }
    expect(started.published()).toEqual(['phone-1 ENTER sz01']);
  });
});

describe('a walk past a store', () => {
  it('enters as often as a plain count of crossings, however its positions are batched', async () => {
    const { client, events, send } = await startWithTracker();
    await putCircle(client, 'sz01');
    let walks = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.boolean()), { minLength: 1, maxLength: 30 }),
        async (steps) => {
          const DeviceId = `walk-${walks++}`;
          let entered = 0;
          let wasInside = false;
          let call: Sent[] = [];
          for (const [s, [metres, endsCall]] of steps.entries()) {
            const isInside = metres < 100;
            if (isInside && !wasInside) entered++;
            wasInside = isInside;
            call.push({ at: northOf(SHOP, metres + 0.5), s, DeviceId });
            if (!endsCall && call.length < 10) continue;
            await send(...call);
            call = [];
          }
          if (call.length > 0) await send(...call);
          const published = events.splice(0).filter(({ detail }) => detail.EventType === 'ENTER');
          expect(published).toHaveLength(entered);
        },
      ),
      { numRuns: 30 },
    );
  });
});
