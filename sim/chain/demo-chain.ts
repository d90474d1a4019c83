/**
 * The demonstration chain: six stores in three cities and two regions of China, with tills, staff and sales targets. It is
 * set up, and posts its data, like a real chain.
 */

import type { Campaign } from '#domain/campaigns/campaign.ts';
import { addDays, type BusinessDay, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/chain/duration.ts';
import type { CampaignId, CityId, RegionId, StaffId, StoreId, TillId } from '#domain/chain/ids.ts';
import type { LawSettings } from '#domain/chain/law-settings.ts';
import type { StoreLocation } from '#domain/chain/location.ts';
import type { Store, Target } from '#domain/chain/store.ts';
import { RADIUS_M_DEFAULT } from '#domain/place/geo/store-location.ts';
import { isWeekend, WEEKEND_FACTOR } from '../tills/arrivals.ts';

export interface DemoStore {
  readonly store: Store;
  readonly staff: readonly StaffId[];
  /** Receipts on a weekday. */
  readonly receiptsPerDay: number;
  /** Target of net sales on a weekday, in yuan. */
  readonly targetYuan: number;
  /** Most stores have no sensors, so their footfall is unknown. */
  readonly sensors: 'none' | 'floor' | 'floor and faces';
  /** Location with the geofence that passing phones enter. */
  readonly location: StoreLocation;
  /** Visitors on a weekday; 0 without sensors. */
  readonly visitorsPerDay: number;
}

export interface DemoChain {
  readonly name: string;
  readonly currency: string;
  /** ISO 3166-1 country of phone numbers without a country code. */
  readonly country: string;
  readonly stores: readonly DemoStore[];
}

const TIME_ZONE = 'Asia/Shanghai';

/** Stores are open late, so the business day starts at four in the morning. */
const DAY_CUT_MINUTES = 4 * 60;

/** Share of visitors who buy. */
const CONVERSION = 0.35;

function demoStore(
  id: string,
  name: string,
  nameZh: string,
  [cityId, regionId]: readonly [string, string],
  [lng, lat]: readonly [number, number],
  tills: number,
  staff: readonly string[],
  receiptsPerDay: number,
  targetYuan: number,
  sensors: DemoStore['sensors'] = 'none',
): DemoStore {
  return {
    store: {
      storeId: id as StoreId,
      name,
      nameZh,
      cityId: cityId as CityId,
      regionId: regionId as RegionId,
      timeZone: TIME_ZONE,
      dayCutMinutes: DAY_CUT_MINUTES,
      currency: 'CNY',
      tills: Array.from({ length: tills }, (_, index) => String(index + 1) as TillId),
    },
    staff: staff as readonly StaffId[],
    receiptsPerDay,
    targetYuan,
    sensors,
    location: {
      position: { lng, lat },
      givenAs: 'WGS-84',
      fence: { kind: 'circle', radiusM: RADIUS_M_DEFAULT },
    },
    visitorsPerDay: sensors === 'none' ? 0 : Math.round(receiptsPerDay / CONVERSION),
  };
}

const SHENZHEN = ['shenzhen', 'south'] as const;
const GUANGZHOU = ['guangzhou', 'south'] as const;
const BEIJING = ['beijing', 'north'] as const;

export const demoChain: DemoChain = {
  name: '小巷电子 Aisle Electronics',
  currency: 'CNY',
  country: 'CN',
  stores: [
    demoStore(
      'sz01',
      'Shenzhen Bay',
      '深圳湾店',
      SHENZHEN,
      [113.935, 22.517],
      3,
      ['chen', 'lin', 'wu', 'zheng'],
      420,
      360_000,
      'floor and faces',
    ),
    demoStore(
      'sz02',
      'Huaqiangbei',
      '华强北店',
      SHENZHEN,
      [114.085, 22.5466],
      4,
      ['huang', 'liang', 'xu', 'deng'],
      560,
      480_000,
    ),
    demoStore(
      'gz01',
      'Tianhe',
      '天河店',
      GUANGZHOU,
      [113.3227, 23.1339],
      3,
      ['he', 'luo', 'tan'],
      380,
      330_000,
    ),
    demoStore(
      'gz02',
      'Beijing Road',
      '北京路店',
      GUANGZHOU,
      [113.269, 23.122],
      2,
      ['feng', 'peng', 'su'],
      260,
      230_000,
    ),
    demoStore(
      'bj01',
      'Sanlitun',
      '三里屯店',
      BEIJING,
      [116.4549, 39.9336],
      3,
      ['wang', 'zhao', 'sun', 'qian'],
      400,
      340_000,
      'floor',
    ),
    demoStore(
      'bj02',
      'Zhongguancun',
      '中关村店',
      BEIJING,
      [116.315, 39.9835],
      3,
      ['liu', 'yang', 'gao'],
      340,
      290_000,
    ),
  ],
};

/** The sign is a month old, so that the simulated past days were permitted. */
const SIGN_DAYS_BEFORE = 30;

/**
 * Returns the law settings of a store with cameras; undefined for the others. Recognising visitors without consent is
 * permitted by the demonstration pack only. The faces are stock photographs.
 */
export const demoLaw = ({ sensors }: DemoStore, today: BusinessDay): LawSettings | undefined =>
  sensors === 'floor and faces'
    ? {
        jurisdiction: 'demo',
        signSince: addDays(today, -SIGN_DAYS_BEFORE),
        face: 'visitors',
        watchList: false,
      }
    : undefined;

const AMOUNT_PER_YUAN = 10_000n;

/** Returns the daily sales targets of all stores for a number of days. */
export function demoTargets(chain: DemoChain, from: BusinessDay, days: number): Target[] {
  return Array.from({ length: days }, (_, index) => addDays(from, index)).flatMap((day) =>
    chain.stores.map(({ store, targetYuan }) => ({
      storeId: store.storeId,
      day,
      netSales: BigInt(Math.round(targetYuan * (isWeekend(day) ? WEEKEND_FACTOR : 1))) * AMOUNT_PER_YUAN,
    })),
  );
}

const HALF_A_YEAR_MS = 183 * DAY_MS;

/** Returns the stores' local time a number of hours from now, as HH:mm. */
function clockIn(hours: number, nowMs: number): string {
  const atMs = nowMs + hours * HOUR_MS;
  return new Date(atMs + offsetMinutesAt(atMs, TIME_ZONE) * MINUTE_MS).toISOString().slice(11, 16);
}

/** Returns a push campaign for earlier buyers near a store. Its quiet hours are half a day away, so that it is active now. */
export const demoCampaign = (nowMs: number): Omit<Campaign, 'version'> => ({
  campaignId: 'walk-by' as CampaignId,
  name: { en: 'Earlier buyers who walk by', zh: '老客路过' },
  status: 'live',
  stores: [{ kind: 'chain' }],
  fromMs: nowMs - HALF_A_YEAR_MS,
  untilMs: nowMs + HALF_A_YEAR_MS,
  boughtBefore: { where: 'chain', withinDays: 365 },
  audience: 'buys >= 1 && spent > 0',
  quiet: { from: clockIn(11, nowMs), until: clockIn(13, nowMs) },
  capPerDay: 3,
  cooldownHours: 1,
  holdoutShare: 0.2,
  offer: {
    title: { en: 'You are close: earphones, 30 off', zh: '就在附近：耳机立减 30 元' },
    body: {
      en: 'Today in the store, for all returning customers.',
      zh: '老顾客专享，今天到店出示即可。',
    },
  },
  budget: { pushesMax: 10_000 },
  attributionDays: 7,
  baseline: { sent: 20_000, clicked: 320, source: 'the demonstration: last broadcast to all members' },
});
