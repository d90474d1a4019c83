/** A small chain: two stores in Shenzhen, one in Guangzhou, one in Kathmandu, whose clock is off by a quarter hour. */
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { CityId, RegionId, StoreId, TillId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';

export function storeOf(storeId: string, cityId: string, regionId: string, more: Partial<Store> = {}): Store {
  return {
    storeId: storeId as StoreId,
    name: storeId,
    cityId: cityId as CityId,
    regionId: regionId as RegionId,
    timeZone: 'Asia/Shanghai',
    dayCutMinutes: 0,
    currency: 'CNY',
    tills: ['T1', 'T2'] as TillId[],
    ...more,
  };
}

export const SZ01 = storeOf('sz01', 'shenzhen', 'south');
export const SZ02 = storeOf('sz02', 'shenzhen', 'south');
export const GZ01 = storeOf('gz01', 'guangzhou', 'south');
export const KTM1 = storeOf('ktm1', 'kathmandu', 'west', { timeZone: 'Asia/Kathmandu' });
export const STORES: readonly Store[] = [SZ01, SZ02, GZ01, KTM1];

export const CHAIN = { name: 'Demo', currency: 'CNY' } as const;

/** A day of November 2026. */
export const november = (day: number): BusinessDay =>
  `2026-11-${String(day).padStart(2, '0')}` as BusinessDay;
