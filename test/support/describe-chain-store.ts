/** Contract of every chain store. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { ChainStore } from '#application/ports/chain-store.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { CityId, RegionId, StoreId, TillId } from '#domain/chain/ids.ts';
import type { LawSettings } from '#domain/chain/law-settings.ts';
import type { StoreLocation } from '#domain/chain/location.ts';
import type { OpeningHours } from '#domain/chain/opening-hours.ts';
import type { Store } from '#domain/chain/store.ts';

const CHAIN = { name: 'Demo', currency: 'CNY' };
const STORE: Store = {
  storeId: 'sz01' as StoreId,
  name: 'Shenzhen Bay',
  nameZh: '深圳湾店',
  cityId: 'shenzhen' as CityId,
  regionId: 'south' as RegionId,
  timeZone: 'Asia/Shanghai',
  dayCutMinutes: 240,
  currency: 'CNY',
  tills: ['t1', 't2'] as TillId[],
};
const { nameZh: _, ...WITHOUT_CHINESE_NAME } = STORE;
const LAW: LawSettings = {
  jurisdiction: 'CN',
  signSince: '2026-01-01' as BusinessDay,
  face: 'members',
  watchList: true,
  visitorRetentionDays: 30,
};
const GROUND: StoreLocation = {
  position: { lng: 113.941_234_5, lat: 22.519_876_5 },
  givenAs: 'GCJ-02',
  fence: { kind: 'circle', radiusM: 187.5 },
};
const POLYGON: StoreLocation = {
  position: { lng: -73.99, lat: -22.5 },
  givenAs: 'WGS-84',
  fence: {
    kind: 'polygon',
    rings: [Array.from({ length: 1_000 }, (_, at) => [at / 3, (-at - 1) / 7] as const)],
  },
};
const HOURS: OpeningHours = [
  { days: [1, 2, 3, 4, 5], open: '10:00', close: '22:00' },
  { days: [6, 7], open: '09:00', close: '02:00' },
];
const SH01 = 'sh01' as StoreId;
const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}` as BusinessDay;

export function describeChainStore(name: string, create: () => Promise<ChainStore>): void {
  describe(`a chain store: ${name}`, () => {
    let store: ChainStore;
    beforeEach(async () => {
      store = await create();
    });

    it('starts without a chain, stores and targets', async () => {
      expect(await store.chain()).toBeUndefined();
      expect(await store.stores()).toEqual([]);
      expect(await store.store(STORE.storeId)).toBeUndefined();
      expect(await store.targets(STORE.storeId, day(1), day(30))).toEqual([]);
    });

    it('returns stores as they were put, by id, and updates them in place', async () => {
      await store.putChain(CHAIN);
      const second: Store = { ...WITHOUT_CHINESE_NAME, storeId: SH01, tills: [], dayCutMinutes: 0 };
      expect(await store.putStore(STORE)).toEqual({ kind: 'put' });
      expect(await store.putStore(second)).toEqual({ kind: 'put' });
      expect(await store.stores()).toEqual([second, STORE]);
      const renamed: Store = { ...STORE, name: 'Bay', tills: ['t3' as TillId] };
      expect(await store.putStore(renamed)).toEqual({ kind: 'put' });
      expect(await store.store(STORE.storeId)).toEqual(renamed);
      expect(await store.stores()).toEqual([second, renamed]);
    });

    it('sets law settings apart from the other fields, and neither changes the other', async () => {
      await store.putChain(CHAIN);
      expect(await store.putLaw(STORE.storeId, LAW)).toEqual({ kind: 'no store' });
      expect(await store.store(STORE.storeId)).toBeUndefined();
      await store.putStore(STORE);
      expect((await store.store(STORE.storeId))?.law).toBeUndefined();
      expect(await store.putLaw(STORE.storeId, LAW)).toEqual({ kind: 'put' });
      await store.putStore({ ...WITHOUT_CHINESE_NAME, name: 'Bay' });
      expect(await store.store(STORE.storeId)).toEqual({ ...WITHOUT_CHINESE_NAME, name: 'Bay', law: LAW });
      const off: LawSettings = { jurisdiction: 'EU', face: 'off', watchList: false };
      await store.putLaw(STORE.storeId, off);
      await store.putStore(STORE);
      expect(await store.stores()).toEqual([{ ...STORE, law: off }]);
    });

    it('sets location and opening hours separately, to the last decimal', async () => {
      await store.putChain(CHAIN);
      expect(await store.putLocation(STORE.storeId, GROUND)).toEqual({ kind: 'no store' });
      expect(await store.putHours(STORE.storeId, HOURS)).toEqual({ kind: 'no store' });
      expect(await store.stores()).toEqual([]);
      await store.putStore(STORE);
      expect(await store.putLocation(STORE.storeId, GROUND)).toEqual({ kind: 'put' });
      expect(await store.stores()).toEqual([{ ...STORE, location: GROUND }]);
      expect(await store.putHours(STORE.storeId, HOURS)).toEqual({ kind: 'put' });
      await store.putLaw(STORE.storeId, LAW);
      const whole: Store = { ...STORE, law: LAW, location: GROUND, openingHours: HOURS };
      expect(await store.store(STORE.storeId)).toEqual(whole);
      await store.putLocation(STORE.storeId, POLYGON);
      expect(await store.store(STORE.storeId)).toEqual({ ...whole, location: POLYGON });
    });

    it('keeps location and hours when a list without them is imported again', async () => {
      await store.putChain(CHAIN);
      const whole: Store = { ...STORE, location: GROUND, openingHours: HOURS };
      expect(await store.putStore(whole)).toEqual({ kind: 'put' });
      expect(await store.store(STORE.storeId)).toEqual(whole);
      await store.putStore({ ...STORE, name: 'Bay' });
      expect(await store.stores()).toEqual([{ ...whole, name: 'Bay' }]);
      const next: Store = { ...STORE, location: POLYGON, openingHours: [...HOURS.slice(1)] };
      await store.putStore(next);
      expect(await store.store(STORE.storeId)).toEqual(next);
    });

    it('removes location and hours idempotently, and no other field', async () => {
      await store.putChain(CHAIN);
      await store.putStore({ ...STORE, location: GROUND, openingHours: HOURS });
      await store.putLaw(STORE.storeId, LAW);
      for (const _ of [1, 2]) {
        expect(await store.putLocation(STORE.storeId, undefined)).toEqual({ kind: 'put' });
        expect(await store.store(STORE.storeId)).toEqual({ ...STORE, law: LAW, openingHours: HOURS });
      }
      expect(await store.putHours(STORE.storeId, undefined)).toEqual({ kind: 'put' });
      expect(await store.store(STORE.storeId)).toEqual({ ...STORE, law: LAW });
      expect(await store.putLocation(SH01, undefined)).toEqual({ kind: 'no store' });
      expect(await store.putHours(SH01, undefined)).toEqual({ kind: 'no store' });
    });

    it('keeps the country of phone numbers until another is set', async () => {
      await store.putChain(CHAIN);
      expect(await store.chain()).toEqual(CHAIN);
      expect(await store.putChain({ ...CHAIN, country: 'CN' })).toEqual({ kind: 'put' });
      await store.putStore(STORE);
      await store.putChain({ ...CHAIN, name: 'Renamed' });
      expect(await store.chain()).toEqual({ name: 'Renamed', currency: 'CNY', country: 'CN' });
      await store.putChain({ ...CHAIN, country: 'DE' });
      expect(await store.chain()).toEqual({ ...CHAIN, country: 'DE' });
    });

    it('rejects a store before there is a chain', async () => {
      expect(await store.putStore(STORE)).toEqual({ kind: 'no chain' });
      expect(await store.stores()).toEqual([]);
    });

    it('rejects another city or region for a store, because its sums include it', async () => {
      await store.putChain(CHAIN);
      await store.putStore(STORE);
      const stands = { kind: 'stands elsewhere', cityId: 'shenzhen', regionId: 'south' };
      expect(await store.putStore({ ...STORE, cityId: 'guangzhou' as CityId })).toEqual(stands);
      expect(await store.putStore({ ...STORE, regionId: 'north' as RegionId })).toEqual(stands);
      expect(await store.store(STORE.storeId)).toEqual(STORE);
    });

    it('rejects a city in a second region, because it would be counted in both', async () => {
      await store.putChain(CHAIN);
      await store.putStore(STORE);
      const neighbour = { ...STORE, storeId: 'sz99' as StoreId };
      expect(await store.putStore({ ...neighbour, regionId: 'north' as RegionId })).toEqual({
        kind: 'city of another region',
        regionId: 'south',
      });
      expect(await store.putStore(neighbour)).toEqual({ kind: 'put' });
    });

    it("fixes the chain's currency with its first store", async () => {
      await store.putChain({ ...CHAIN, currency: 'EUR' });
      expect(await store.putChain(CHAIN)).toEqual({ kind: 'put' });
      expect(await store.putStore({ ...STORE, currency: 'EUR' })).toEqual({
        kind: 'other currency',
        currency: 'CNY',
      });
      await store.putStore(STORE);
      expect(await store.putChain({ name: 'Demo', currency: 'EUR' })).toEqual({
        kind: 'currency settled',
        currency: 'CNY',
      });
      expect(await store.putChain({ name: 'Renamed', currency: 'CNY' })).toEqual({ kind: 'put' });
      expect(await store.chain()).toEqual({ name: 'Renamed', currency: 'CNY' });
      expect(await store.putChain({ name: 'Renamed', currency: 'EUR' })).toMatchObject({
        kind: 'currency settled',
      });
    });

    it('reads the targets of a range of days, both ends inclusive, exact beyond a double', async () => {
      const netSales = 90_071_992_547_409_931_234n;
      const targets = Array.from({ length: 30 }, (_, index) => ({
        storeId: STORE.storeId,
        day: day(index + 1),
        netSales: netSales + BigInt(index),
      }));
      await store.putTargets([...targets, { storeId: SH01, day: day(3), netSales: 7n }]);
      expect(await store.targets(STORE.storeId, day(3), day(28))).toEqual(targets.slice(2, 28));
    });

    it('keeps the last target of a day, also within one list', async () => {
      const target = { storeId: STORE.storeId, day: day(1), netSales: 1n };
      await store.putTargets([target, { ...target, netSales: 2n }]);
      expect(await store.targets(STORE.storeId, day(1), day(1))).toEqual([{ ...target, netSales: 2n }]);
      await store.putTargets([{ ...target, netSales: 3n }]);
      expect(await store.targets(STORE.storeId, day(1), day(1))).toEqual([{ ...target, netSales: 3n }]);
    });

    it('reads the targets of more stores than one request holds, on one day', async () => {
      const storeIds = Array.from({ length: 120 }, (_, index) => `s${index + 100}` as StoreId);
      await store.putTargets(storeIds.map((storeId) => ({ storeId, day: day(5), netSales: 5n })));
      const found = await store.targetsOn([...storeIds, 'none' as StoreId], day(5));
      expect(found.map((target) => target.storeId).sort()).toEqual(storeIds);
      expect(await store.targetsOn(storeIds, day(6))).toEqual([]);
      expect(await store.targetsOn([], day(5))).toEqual([]);
    });
  });
}
