import {
  BatchDeleteDevicePositionHistoryCommand,
  BatchDeleteGeofenceCommand,
  DeleteGeofenceCollectionCommand,
  DisassociateTrackerConsumerCommand,
  GetDevicePositionHistoryCommand,
  PutGeofenceCommand,
  UpdateTrackerCommand,
} from '@aws-sdk/client-location';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceM } from '#domain/place/fence.ts';
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

/** A history ends now unless it is told otherwise. */
const LONG_AFTER = new Date('2100-01-01T00:00:00Z');
const AWAY = northOf(SHOP, 500);
const DAY_MS = 24 * 60 * 60_000;

describe('a device', () => {
  it('enters with its first position inside, once, and leaves with the first outside', async () => {
    const { client, send, told } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    expect(told()).toEqual(['phone-1 ENTER sz01']);
    await send({ at: northOf(SHOP, 20), s: 60 }, { at: SHOP, s: 120 });
    expect(told()).toEqual([]);
    await send({ at: AWAY, s: 180 });
    expect(told()).toEqual(['phone-1 EXIT sz01']);
    await send({ at: northOf(AWAY, 500), s: 240 });
    expect(told()).toEqual([]);
  });

  it('enters several fences at once, each by itself, in the order of its positions', async () => {
    const { client, send, told } = await startWithTracker();
    await putCircle(client, 'near', SHOP, 100);
    await putCircle(client, 'wide', SHOP, 1_000);
    await send({ at: AWAY }, { at: SHOP, s: 60 }, { at: AWAY, s: 120 });
    expect(told()).toEqual(['phone-1 ENTER wide', 'phone-1 ENTER near', 'phone-1 EXIT near']);
  });

  it('is known apart from others', async () => {
    const { client, send, told } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP }, { at: SHOP, DeviceId: 'phone-2' }, { at: AWAY, s: 60 });
    expect(told()).toEqual(['phone-1 ENTER sz01', 'phone-2 ENTER sz01', 'phone-1 EXIT sz01']);
  });

  it('does not enter a hole', async () => {
    const { client, send, told } = await startWithTracker();
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
    expect(told()).toEqual(['phone-1 ENTER sz01', 'phone-1 EXIT sz01']);
  });

  it('enters anew after thirty days of silence, and not a moment before', async () => {
    const { client, clock, send, told } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    clock.advance(30 * DAY_MS - 1);
    await send({ at: SHOP });
    expect(told()).toEqual(['phone-1 ENTER sz01']);
    clock.advance(30 * DAY_MS);
    await send({ at: SHOP });
    expect(told()).toEqual(['phone-1 ENTER sz01']);
  });

  it('enters anew when its positions were deleted', async () => {
    const { client, send, told } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    await client.send(new BatchDeleteDevicePositionHistoryCommand({ TrackerName, DeviceIds: ['phone-1'] }));
    await send({ at: SHOP, s: 60 });
    expect(told()).toEqual(['phone-1 ENTER sz01', 'phone-1 ENTER sz01']);
  });

  it('is where its newest position is: an older one that comes late moves it nowhere', async () => {
    const { client, send, told } = await startWithTracker('DistanceBased');
    await putCircle(client, 'sz01');
    await send({ at: SHOP, s: 0 });
    await send({ at: AWAY, s: -60 });
    await send({ at: northOf(SHOP, 40), s: 60 });
    expect(told()).toEqual(['phone-1 ENTER sz01']);
    // It is kept all the same, for whoever asks where the device was.
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

describe('a fence', () => {
  it('that is deleted is left without a word, and entered anew when it is put again', async () => {
    const { client, send, told } = await startWithTracker();
    await putCircle(client, 'sz01');
    await send({ at: SHOP });
    await client.send(new BatchDeleteGeofenceCommand({ CollectionName, GeofenceIds: ['sz01'] }));
    await putCircle(client, 'sz01');
    await send({ at: SHOP, s: 60 });
    await client.send(new BatchDeleteGeofenceCommand({ CollectionName, GeofenceIds: ['sz01'] }));
    await send({ at: AWAY, s: 120 });
    expect(told()).toEqual(['phone-1 ENTER sz01', 'phone-1 ENTER sz01']);
  });

  it('that is moved away is left, and one that grows is entered, with the next position', async () => {
    const { client, send, told } = await startWithTracker();
    await putCircle(client, 'moves');
    await putCircle(client, 'grows', AWAY, 10);
    await send({ at: SHOP });
    await putCircle(client, 'moves', northOf(SHOP, 5_000));
    await putCircle(client, 'grows', AWAY, 600);
    await send({ at: SHOP, s: 60 });
    expect(told()).toEqual(['phone-1 ENTER moves', 'phone-1 EXIT moves', 'phone-1 ENTER grows']);
  });

  it('of a collection that is no longer linked is not entered', async () => {
    const { client, send, told } = await startWithTracker();
    await putCircle(client, 'sz01');
    await client.send(new DisassociateTrackerConsumerCommand({ TrackerName, ConsumerArn: COLLECTION_ARN }));
    await send({ at: SHOP });
    expect(told()).toEqual([]);
  });
});

describe('an event', () => {
  it('has the form in which EventBridge passes it on', async () => {
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

  it('has no member for what was not said, and names no tracker where there was none', async () => {
    const { client, events, evaluate } = await startWithTracker();
    await putCircle(client, 'sz01');
    expect((await evaluate({ at: SHOP, DeviceId: 'untracked' })).Errors).toEqual([]);
    const [event] = events;
    expect(event?.resources).toEqual([COLLECTION_ARN]);
    expect(Object.keys(event?.detail ?? {}).sort()).toEqual(
      ['DeviceId', 'EventType', 'GeofenceId', 'Position', 'SampleTime'].sort(),
    );
  });

  it('is told of each position that a tracker keeps, where that is asked for', async () => {
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

describe('positions held against a collection without a tracker', () => {
  it('enter and leave like any, and those off the map are refused by themselves', async () => {
    const { client, clock, evaluate, told } = await startWithTracker();
    await putCircle(client, 'sz01');
    const { Errors } = await evaluate({ at: SHOP }, { at: [0, 99], DeviceId: 'lost' }, { at: AWAY, s: 60 });
    expect(Errors).toMatchObject([
      { DeviceId: 'lost', SampleTime: new Date(clock.nowMs()), Error: { Code: 'ValidationError' } },
    ]);
    expect(told()).toEqual(['phone-1 ENTER sz01', 'phone-1 EXIT sz01']);
  });

  it('need a collection that is there, and are ten at most', async () => {
    const { client, evaluate } = await startWithTracker();
    await expect(evaluate(...Array.from({ length: 11 }, () => ({ at: SHOP })))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await client.send(new DeleteGeofenceCollectionCommand({ CollectionName }));
    await expect(evaluate({ at: SHOP })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
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

  it('by time keeps one position per 30 seconds and looks at all', async () => {
    const started = await startWithTracker('TimeBased');
    await putCircle(started.client, 'sz01');
    await started.send({ at: AWAY, s: 0 }, { at: SHOP, s: 1 }, { at: AWAY, s: 29.999 }, { at: SHOP, s: 30 });
    expect(started.told()).toEqual(['phone-1 ENTER sz01', 'phone-1 EXIT sz01', 'phone-1 ENTER sz01']);
    expect(await placesOf(started)).toEqual([500, 0]);
    // One that comes late has to keep its distance to both sides.
    await started.send({ at: northOf(SHOP, 7), s: -30 }, { at: northOf(SHOP, 8), s: -29 });
    expect(await placesOf(started)).toEqual([7, 500, 0]);
  });

  it('by distance neither keeps nor looks at what has not moved 30 metres from what was kept', async () => {
    const started = await startWithTracker('DistanceBased');
    await putCircle(started.client, 'sz01', northOf(SHOP, 20), 10);
    await started.send(
      { at: SHOP, s: 0 },
      { at: northOf(SHOP, 20), s: 60 },
      { at: northOf(SHOP, 29), s: 120 },
      { at: northOf(SHOP, 31), s: 180 },
      { at: SHOP, s: 240 },
    );
    expect(started.told()).toEqual([]);
    expect(await placesOf(started)).toEqual([0, 31, 0]);
  });

  it('by accuracy neither keeps nor looks at what has moved less than both positions are uncertain', async () => {
    const started = await startWithTracker('AccuracyBased');
    await putCircle(started.client, 'sz01', northOf(SHOP, 16), 10);
    await started.send({ at: SHOP, s: 0, accuracyM: 5 }, { at: northOf(SHOP, 14), s: 10, accuracyM: 10 });
    expect(started.told()).toEqual([]);
    await started.send({ at: northOf(SHOP, 16), s: 20, accuracyM: 10 });
    expect(started.told()).toEqual(['phone-1 ENTER sz01']);
    expect(await placesOf(started)).toEqual([0, 16]);
    // Whoever does not say how uncertain they are is taken to be certain.
    await started.send({ at: northOf(SHOP, 27), s: 30 });
    expect(await placesOf(started)).toEqual([0, 16, 27]);
  });

  it('by accuracy tells nothing of a phone that flickers about the rim of a fence', async () => {
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
    expect(started.told()).toEqual(['phone-1 ENTER sz01']);
  });
});

describe('a walk past a shop', () => {
  it('enters as often as it comes in, by a plain count, however its positions are cut into calls', async () => {
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
          const told = events.splice(0).filter(({ detail }) => detail.EventType === 'ENTER');
          expect(told).toHaveLength(entered);
        },
      ),
      { numRuns: 30 },
    );
  });
});
