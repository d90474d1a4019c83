import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Geofence } from '#application/ports/geofences.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { StoreLocation } from '#domain/chain/location.ts';
import type { Store } from '#domain/chain/store.ts';
import { RADIUS_M_DEFAULT } from '#domain/place/geo/store-location.ts';
import { syncGeofences } from '#functions/sync-geofences/sync-geofences.ts';
import { CHAIN, storeOf } from '../../support/chain.ts';
import { anyPoint, starFence } from '../../support/geofences.ts';
import { memoryChainStore } from '../../support/memory-chain-store.ts';
import { memoryFences } from '../../support/memory-geofences.ts';

const BAY = { lng: 113.9412, lat: 22.5198 };
const GROUND: StoreLocation = {
  position: BAY,
  givenAs: 'GCJ-02',
  fence: { kind: 'circle', radiusM: RADIUS_M_DEFAULT },
};
const TRIANGLE: StoreLocation = {
  position: BAY,
  givenAs: 'WGS-84',
  fence: {
    kind: 'polygon',
    rings: [
      [
        [113.94, 22.51],
        [113.95, 22.51],
        [113.95, 22.52],
        [113.94, 22.51],
      ],
    ],
  },
};

const placed = (storeId: string, location: StoreLocation | undefined = GROUND): Store =>
  storeOf(storeId, 'shenzhen', 'south', location === undefined ? {} : { location });
const fenceOfBay = (fenceId: string): Geofence => ({
  fenceId,
  geometry: { kind: 'circle', centre: BAY, radiusM: RADIUS_M_DEFAULT },
  properties: { datum: 'GCJ-02' },
});

function world(stores: readonly Store[], kept: readonly Geofence[] = []) {
  const chain = memoryChainStore({ chain: CHAIN, stores });
  const fences = memoryFences(kept);
  return { chain, fences, sync: () => syncGeofences({ chain, fences }) };
}

/** A world that has been synchronised once, and whose writes are counted from now on. */
async function synced(...stores: Store[]) {
  const made = world(stores);
  await made.sync();
  made.fences.calls.length = 0;
  return made;
}

const EMPTY_SUMMARY = { put: 0, removed: 0, unchanged: 0, refused: [] };

/** To a metre: what differs by less than a centimetre is the same. */
const near = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

const someGround: fc.Arbitrary<StoreLocation> = fc.record({
  position: anyPoint.map(({ lng, lat }) => ({ lng: near(lng), lat: near(lat) })),
  givenAs: fc.constantFrom('WGS-84', 'GCJ-02'),
  fence: fc.oneof(
    fc.record({ kind: fc.constant('circle'), radiusM: fc.integer({ min: 1, max: 100_000 }) }),
    starFence.map(({ rings }) => ({
      kind: 'polygon' as const,
      rings: rings.map((ring) => ring.map(([lng, lat]) => [near(lng), near(lat)] as const)),
    })),
  ),
});
const someStores = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'))
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) => fc.option(someGround, { nil: undefined }).map((location) => placed(id, location))),
    ),
  );

