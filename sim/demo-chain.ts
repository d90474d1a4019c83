/**
 * A small chain to look at: six stores in three cities and two regions of China, their tills and staff, and
 * what each shall sell. It is set up like a real one and posts like a real one.
 */

import type { Campaign } from '#domain/campaigns/campaign.ts';
import { addDays, type BusinessDay, offsetMinutesAt } from '#domain/chain/business-day.ts';
import type { CampaignId, CityId, RegionId, StaffId, StoreId, TillId } from '#domain/chain/ids.ts';
import type { LawSettings } from '#domain/chain/law-settings.ts';
import type { StoreLocation } from '#domain/chain/location.ts';
import type { Store, Target } from '#domain/chain/store.ts';
import { RADIUS_M_DEFAULT } from '#domain/place/geo/store-location.ts';
import { isWeekend, WEEKEND_FACTOR } from './day-curve.ts';

export interface DemoStore {
  readonly store: Store;
  readonly staff: readonly StaffId[];
  /** Receipts on a weekday. */
  readonly receiptsPerDay: number;
  /** Net sales it shall make on a weekday, in yuan. */
  readonly targetYuan: number;
  /** What watches its floor. Most stores of the chain have nothing yet, and their footfall is unknown. */
  readonly senses: 'nothing' | 'floor' | 'floor and faces';
  /** Where it stands; whoever walks by with a phone comes into its fence. */
  readonly ground: StoreLocation;
  /** People who come in on a weekday, where something watches. */
  readonly visitorsPerDay: number;
}

export interface DemoChain {
  readonly name: string;
  readonly currency: string;
  /** ISO 3166: how its people write phone numbers. */
  readonly country: string;
  readonly stores: readonly DemoStore[];
}

const TIME_ZONE = 'Asia/Shanghai';

/** Night markets and the airport express run late; the chain cashes up at four in the morning. */
const DAY_CUT_MINUTES = 4 * 60;

/** Of the people who come in, so many buy. */
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
  senses: DemoStore['senses'] = 'nothing',
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
    senses,
    ground: {
      position: { lng, lat },
      givenAs: 'WGS-84',
      fence: { kind: 'circle', radiusM: RADIUS_M_DEFAULT },
    },
    visitorsPerDay: senses === 'nothing' ? 0 : Math.round(receiptsPerDay / CONVERSION),
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

/** The sign has hung for a month, so that what is told of past days was permitted on them. */
const SIGN_DAYS_BEFORE = 30;

/**
 * What a store wants with faces, where it has cameras: to tell visitors apart, which only the pack for demonstrations
 * permits without asking each of them. The faces are photographs of nobody in the room.
 */
export const demoLaw = ({ senses }: DemoStore, today: BusinessDay): LawSettings | undefined =>
  senses === 'floor and faces'
    ? {
        jurisdiction: 'demo',
        signSince: addDays(today, -SIGN_DAYS_BEFORE),
        face: 'visitors',
        watchList: false,
      }
    : undefined;

const AMOUNT_PER_YUAN = 10_000n;

/** What the stores shall sell on each of some days. */
export function demoTargets(chain: DemoChain, from: BusinessDay, days: number): Target[] {
  return Array.from({ length: days }, (_, index) => addDays(from, index)).flatMap((day) =>
    chain.stores.map(({ store, targetYuan }) => ({
      storeId: store.storeId,
      day,
      netSales: BigInt(Math.round(targetYuan * (isWeekend(day) ? WEEKEND_FACTOR : 1))) * AMOUNT_PER_YUAN,
    })),
  );
}

const HALF_A_YEAR_MS = 183 * 86_400_000;

/** The store's clock so many hours from now. */
function clockIn(hours: number, nowMs: number): string {
  const atMs = nowMs + hours * 3_600_000;
  return new Date(atMs + offsetMinutesAt(atMs, TIME_ZONE) * 60_000).toISOString().slice(11, 16);
}

/** What is said to earlier buyers who walk by. It is quiet half a day from now: a demonstration is looked at at any time of day. */
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
      en: 'Today in the store, for everybody who has bought from us before.',
      zh: '老顾客专享，今天到店出示即可。',
    },
  },
  budget: { pushesMax: 10_000 },
  attributionDays: 7,
  baseline: { sent: 20_000, clicked: 320, source: 'the demonstration: last broadcast to all members' },
});
