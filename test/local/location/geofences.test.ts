import {
  BatchDeleteGeofenceCommand,
  BatchPutGeofenceCommand,
  CreateGeofenceCollectionCommand,
  ListGeofencesCommand,
  type LocationClient,
  PutGeofenceCommand,
  paginateListGeofences,
} from '@aws-sdk/client-location';
import { describe, expect, it } from 'vitest';
import type { LocationOptions } from '#local/servers/location/server.ts';
import { CollectionName, putCircle, SHOP, startWithClient } from './location-client.ts';

async function startWithCollection(options: Partial<LocationOptions> = {}) {
  const started = await startWithClient(options);
  await started.client.send(new CreateGeofenceCollectionCommand({ CollectionName }));
  return started;
}

const list = new ListGeofencesCommand({ CollectionName });
const idsIn = async (client: LocationClient) =>
  (await client.send(list)).Entries?.map(({ GeofenceId }) => GeofenceId);
const OUTER = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
];
const HOLE = [
  [1, 1],
  [1, 2],
  [2, 2],
  [2, 1],
  [1, 1],
];

describe('a geofence', () => {
  it('is returned with the geometry it was put with, and updated by a second put', async () => {
    const { client, clock } = await startWithCollection();
    const CreateTime = new Date(clock.nowMs());
    expect(await putCircle(client, 'sz01')).toMatchObject({
      GeofenceId: 'sz01',
      CreateTime,
      UpdateTime: CreateTime,
    });
    expect((await client.send(list)).Entries).toMatchObject([
      {
        GeofenceId: 'sz01',
        Geometry: { Circle: { Center: SHOP, Radius: 100 } },
        Status: 'ACTIVE',
        CreateTime,
        UpdateTime: CreateTime,
      },
    ]);
    clock.advance(1_000);
    const Geometry = { Polygon: [OUTER, HOLE] };
    const GeofenceProperties = { datum: 'GCJ-02' };
    await client.send(
      new PutGeofenceCommand({ CollectionName, GeofenceId: 'sz01', Geometry, GeofenceProperties }),
    );
    const { Entries = [] } = await client.send(list);
    expect(Entries).toMatchObject([
      { Geometry, GeofenceProperties, CreateTime, UpdateTime: new Date(clock.nowMs()) },
    ]);
    expect(Entries[0]?.Geometry).not.toHaveProperty('Circle');
  });

  it('accepts an id in any script', async () => {
    const { client } = await startWithCollection();
    await putCircle(client, '上海-南京路.1_a');
    expect(await idsIn(client)).toEqual(['上海-南京路.1_a']);
  });

  it.each([
    ['is clockwise', { Polygon: [OUTER.toReversed()] }, 'counter-clockwise'],
    ['has a hole that is counter-clockwise', { Polygon: [OUTER, HOLE.toReversed()] }, 'clockwise'],
    [
      'crosses itself',
      {
        Polygon: [
          [
            [0, 0],
            [2, 2],
            [2, 0],
            [0, 3],
            [0, 0],
          ],
        ],
      },
      'cross or touch',
    ],
    [
      'is not closed',
      {
        Polygon: [
          [
            [0, 0],
            [4, 0],
            [4, 4],
            [0, 4],
          ],
        ],
      },
      'must end where it begins',
    ],
    ['is too wide', { Circle: { Center: SHOP, Radius: 100_001 } }, 'at most 100000'],
    ['has no width', { Circle: { Center: SHOP, Radius: 0 } }, 'above 0'],
    ['has its centre off the map', { Circle: { Center: [200, 0], Radius: 5 } }, 'longitude'],
    [
      'is a circle and a polygon at once',
      { Circle: { Center: SHOP, Radius: 5 }, Polygon: [OUTER] },
      'exactly one',
    ],
    ['has no geometry', {}, 'exactly one'],
    ['is a MultiPolygon', { MultiPolygon: [[OUTER]] }, 'not supported here'],
    ['is a Geobuf', { Geobuf: Buffer.from('x') }, 'not supported here'],
  ])('is rejected when it %s, without failing the rest of a batch', async (_, Geometry, why) => {
    const { client } = await startWithCollection();
    await expect(
      client.send(new PutGeofenceCommand({ CollectionName, GeofenceId: 'sz01', Geometry })),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      Reason: 'FieldValidationFailed',
      FieldList: [{ Name: 'geometry', Message: expect.stringContaining(why) }],
    });
    const Entries = [
      { GeofenceId: 'bad', Geometry },
      { GeofenceId: 'good', Geometry: { Polygon: [OUTER, HOLE] } },
    ];
    const answer = await client.send(new BatchPutGeofenceCommand({ CollectionName, Entries }));
    expect(answer.Successes?.map(({ GeofenceId }) => GeofenceId)).toEqual(['good']);
    expect(answer.Errors).toEqual([
      { GeofenceId: 'bad', Error: { Code: 'ValidationError', Message: expect.stringContaining(why) } },
    ]);
  });

  it.each<[string, string, object]>([
    [
      'three corners',
      'geometry.polygon.1.member',
      {
        Geometry: {
          Polygon: [
            [
              [0, 0],
              [1, 1],
              [0, 0],
            ],
          ],
        },
      },
    ],
    [
      'a corner of one number',
      'geometry.polygon.1.member.1.member',
      { Geometry: { Polygon: [[[0], [1, 1], [1, 0], [0, 0]]] } },
    ],
    ['no centre', 'geometry.circle.center', { Geometry: { Circle: { Radius: 1 } } }],
    ['four properties', 'geofenceProperties', { GeofenceProperties: { a: '1', b: '2', c: '3', d: '4' } }],
    ['a long property', 'geofenceProperties.a.member', { GeofenceProperties: { a: 'x'.repeat(41) } }],
  ])('is rejected with %s before the collection is looked up', async (_, Name, broken) => {
    const { client } = await startWithClient();
    const input = { GeofenceId: 'a', Geometry: { Polygon: [OUTER] }, ...broken };
    await expect(client.send(new PutGeofenceCommand({ CollectionName, ...input }))).rejects.toMatchObject({
      name: 'ValidationException',
      FieldList: [{ Name }],
    });
    // An error never repeats the rejected value, which is often a customer's location.
    await expect(client.send(new PutGeofenceCommand({ CollectionName, ...input }))).rejects.not.toMatchObject(
      {
        message: expect.stringContaining('xxx'),
      },
    );
  });

  it('is rejected beyond the quota of its collection, unless it replaces an existing one', async () => {
    const { client } = await startWithCollection({ quotas: { geofencesPerCollectionMax: 2 } });
    const Geometry = { Circle: { Center: SHOP, Radius: 5 } };
    const Entries = ['a', 'b', 'c', 'a'].map((GeofenceId) => ({ GeofenceId, Geometry }));
    const answer = await client.send(new BatchPutGeofenceCommand({ CollectionName, Entries }));
    expect(answer.Successes?.map(({ GeofenceId }) => GeofenceId)).toEqual(['a', 'b', 'a']);
    expect(answer.Errors?.map(({ GeofenceId }) => GeofenceId)).toEqual(['c']);
    await expect(putCircle(client, 'c')).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' });
    await putCircle(client, 'a');
  });

  it('is rejected for a collection that does not exist', async () => {
    const { client } = await startWithClient();
    const Entries = [{ GeofenceId: 'a', Geometry: { Polygon: [OUTER] } }];
    for (const call of [
      () => putCircle(client, 'a'),
      () => client.send(list),
      () => client.send(new BatchPutGeofenceCommand({ CollectionName, Entries })),
      () => client.send(new BatchDeleteGeofenceCommand({ CollectionName, GeofenceIds: ['a'] })),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
  });
});

describe('a batch of geofences', () => {
  it('has at most ten entries', async () => {
    const { client } = await startWithCollection();
    const Entries = Array.from({ length: 11 }, (_, at) => ({
      GeofenceId: `f${at}`,
      Geometry: { Polygon: [OUTER] },
    }));
    const GeofenceIds = Entries.map(({ GeofenceId }) => GeofenceId);
    for (const call of [
      () => client.send(new BatchPutGeofenceCommand({ CollectionName, Entries })),
      () => client.send(new BatchDeleteGeofenceCommand({ CollectionName, GeofenceIds })),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'ValidationException' });
    }
  });

  it('is deleted, with an error for each id that does not exist', async () => {
    const { client } = await startWithCollection();
    await putCircle(client, 'a');
    await putCircle(client, 'b');
    const GeofenceIds = ['a', 'missing'];
    const { Errors } = await client.send(new BatchDeleteGeofenceCommand({ CollectionName, GeofenceIds }));
    expect(Errors).toMatchObject([{ GeofenceId: 'missing', Error: { Code: 'ResourceNotFoundError' } }]);
    expect(await idsIn(client)).toEqual(['b']);
  });

  it('is listed in pages of a hundred, or fewer on request', async () => {
    const { client } = await startWithCollection();
    for (let start = 0; start < 120; start += 10) {
      const Entries = Array.from({ length: 10 }, (_, at) => ({
        GeofenceId: `f${start + at}`,
        Geometry: { Circle: { Center: SHOP, Radius: 5 } },
      }));
      await client.send(new BatchPutGeofenceCommand({ CollectionName, Entries }));
    }
    const pages = [];
    for await (const page of paginateListGeofences({ client }, { CollectionName }))
      pages.push(page.Entries ?? []);
    expect(pages.map(({ length }) => length)).toEqual([100, 20]);
    expect(pages.flat().map(({ GeofenceId }) => GeofenceId)).toEqual(
      Array.from({ length: 120 }, (_, at) => `f${at}`),
    );
    const few = await client.send(new ListGeofencesCommand({ CollectionName, MaxResults: 3 }));
    expect(few.Entries).toHaveLength(3);
    await expect(
      client.send(new ListGeofencesCommand({ CollectionName, MaxResults: 101 })),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it.each(['!', 'WzEsMl0', Buffer.from('["positions-1","1"]').toString('base64url')])(
    'rejects a page token of another listing: %s',
    async (NextToken) => {
      const { client } = await startWithCollection();
      await expect(
        client.send(new ListGeofencesCommand({ CollectionName, NextToken })),
      ).rejects.toMatchObject({ name: 'ValidationException', FieldList: [{ Name: 'nextToken' }] });
    },
  );
});
