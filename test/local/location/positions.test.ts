import {
  BatchDeleteDevicePositionHistoryCommand,
  BatchGetDevicePositionCommand,
  BatchUpdateDevicePositionCommand,
  GetDevicePositionHistoryCommand,
  ListDevicePositionsCommand,
  type LocationClient,
  paginateGetDevicePositionHistory,
} from '@aws-sdk/client-location';
import { describe, expect, it } from 'vitest';
import { northOf, SHOP, startWithClient, startWithTracker, TrackerName } from './location-client.ts';

const DeviceId = 'phone-1';
const DAY_MS = 24 * 60 * 60_000;
const latest = new BatchGetDevicePositionCommand({ TrackerName, DeviceIds: [DeviceId] });
const history = (rest = {}) => new GetDevicePositionHistoryCommand({ TrackerName, DeviceId, ...rest });
const list = (rest = {}) => new ListDevicePositionsCommand({ TrackerName, ...rest });

async function placesOf(client: LocationClient, rest = {}): Promise<(number[] | undefined)[]> {
  const { DevicePositions = [] } = await client.send(history(rest));
  return DevicePositions.map(({ Position }) => Position);
}

describe('a position', () => {
  it('is returned with all its members and the time of arrival', async () => {
    const { client, clock, send } = await startWithTracker();
    const SampleTime = new Date(clock.nowMs() - 1_234);
    const PositionProperties = { trip: 'home', __proto__x: 'y' };
    const { Errors } = await send({ at: SHOP, accuracyM: 12.5, SampleTime, PositionProperties });
    expect(Errors).toEqual([]);
    const stored = {
      DeviceId,
      SampleTime,
      ReceivedTime: new Date(clock.nowMs()),
      Position: SHOP,
      Accuracy: { Horizontal: 12.5 },
      PositionProperties,
    };
    expect(await client.send(latest)).toMatchObject({ DevicePositions: [stored], Errors: [] });
    expect((await client.send(history())).DevicePositions).toEqual([stored]);
    const { ReceivedTime: _, ...listed } = stored;
    expect((await client.send(list())).Entries).toEqual([listed]);
  });

  it('is the latest by sample time, not by time of arrival', async () => {
    const { client, send } = await startWithTracker();
    await send({ at: SHOP, s: -60 });
    await send({ at: northOf(SHOP, 500), s: -120 });
    expect(await client.send(latest)).toMatchObject({ DevicePositions: [{ Position: SHOP }] });
    expect(await placesOf(client)).toEqual([northOf(SHOP, 500), SHOP]);
  });

  it('is rejected outside the valid range without failing the rest of its call', async () => {
    const { client, send, clock } = await startWithTracker();
    const SampleTime = new Date(clock.nowMs());
    const { Errors } = await send(
      { at: [181, 0], DeviceId: 'lost' },
      { at: [0, -91], DeviceId: 'lost-2' },
      { at: SHOP },
    );
    expect(Errors).toEqual([
      {
        DeviceId: 'lost',
        SampleTime,
        Error: { Code: 'ValidationError', Message: 'longitude must be between -180 and 180 degrees' },
      },
      {
        DeviceId: 'lost-2',
        SampleTime,
        Error: { Code: 'ValidationError', Message: 'latitude must be between -90 and 90 degrees' },
      },
    ]);
    expect((await client.send(list())).Entries?.map((entry) => entry.DeviceId)).toEqual([DeviceId]);
  });

  it.each<[string, string, object]>([
    ['an invalid device id', 'updates.1.member.deviceId', { DeviceId: 'a b' }],
    ['one coordinate', 'updates.1.member.position', { Position: [1] }],
    ['a negative accuracy', 'updates.1.member.accuracy.horizontal', { Accuracy: { Horizontal: -1 } }],
    [
      'more than four properties',
      'updates.1.member.positionProperties',
      { PositionProperties: { a: '1', b: '2', c: '3', d: '4', e: '5' } },
    ],
    ['an empty property', 'updates.1.member.positionProperties.a.member', { PositionProperties: { a: '' } }],
  ])('fails its whole call when it has %s', async (_, Name, broken) => {
    const { client, send } = await startWithTracker();
    await expect(send({ at: SHOP, ...broken }, { at: SHOP })).rejects.toMatchObject({
      name: 'ValidationException',
      FieldList: [{ Name }],
    });
    expect((await client.send(list())).Entries).toEqual([]);
  });

  it('is rejected in a call of more than ten, of none, and for a tracker that does not exist', async () => {
    const { send } = await startWithTracker();
    await expect(send(...Array.from({ length: 11 }, () => ({ at: SHOP })))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(send()).rejects.toMatchObject({ name: 'ValidationException' });
    const { client } = await startWithClient();
    const Updates = [{ DeviceId, SampleTime: new Date(), Position: SHOP }];
    const notFound = { name: 'ResourceNotFoundException', message: `Tracker not found: ${TrackerName}.` };
    for (const call of [
      () => client.send(new BatchUpdateDevicePositionCommand({ TrackerName, Updates })),
      () => client.send(latest),
      () => client.send(history()),
      () => client.send(list()),
      () => client.send(new BatchDeleteDevicePositionHistoryCommand({ TrackerName, DeviceIds: [DeviceId] })),
    ]) {
      await expect(call()).rejects.toMatchObject(notFound);
    }
  });
});

describe('a device without positions', () => {
  it('is omitted from the result', async () => {
    const { client, send } = await startWithTracker();
    await send({ at: SHOP, DeviceId: 'other' });
    const DeviceIds = [DeviceId, 'other'];
    const found = await client.send(new BatchGetDevicePositionCommand({ TrackerName, DeviceIds }));
    expect(found).toMatchObject({ DevicePositions: [{ DeviceId: 'other' }], Errors: [] });
    expect(await placesOf(client)).toEqual([]);
  });
});

describe('the history of a device', () => {
  it('covers the last 24 hours, or a given period whose end is exclusive', async () => {
    const { client, clock, send } = await startWithTracker();
    const startMs = clock.nowMs();
    await send({ at: SHOP });
    clock.advance(DAY_MS);
    await send({ at: northOf(SHOP, 50) });
    clock.advance(1);
    expect(await placesOf(client)).toEqual([northOf(SHOP, 50)]);
    const during = (fromMs: number, toMs: number) =>
      placesOf(client, { StartTimeInclusive: new Date(fromMs), EndTimeExclusive: new Date(toMs) });
    expect(await during(startMs, startMs + DAY_MS + 1)).toEqual([SHOP, northOf(SHOP, 50)]);
    expect(await during(startMs, startMs + DAY_MS)).toEqual([SHOP]);
    await expect(during(startMs + 1, startMs + 1)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is listed in pages of a hundred, or fewer on request', async () => {
    const { client, send } = await startWithTracker('DistanceBased');
    for (let start = 0; start < 120; start += 10) {
      await send(
        ...Array.from({ length: 10 }, (_, at) => ({
          at: northOf(SHOP, (start + at) * 40),
          s: start + at - 500,
        })),
      );
    }
    const pages = [];
    for await (const page of paginateGetDevicePositionHistory({ client }, { TrackerName, DeviceId })) {
      pages.push(page.DevicePositions ?? []);
    }
    expect(pages.map(({ length }) => length)).toEqual([100, 20]);
    expect(pages.flat().map(({ Position }) => Position)).toEqual(
      Array.from({ length: 120 }, (_, at) => northOf(SHOP, at * 40)),
    );
    expect((await client.send(history({ MaxResults: 7 }))).DevicePositions).toHaveLength(7);
  });
});

describe('the list of devices', () => {
  it('has one entry per device, with its newest position, in pages', async () => {
    const { client, send } = await startWithTracker();
    for (const name of ['c', 'a', 'b']) {
      await send({ at: northOf(SHOP, 900), s: -900, DeviceId: name }, { at: SHOP, DeviceId: name });
    }
    const { Entries, NextToken } = await client.send(list({ MaxResults: 2 }));
    expect(Entries).toMatchObject([
      { DeviceId: 'a', Position: SHOP },
      { DeviceId: 'b', Position: SHOP },
    ]);
    const rest = await client.send(list({ MaxResults: 2, NextToken }));
    expect(rest.Entries).toMatchObject([{ DeviceId: 'c' }]);
    expect(rest.NextToken).toBeUndefined();
  });

  it('has the devices within a polygon, however many others are listed before them', async () => {
    const { client, send } = await startWithTracker();
    for (let at = 0; at < 20; at++) {
      await send({ at: at % 10 === 9 ? SHOP : northOf(SHOP, 5_000), DeviceId: `phone-${10 + at}` });
    }
    const [lng, lat] = SHOP;
    const ring = [
      [lng - 0.01, lat - 0.01],
      [lng + 0.01, lat - 0.01],
      [lng + 0.01, lat + 0.01],
      [lng - 0.01, lat + 0.01],
      [lng - 0.01, lat - 0.01],
    ];
    const FilterGeometry = { Polygon: [ring] };
    const first = await client.send(list({ MaxResults: 1, FilterGeometry }));
    expect(first.Entries).toMatchObject([{ DeviceId: 'phone-19' }]);
    const { NextToken } = first;
    const second = await client.send(list({ MaxResults: 1, NextToken, FilterGeometry }));
    expect(second.Entries).toMatchObject([{ DeviceId: 'phone-29' }]);
    expect(second.NextToken).toBeUndefined();
    await expect(client.send(list({ FilterGeometry: { Polygon: [ring.slice(1)] } }))).rejects.toMatchObject({
      name: 'ValidationException',
      FieldList: [{ Name: 'filterGeometry.polygon' }],
    });
  });
});

describe('a position of more than thirty days ago', () => {
  it('is returned by no operation', async () => {
    const { client, clock, send } = await startWithTracker();
    await send({ at: SHOP });
    const StartTimeInclusive = new Date(clock.nowMs() - DAY_MS);
    clock.advance(30 * DAY_MS - 1);
    expect(await client.send(latest)).toMatchObject({ DevicePositions: [{ Position: SHOP }] });
    clock.advance(1);
    expect((await client.send(latest)).DevicePositions).toEqual([]);
    expect((await client.send(list())).Entries).toEqual([]);
    expect(await placesOf(client, { StartTimeInclusive })).toEqual([]);
  });
});

describe('the deletion of devices', () => {
  it('deletes all their positions and none of other devices', async () => {
    const { client, send } = await startWithTracker();
    for (const name of ['a', 'b', 'c'])
      await send({ at: northOf(SHOP, 900), s: -900, DeviceId: name }, { at: SHOP, DeviceId: name });
    const DeviceIds = ['a', 'c', 'missing'];
    const { Errors } = await client.send(
      new BatchDeleteDevicePositionHistoryCommand({ TrackerName, DeviceIds }),
    );
    expect(Errors).toEqual([]);
    expect((await client.send(list())).Entries).toMatchObject([{ DeviceId: 'b' }]);
    const left = await client.send(new GetDevicePositionHistoryCommand({ TrackerName, DeviceId: 'b' }));
    expect(left.DevicePositions).toHaveLength(1);
  });

  it('accepts at most a hundred device ids', async () => {
    const { client } = await startWithTracker();
    const DeviceIds = Array.from({ length: 101 }, (_, at) => `phone-${at}`);
    await expect(
      client.send(new BatchDeleteDevicePositionHistoryCommand({ TrackerName, DeviceIds })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
