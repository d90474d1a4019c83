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
const LOCATION: StoreLocation = {
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

const nowMs = () => Date.UTC(2026, 10, 22);

const placed = (storeId: string, location: StoreLocation | undefined = LOCATION): Store =>
  storeOf(storeId, 'shenzhen', 'south', location === undefined ? {} : { location });
const fenceOfBay = (fenceId: string): Geofence => ({
  fenceId,
  geometry: { kind: 'circle', centre: BAY, radiusM: RADIUS_M_DEFAULT },
  properties: { datum: 'GCJ-02' },
});

function world(stores: readonly Store[], kept: readonly Geofence[] = []) {
  const chain = memoryChainStore({ chain: CHAIN, stores });
  const fences = memoryFences(kept);
  return { chain, fences, sync: () => syncGeofences({ chain, geofences: fences, nowMs }) };
}

/** Returns a world that was synchronised once, with its call log cleared. */
async function synced(...stores: Store[]) {
  const made = world(stores);
  await made.sync();
  made.fences.calls.length = 0;
  return made;
}

const EMPTY_SUMMARY = { put: 0, removed: 0, unchanged: 0, rejected: [] };

/** Rounds to about a metre, as differences below a centimetre count as equal. */
const near = (degrees: number): number => Math.round(degrees * 1e5) / 1e5;

const someLocation: fc.Arbitrary<StoreLocation> = fc.record({
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
      ...ids.map((id) => fc.option(someLocation, { nil: undefined }).map((location) => placed(id, location))),
    ),
  );

describe('the geofences of the collection', () => {
  it('cover every store with a location, under its own id, and no other store', async () => {
    const without = storeOf('sh01', 'shanghai', 'east');
    const { fences, sync } = world([placed('sz01'), placed('sz02', TRIANGLE), without]);
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 2 });
    expect([...fences.kept.values()]).toEqual([
      fenceOfBay('sz01'),
      { fenceId: 'sz02', geometry: TRIANGLE.fence, properties: { datum: 'WGS-84' } },
    ]);
  });

  it('are removed with the location of their store, or with the store', async () => {
    const { chain, fences, sync } = await synced(placed('sz01'), placed('sz02'));
    await chain.putLocation('sz01' as StoreId, undefined);
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, removed: 1, unchanged: 1 });
    expect([...fences.kept.keys()]).toEqual(['sz02']);
    const { fences: strange, sync: syncStrange } = world([], [fenceOfBay('drawn-by-hand')]);
    expect(await syncStrange()).toEqual({ ...EMPTY_SUMMARY, removed: 1 });
    expect(strange.kept.size).toBe(0);
  });

  it.each<[string, StoreLocation]>([
    ['moves', { ...LOCATION, position: { ...BAY, lat: BAY.lat + 0.000_01 } }],
    ['widens its fence', { ...LOCATION, fence: { kind: 'circle', radiusM: 201 } }],
    ['draws a polygon', { ...TRIANGLE, givenAs: 'GCJ-02' }],
    ['declares another datum', { ...LOCATION, givenAs: 'WGS-84' }],
  ])('follow a store that %s', async (_, location) => {
    const { chain, fences, sync } = await synced(placed('sz01'), placed('sz02'));
    await chain.putLocation('sz01' as StoreId, location);
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1, unchanged: 1 });
    expect(fences.calls).toEqual([['sz01']]);
    expect(fences.kept.get('sz01')?.properties).toEqual({ datum: location.givenAs });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, unchanged: 2 });
  });

  it('follow a polygon whose corners move, or that gains a corner or a hole', async () => {
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

  it('are corrected after a manual change', async () => {
    const { fences, sync } = await synced(placed('sz01'));
    fences.kept.set('sz01', { ...fenceOfBay('sz01'), properties: { datum: 'GCJ-02', by: 'hand' } });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1 });
    fences.kept.set('sz01', { ...fenceOfBay('sz01'), properties: {} });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1 });
    fences.kept.set('sz01', { ...fenceOfBay('sz01'), geometry: { kind: 'polygon', rings: [] } });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 1 });
    expect(fences.kept.get('sz01')).toEqual(fenceOfBay('sz01'));
  });

  it('are not written again for rounding by the service', async () => {
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

  it('match the stores after one run from any state, and a second run writes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(someStores, someStores, async (before, after) => {
        const { fences } = await synced(...before);
        const chain = memoryChainStore({ chain: CHAIN, stores: after });
        const sync = () => syncGeofences({ chain, geofences: fences, nowMs });
        const { put, removed, unchanged, rejected } = await sync();
        const fenced = after.filter(({ location }) => location !== undefined);
        expect([put + unchanged, rejected]).toEqual([fenced.length, []]);
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

describe('a rejected geofence', () => {
  it('is reported, does not block the others, and is retried by the next run', async () => {
    const { fences, sync } = world([placed('sz01'), placed('sz02'), placed('sz03')], [fenceOfBay('old')]);
    fences.refusals.set('sz02', { isFinal: true }).set('old', { isFinal: false });
    const refused = [
      { fenceId: 'old', isFinal: false, reason: 'scripted' },
      { fenceId: 'sz02', isFinal: true, reason: 'scripted' },
    ];
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, put: 2, rejected: refused });
    expect(await sync()).toEqual({ ...EMPTY_SUMMARY, unchanged: 2, rejected: refused });
    fences.refusals.clear();
    expect(await sync()).toEqual({ put: 1, removed: 1, unchanged: 2, rejected: [] });
  });

  it('does not block the others when the service rejects the whole call', async () => {
    const { fences, sync } = world([placed('sz01'), placed('sz02'), placed('sz03')]);
    fences.unreadable.add('sz02');
    expect(await sync()).toMatchObject({ put: 2, rejected: [{ fenceId: 'sz02', isFinal: true }] });
    expect([...fences.kept.keys()]).toEqual(['sz01', 'sz03']);
    fences.calls.length = 0;
    expect(await sync()).toMatchObject({ put: 0, unchanged: 2, rejected: [{ fenceId: 'sz02' }] });
    expect(fences.calls).toEqual([['sz02'], ['sz02']]);
  });

  it('excludes an error of the collection, which fails the run', async () => {
    const { chain, fences } = world([placed('sz01')]);
    const gone = { ...fences, put: () => Promise.reject(new Error('no such collection')) };
    await expect(syncGeofences({ chain, geofences: gone, nowMs })).rejects.toThrow('no such collection');
  });
});

describe('the geofence of a store that renders health services', () => {
  const service = (storeId: string, more: Partial<Store>): Store => ({
    ...placed(storeId),
    isHealthService: true,
    ...more,
  });
  const american = (jurisdiction: 'US' | 'US-TX') =>
    ({ law: { jurisdiction, face: 'off', watchList: false } }) as const;
  const wide: StoreLocation = { ...LOCATION, fence: { kind: 'circle', radiusM: 700 } };

  it('is not drawn where the law forbids it, and one that was drawn is removed (LAW RCW 19.373.080)', async () => {
    const shop = placed('wa1');
    const { chain, fences } = await synced({ ...shop, ...american('US') });
    expect([...fences.kept.keys()]).toEqual(['wa1']);
    await chain.putStore({ ...shop, isHealthService: true });
    expect(await syncGeofences({ chain, geofences: fences, nowMs })).toMatchObject({ removed: 1, put: 0 });
  });

  it('is drawn where the law has no such rule, or the circle is wider than the rule reaches', async () => {
    const { fences } = await synced(
      service('tx1', american('US-TX')),
      service('sz1', { country: 'CN' }),
      service('wa2', { ...american('US'), location: wide }),
      service('unknown', {}),
    );
    expect([...fences.kept.keys()].sort()).toEqual(['sz1', 'tx1', 'wa2']);
  });
});