describe('the fences of the collection', () => {
  it('are drawn around every store that has a location, under its own id, and around no other', async () => {
    const without = storeOf('sh01', 'shanghai', 'east');
    const { fences, sync } = world([placed('sz01'), placed('sz02', TRIANGLE), without]);
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 2 });
    expect([...fences.kept.values()]).toEqual([
      fenceOfBay('sz01'),
      { fenceId: 'sz02', geometry: TRIANGLE.fence, properties: { datum: 'WGS-84' } },
    ]);
  });

  it('go with the location of their store, and with the store', async () => {
    const { chain, fences, sync } = await synced(placed('sz01'), placed('sz02'));
    await chain.putLocation('sz01' as StoreId, undefined);
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, removed: 1, unchanged: 1 });
    expect([...fences.kept.keys()]).toEqual(['sz02']);
    const { fences: strange, sync: syncStrange } = world([], [fenceOfBay('drawn-by-hand')]);
    expect(await syncStrange()).toEqual({ ...EMPTY_SUMMARY, removed: 1 });
    expect(strange.kept.size).toBe(0);
  });

  it.each<[string, StoreLocation]>([
    ['moves', { ...GROUND, position: { ...BAY, lat: BAY.lat + 0.000_01 } }],
    ['widens its fence', { ...GROUND, fence: { kind: 'circle', radiusM: 201 } }],
    ['draws a polygon', { ...TRIANGLE, givenAs: 'GCJ-02' }],
    ['says that it was told in another datum', { ...GROUND, givenAs: 'WGS-84' }],
  ])('follow a store that %s', async (_, location) => {
    const { chain, fences, sync } = await synced(placed('sz01'), placed('sz02'));
    await chain.putLocation('sz01' as StoreId, location);
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1, unchanged: 1 });
    expect(fences.calls).toEqual([['sz01']]);
    expect(fences.kept.get('sz01')?.properties).toEqual({ datum: location.givenAs });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, unchanged: 2 });
  });

  it('follow a polygon of which one corner moves, or one is added, or a hole', async () => {
    const { chain, sync } = await synced(placed('sz01', TRIANGLE));
    const [ring = []] = TRIANGLE.fence.kind === 'polygon' ? TRIANGLE.fence.rings : [];
    const hole = ring.map(
      ([lng, lat]) => [113.948 + (lng - 113.94) / 10, 22.512 + (lat - 22.51) / 10] as const,
    );
    const moved = ring.map(([lng, lat], at) =>
      at === 2 ? ([lng, lat + 0.000_01] as const) : ([lng, lat] as const),
    );
    for (const rings of [[moved], [ring.toSpliced(2, 0, [113.951, 22.515])], [ring, hole], [ring]]) {
      await chain.putLocation('sz01' as StoreId, { ...TRIANGLE, fence: { kind: 'polygon', rings } });
      expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1 });
      expect(await sync()).toEqual({ ...EMPTY_SUMMARY, unchanged: 1 });
    }
  });

  it('are put right where somebody has drawn them otherwise by hand', async () => {
    const { fences, sync } = await synced(placed('sz01'));
    fences.kept.set('sz01', { ...fenceOfBay('sz01'), properties: { datum: 'GCJ-02', by: 'hand' } });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1 });
    fences.kept.set('sz01', { ...fenceOfBay('sz01'), properties: {} });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1 });
    fences.kept.set('sz01', { ...fenceOfBay('sz01'), geometry: { kind: 'polygon', rings: [] } });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1 });
    expect(fences.kept.get('sz01')).toEqual(fenceOfBay('sz01'));
  });

  it('are not written again for digits that the service hands back otherwise than it took them', async () => {
    const { fences, sync } = await synced(placed('sz01'));
    const geometry = {
      kind: 'circle',
      centre: { lng: 113.941_200_000_01, lat: 22.5198 },
      radiusM: 200.000_000_1,
    };
    fences.kept.set('sz01', { ...fenceOfBay('sz01'), geometry } as Geofence);
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, unchanged: 1 });
    expect(fences.calls).toEqual([]);
  });

  it('come to be those of the stores, whatever was there before, and a second run writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(someStores, someStores, async (before, after) => {
        const { fences } = await synced(...before);
        const chain = memoryChainStore({ chain: CHAIN, stores: after });
        const sync = () => syncGeofences({ chain, fences });
        const { put, removed, unchanged, refused } = await sync();
        const fenced = after.filter(({ location }) => location !== undefined);
        expect([put + unchanged, refused]).toEqual([fenced.length, []]);
        expect([...fences.kept.keys()].sort()).toEqual(fenced.map(({ storeId }) => storeId).sort());
        const { fences: fresh } = await synced(...after);
        for (const [id, fence] of fresh.kept) expect(fences.kept.get(id)).toEqual(fence);
        expect(removed).toBe(
          before.filter(({ storeId, location }) => location !== undefined && !fresh.kept.has(storeId)).length,
        );
        fences.calls.length = 0;
        expect(await sync()).toEqual({ ...EMPTY_SUMMARY, unchanged: fenced.length });
        expect(fences.calls).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a fence that is refused', () => {
  it('is told, does not hold up the others, and is tried again by the next run', async () => {
    const { fences, sync } = world([placed('sz01'), placed('sz02'), placed('sz03')], [fenceOfBay('old')]);
    fences.refusals.set('sz02', { isFinal: true }).set('old', { isFinal: false });
    const refused = [
      { fenceId: 'old', isFinal: false, reason: 'told to' },
      { fenceId: 'sz02', isFinal: true, reason: 'told to' },
    ];
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 2, refused });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, unchanged: 2, refused });
    fences.refusals.clear();
    expect(await sync()).toEqual({ put: 1, removed: 1, unchanged: 2, refused: [] });
  });

  it('holds up no other either where the service refuses the whole call for it', async () => {
    const { fences, sync } = world([placed('sz01'), placed('sz02'), placed('sz03')]);
    fences.unreadable.add('sz02');
    expect(await sync()).toMatchObject({ put: 2, refused: [{ fenceId: 'sz02', isFinal: true }] });
    expect([...fences.kept.keys()]).toEqual(['sz01', 'sz03']);
    fences.calls.length = 0;
    expect(await sync()).toMatchObject({ put: 0, unchanged: 2, refused: [{ fenceId: 'sz02' }] });
    expect(fences.calls).toEqual([['sz02'], ['sz02']]);
  });

  it('is not made of trouble that no fence is to blame for', async () => {
    const { chain, fences } = world([placed('sz01')]);
    const gone = { ...fences, put: () => Promise.reject(new Error('no such collection')) };
    await expect(syncGeofences({ chain, fences: gone })).rejects.toThrow('no such collection');
  });
});
