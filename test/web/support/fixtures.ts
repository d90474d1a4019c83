/** API responses for tests, each validated against its contract. */
import * as v from 'valibot';
import { FiguresResponse, RankingResponse, StoresResponse } from '#contracts/http/figures.ts';
import { KPIS } from '#domain/place/figures/kpis.ts';

type Figures = FiguresResponse['total']['figures'];

export const DAY = '2026-11-22';

const kpis = Object.fromEntries(
  KPIS.map(({ id, en, zh, unit, version }) => [
    id,
    { en, zh, unit, formulaVersion: version, formula: `formula of ${id}`, formulaZh: `${id} 的公式` },
  ]),
);

const sum = (value: string) => ({ value, numerator: value, denominator: null, formulaVersion: 1 });

/** Figures of an average morning, with the changes of a test. */
function figures(changes: Figures = {}): Figures {
  return {
    transactions: sum('128'),
    units: sum('301'),
    grossSales: sum('13120.40'),
    discounts: sum('410.00'),
    returns: sum('265.80'),
    netSales: sum('12444.60'),
    unitsPerTransaction: { value: '2.3516', numerator: '301', denominator: '128', formulaVersion: 1 },
    averageTicket: { value: '99.3000', numerator: '12710.40', denominator: '128', formulaVersion: 1 },
    returnRate: { value: '0.020912', numerator: '265.80', denominator: '12710.40', formulaVersion: 1 },
    attainment: { value: '0.829640', numerator: '12444.60', denominator: '15000.00', formulaVersion: 1 },
    ...changes,
  };
}

/** An unknown figure with its known operands. */
export const unknownFigure = (numerator: string, denominator: string | null): Figures[string] => ({
  value: null,
  numerator,
  denominator,
  formulaVersion: 1,
});

export interface FiguresFixture {
  readonly scope?: string;
  readonly asOf?: string | null;
  readonly figures?: Figures;
  readonly completeness?: Partial<FiguresResponse['total']['completeness']> & {
    readonly expected: number;
    readonly reported: number;
  };
  /** Net sales by hour, from 09:00 in Shenzhen. */
  readonly hours?: readonly string[];
}

const HOURS = ['820.00', '1460.50', '2210.00', '3105.10', '2690.00', '1502.00', '657.00'];

export function figuresAnswer(fixture: FiguresFixture = {}): FiguresResponse {
  const stores = { expected: 1, summed: 1 };
  const completeness = { stores, ...(fixture.completeness ?? { expected: 3, reported: 2, silent: ['T3'] }) };
  const asOf = fixture.asOf === undefined ? new Date().toISOString() : fixture.asOf;
  return v.parse(FiguresResponse, {
    scope: fixture.scope ?? 'store:sz01',
    from: DAY,
    to: DAY,
    grain: 'hour',
    currency: 'CNY',
    total: { asOf, completeness, figures: figures(fixture.figures) },
    series: (fixture.hours ?? HOURS).map((netSales, index) => ({
      start: `${DAY}T${String(9 + index).padStart(2, '0')}:00:00+08:00`,
      businessDay: DAY,
      asOf,
      completeness: { expected: completeness.expected, reported: completeness.reported, stores },
      figures: { netSales: sum(netSales) },
    })),
    kpis,
  });
}

const PRODUCTS = [
  ['SKU-1001', '羊毛围巾 Wool scarf', '41', '4059.00'],
  ['SKU-2040', 'Down jacket, light, long, with a hood that comes off', '6', '3594.00'],
  ['6901234567892', null, '88', '1751.20'],
  ['SKU-0007', 'Thermos 500 ml', '19', '1501.00'],
  ['SKU-3311', '棉袜三双装 Cotton socks', '52', '1034.80'],
] as const;

export const rankingAnswer = (): RankingResponse =>
  v.parse(RankingResponse, {
    scope: 'store:sz01',
    from: DAY,
    to: DAY,
    by: 'revenue',
    currency: 'CNY',
    asOf: `${DAY}T07:00:00Z`,
    products: PRODUCTS.map(([product, name, units, grossSales], index) => ({
      rank: index + 1,
      product,
      name,
      units,
      grossSales,
      netSales: grossSales,
      returnUnits: '0',
      returns: '0.00',
    })),
  });

type StoreRow = StoresResponse['stores'][number];

export const store = (id: string, changes: Partial<StoreRow> = {}): StoreRow => ({
  id,
  name: `Store ${id}`,
  nameZh: null,
  city: 'shenzhen',
  region: 'south',
  timeZone: 'Asia/Shanghai',
  today: DAY,
  tills: ['T1', 'T2', 'T3'],
  ...changes,
});

export const storesAnswer = (
  grants: readonly string[] = ['chain'],
  stores: readonly StoreRow[] = [
    store('sz01', { name: 'Shenzhen Coco Park', nameZh: '深圳购物公园店' }),
    store('sz02', { name: 'Shenzhen Sea World', nameZh: '深圳海上世界店' }),
    store('gz01', { name: 'Guangzhou Taikoo Hui', nameZh: '广州太古汇店', city: 'guangzhou' }),
    store('bj01', { name: 'Beijing Sanlitun', nameZh: '北京三里屯店', city: 'beijing', region: 'north' }),
  ],
): StoresResponse => v.parse(StoresResponse, { currency: 'CNY', grants: [...grants], stores: [...stores] });
