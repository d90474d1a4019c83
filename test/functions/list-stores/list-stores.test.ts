import { describe, expect, it } from 'vitest';
import type { CityId, RegionId, StoreId, TillId } from '#domain/chain/ids.ts';
import { scopesOfGroups } from '#domain/chain/staff-scope.ts';
import type { Store } from '#domain/chain/store.ts';
import { listStores } from '#functions/list-stores/list-stores.ts';
import { memoryChainStore } from '../../support/memory-chain-store.ts';

const store = (storeId: string, cityId: string, regionId: string, more: Partial<Store> = {}): Store => ({
  storeId: storeId as StoreId,
  name: storeId,
  cityId: cityId as CityId,
  regionId: regionId as RegionId,
  timeZone: 'Asia/Shanghai',
  dayCutMinutes: 0,
  currency: 'CNY',
  tills: ['t1' as TillId],
  ...more,
});

const chain = memoryChainStore({
  chain: { name: 'Demo', currency: 'CNY' },
  stores: [
    store('bj01', 'beijing', 'north', { nameZh: '北京店' }),
    store('gz01', 'guangzhou', 'south', { dayCutMinutes: 240 }),
    store('sz01', 'shenzhen', 'south', { timeZone: 'America/New_York' }),
  ],
});

/** 00:30 of the 22nd in China, 11:30 of the 21st in New York. */
const NOW_MS = Date.parse('2026-11-21T16:30:00Z');
const ask = (...groups: string[]) => listStores({ chain, nowMs: () => NOW_MS }, scopesOfGroups(groups));
const idsFor = async (...groups: string[]) => (await ask(...groups)).stores.map(({ id }) => id);

describe('the list of stores', () => {
  it('holds the stores of the caller’s scopes and no other', async () => {
    expect(await idsFor('role:boss', 'scope:chain')).toEqual(['bj01', 'gz01', 'sz01']);
    expect(await idsFor('scope:region:south')).toEqual(['gz01', 'sz01']);
    expect(await idsFor('scope:city:beijing', 'scope:store:sz01')).toEqual(['bj01', 'sz01']);
    expect(await idsFor('role:store-manager')).toEqual([]);
  });

  it('has the current business day of each store', async () => {
    const { stores } = await ask('scope:chain');
    expect(stores.map(({ id, today }) => [id, today])).toEqual([
      ['bj01', '2026-11-22'],
      ['gz01', '2026-11-21'],
      ['sz01', '2026-11-21'],
    ]);
  });

  it('has the fields of each store, and the scopes of the caller', async () => {
    const answer = await ask('scope:city:beijing');
    expect(answer).toEqual({
      currency: 'CNY',
      grants: ['city:beijing'],
      stores: [
        {
          id: 'bj01',
          name: 'bj01',
          nameZh: '北京店',
          city: 'beijing',
          region: 'north',
          timeZone: 'Asia/Shanghai',
          today: '2026-11-22',
          tills: ['t1'],
        },
      ],
    });
  });

  it('is empty before the chain is set up', async () => {
    const nothing = await listStores(
      { chain: memoryChainStore(), nowMs: () => NOW_MS },
      scopesOfGroups(['scope:chain']),
    );
    expect(nothing).toEqual({ currency: 'XXX', grants: ['chain'], stores: [] });
  });
});
