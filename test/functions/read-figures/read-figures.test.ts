import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { FiguresQuery, FiguresResponse } from '#contracts/http/figures.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import { parseScope, storesWithin } from '#domain/chain/staff-scope.ts';
import type { Store, Target } from '#domain/chain/store.ts';
import type { CellKey, Counts } from '#domain/place/figures/cell.ts';
import { KPIS } from '#domain/place/figures/kpis.ts';
import type { Bucket, Summary } from '#domain/place/figures/roll-up.ts';
import { COUNTS_AT_ONCE } from '#domain/place/visits/sensor.ts';
import { readFigures } from '#functions/read-figures/read-figures.ts';
import { KTM1, november, STORES, SZ01, storeOf } from '../../support/chain.ts';
import { changeOf } from '../../support/describe-cell-store.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memoryChainStore } from '../../support/memory-chain-store.ts';
import { memorySummaryStore } from '../../support/memory-summary-store.ts';
import { shanghai } from '../../support/receipts.ts';

const COUNTS: Counts = {
  transactions: 3n,
  units: 4n,
  lines: 4n,
  gross: 1_000_000n,
  discount: 100_000n,
  returnReceipts: 1n,
  returnUnits: 1n,
  returnLines: 1n,
  returnValue: 300_000n,
};
const AS_OF_MS = Date.UTC(2026, 10, 22, 7, 4, 41, 120);

/** The evening of the 24th in Shanghai. */
const NOW_MS = Date.UTC(2026, 10, 24, 12);

function world(
  stores: readonly Store[] = STORES,
  targets: readonly Target[] = [],
  sensorIds: readonly string[] = [],
) {
  const cells = memoryCellStore();
  const sums = memorySummaryStore();
  const sensors = {
    list: async (storeId: StoreId) =>
      sensorIds.map((id) => ({
        storeId,
        sensorId: id as SensorId,
        kind: 'tracker' as const,
        zones: [],
        sampleGapMsMax: 1_000,
        counts: COUNTS_AT_ONCE,
      })),
  };
  const ports = { cells, sums, sensors, chain: memoryChainStore({ targets }), nowMs: () => NOW_MS };
  return {
    cells,
    cell: (key: Partial<CellKey>, counts = COUNTS, tills: readonly string[] = ['T1'], asOfMs = AS_OF_MS) =>
      cells.add(
        {
          scope: { kind: 'store', id: SZ01.storeId },
          dimension: 'all',
          grain: 'day',
          day: november(22),
          ...key,
        },
        changeOf(1, 1, counts, { reporters: new Set(tills), asOfMs }),
      ),
    sum: (scope: string, bucket: Bucket, summary: Summary) =>
      sums.write(parseScope(scope) ?? { kind: 'chain' }, bucket, summary, 0),
    async read(scope: string, from: BusinessDay, to: BusinessDay, grain = 'day') {
      const query = v.parse(FiguresQuery, { scope, from, to, grain });
      return v.parse(
        FiguresResponse,
        await readFigures(ports, query, storesWithin(query.scope, stores), 'CNY'),
      );
    },
  };
}

describe("a store's figures of a day", () => {
  it('are computed from its cell, each with numerator and denominator', async () => {
    const { cell, read } = world(
      [SZ01],
      [{ storeId: SZ01.storeId, day: november(22), netSales: 1_200_000n }],
    );
    await cell({});
    const { total, series, currency } = await read('store:sz01', november(22), november(22));
    const figure = (value: string | null, numerator: string, denominator: string | null = null) => ({
      value,
      numerator,
      denominator,
    });
    expect(total.figures).toMatchObject({
      transactions: figure('3', '3'),
      units: figure('4', '4'),
      grossSales: figure('100.00', '100.00'),
      discounts: figure('10.00', '10.00'),
      returns: figure('30.00', '30.00'),
      netSales: figure('60.00', '60.00'),
      unitsPerTransaction: figure('1.3333', '4', '3'),
      averageTicket: figure('30.0000', '90.00', '3'),
      returnRate: figure('0.333333', '30.00', '90.00'),
      attainment: figure('0.500000', '60.00', '120.00'),
    });
    expect(series).toMatchObject([
      { start: '2026-11-22', businessDay: '2026-11-22', figures: total.figures },
    ]);
    expect(total.asOf).toBe('2026-11-22T15:04:41.120+08:00');
    expect(currency).toBe('CNY');
  });

  it('are null where the denominator is zero or missing, and 0 where nothing was counted', async () => {
    const { read } = world([SZ01]);
    const { total, series } = await read('store:sz01', november(22), november(22));
    expect(series).toEqual([]);
    expect(total.asOf).toBeNull();
    expect(total.figures['netSales']?.value).toBe('0.00');
    for (const name of ['unitsPerTransaction', 'averageTicket', 'returnRate', 'attainment'])
      expect(total.figures[name]?.value).toBeNull();
    expect(total.figures['attainment']?.denominator).toBeNull();
  });

  it('include a day with a target but no sale, in its place in the series', async () => {
    const { cell, read } = world(
      [SZ01],
      [20, 21, 22].map((day) => ({ storeId: SZ01.storeId, day: november(day), netSales: 600_000n })),
    );
    await cell({ day: november(20) });
    await cell({ day: november(22) });
    const { total, series } = await read('store:sz01', november(20), november(22));
    expect(series.map(({ businessDay, figures }) => [businessDay, figures['attainment']?.value])).toEqual([
      ['2026-11-20', '1.000000'],
      ['2026-11-21', '0.000000'],
      ['2026-11-22', '1.000000'],
    ]);
    expect(total.figures['attainment']).toMatchObject({ value: '0.666667', denominator: '180.00' });
  });
});

/** The counts of a day with twenty-five visitors, of whom five bought. */
const VISITS: Counts = {
  ...COUNTS,
  transactions: 5n,
  bodies: 27n,
  visitors: 25n,
  firstVisits: 10n,
  secondVisits: 5n,
  closedVisits: 24n,
  dwellMs: 7_203_000n,
  assistedVisits: 6n,
};

describe('visitor figures', () => {
  it('are computed from visits, each with numerator and denominator', async () => {
    const { cell, read } = world([SZ01]);
    await cell({}, VISITS);
    const { total } = await read('store:sz01', november(22), november(22));
    const made = (id: string) => {
      const { value, numerator, denominator } = total.figures[id] ?? {};
      return [value, numerator, denominator];
    };
    expect(made('footfall')).toEqual(['25', '25', null]);
    expect(made('footfallRaw')).toEqual(['27', '27', null]);
    expect(made('occupancy')).toEqual(['1', '1', null]);
    expect(made('conversion')).toEqual(['0.200000', '5', '25']);
    expect(made('salesPerVisitor')).toEqual(['2.4000', '60.00', '25']);
    expect(made('meanDwell')).toEqual(['300.1', '7203.000', '24']);
    expect(made('returningShare')).toEqual(['0.333333', '5', '15']);
    expect(made('assistedShare')).toEqual(['0.250000', '6', '24']);
    expect(made('doorEntries')).toEqual([null, '0', null]);
    expect(total.completeness.seen).toEqual({ expected: 1, reported: 1 });
  });

  it('are unknown, never 0, on a day without visits from sensors, even with door counts', async () => {
    const { cell, read } = world([SZ01]);
    await cell({}, { ...COUNTS, doorIn: 40n, doorOut: 38n });
    const { total } = await read('store:sz01', november(22), november(22));
    for (const id of ['footfall', 'footfallRaw', 'occupancy', 'conversion', 'salesPerVisitor', 'meanDwell'])
      expect(total.figures[id]?.value, id).toBeNull();
    expect(total.figures['doorEntries']?.value).toBe('40');
    expect(total.completeness).not.toHaveProperty('seen');
  });

  it('are 0 for an hour without visitors on a day with visitors, else unknown', async () => {
    const { cell, read } = world([SZ01]);
    await cell({}, VISITS);
    const hour = (text: string) => ({ grain: 'hour' as const, startMs: shanghai(text).instantMs });
    await cell(hour('2026-11-22T09:00'), { transactions: 1n, gross: 10n });
    await cell(hour('2026-11-22T10:00'), { ...VISITS, transactions: 4n });
    await cell({ day: november(21) }, COUNTS);
    await cell({ ...hour('2026-11-21T10:00'), day: november(21) }, COUNTS);
    const { series } = await read('store:sz01', november(21), november(22), 'hour');
    const of = (id: string) => series.map(({ figures }) => figures[id]?.value);
    expect(of('footfall')).toEqual([null, '0', '25']);
    expect(of('conversion')).toEqual([null, null, '0.160000']);
  });

  it('divide the sales of the stores that count visitors by the visitors of a city', async () => {
    const { sum, read } = world();
    const city = {
      ...VISITS,
      transactions: 100n,
      seenTransactions: 5n,
      seenSales: 600_000n,
      seenVisitors: 25n,
    };
    const bucket = { day: november(22), grain: 'day' as const };
    await sum('city:shenzhen', bucket, {
      counts: city,
      asOfMs: AS_OF_MS,
      seen: { expected: 2, reported: 1 },
    });
    const hour = { ...bucket, grain: 'hour' as const, startMs: shanghai('2026-11-22T10:00').instantMs };
    await sum('city:shenzhen', hour, { counts: { ...VISITS, transactions: 100n }, asOfMs: AS_OF_MS });
    const { total, series } = await read('city:shenzhen', november(22), november(22), 'hour');
    expect(total.figures['conversion']).toMatchObject({ value: '0.200000', numerator: '5' });
    expect(total.completeness.seen).toEqual({ expected: 2, reported: 1 });
    // Hourly sums do not record the sales of stores with sensors apart.
    expect(series[0]?.figures['footfall']?.value).toBe('25');
    expect(series[0]?.figures['conversion']?.value).toBeNull();
  });
});

describe('the completeness of figures', () => {
  it('lists the sensors of a store that reported, and the registered ones that did not', async () => {
    const { cells, read } = world([SZ01], [], ['cam-1', 'cam-2']);
    const key = { scope: { kind: 'store', id: SZ01.storeId }, dimension: 'all', grain: 'day' } as const;
    await cells.add(
      { ...key, day: november(22) },
      changeOf(1, 1, {}, { sensors: new Set(['door', 'cam-1']) }),
    );
    const { total } = await read('store:sz01', november(22), november(22));
    expect(total.completeness).toMatchObject({ sensors: ['cam-1', 'door'], silentSensors: ['cam-2'] });
  });

  it('lists the tills of a store that never reported, and expects reports on days without sales too', async () => {
    const { cell, read } = world([SZ01]);
    await cell({ day: november(20) }, COUNTS, ['T1']);
    await cell({ day: november(21) }, COUNTS, ['T1', 'T9']);
    const { total, series } = await read('store:sz01', november(19), november(22));
    expect(total.completeness).toEqual({
      expected: 2 + 2 + 3 + 2,
      reported: 3,
      stores: { expected: 4, summed: 4 },
      silent: ['T2'],
    });
    expect(series.map(({ completeness }) => completeness)).toEqual([
      { expected: 2, reported: 1, stores: { expected: 1, summed: 1 } },
      { expected: 3, reported: 2, stores: { expected: 1, summed: 1 } },
    ]);
  });

  it('expects no reports of future days', async () => {
    const { cell, read } = world([SZ01], [{ storeId: SZ01.storeId, day: november(28), netSales: 1n }]);
    await cell({ day: november(24) }, COUNTS, ['T1']);
    const { total } = await read('store:sz01', november(24), november(30));
    expect(total.completeness).toMatchObject({ expected: 2, reported: 1 });
  });

  it('equals, for an hour, that of its day', async () => {
    const { cell, read } = world([SZ01]);
    await cell({}, COUNTS, ['T1', 'T2']);
    await cell({ grain: 'hour', startMs: shanghai('2026-11-22T10:00').instantMs });
    const { series, total } = await read('store:sz01', november(22), november(22), 'hour');
    expect(series).toMatchObject([{ completeness: { expected: 2, reported: 2 } }]);
    expect(total.completeness).toEqual({
      expected: 2,
      reported: 2,
      stores: { expected: 1, summed: 1 },
      silent: [],
    });
  });

  it('adds up the stores of a city, and takes a day without a row as silent', async () => {
    const { sum, read } = world();
    await sum(
      'city:shenzhen',
      { day: november(21), grain: 'day' },
      {
        counts: COUNTS,
        asOfMs: 1,
        reporting: { expected: 4, reported: 3 },
        seen: { expected: 2, reported: 0 },
        tills: 4,
      },
    );
    const { total } = await read('city:shenzhen', november(21), november(22));
    expect(total.completeness).toEqual({ expected: 8, reported: 3, stores: { expected: 4, summed: 2 } });
  });
});

describe('a sum while a region is still to be summed', () => {
  it('counts the tills and stores of that region as missing, and never as complete (F3)', async () => {
    const bucket = { day: november(22), grain: 'day' as const };
    const { sum, read } = world();
    const north = (tills: number, reported: number): Summary => ({
      counts: COUNTS,
      asOfMs: AS_OF_MS,
      reporting: { expected: tills, reported },
      seen: { expected: 3, reported: 0 },
      tills: 6,
    });
    // Three of four stores: six configured tills, and two more that reported without being configured.
    await sum('chain', bucket, north(8, 8));
    const { total, series } = await read('chain', november(22), november(22));
    const tills = STORES.reduce((count, store) => count + store.tills.length, 0);
    expect(tills).toBeGreaterThan(6);
    for (const { completeness } of [total, ...series])
      expect(completeness).toMatchObject({
        expected: 8 + (tills - 6),
        reported: 8,
        stores: { expected: STORES.length, summed: 3 },
      });
  });
});

describe('a store with sensors', () => {
  it('lists what does not fit together: two counting trackers, overlapping counts, posters (V5)', async () => {
    const { cells, read } = world([SZ01], [], ['ceil-1', 'ceil-2']);
    const counts = { bodies: 27n, visitors: 27n, transactions: 33n, conflictingCounts: 2n, stillVisits: 1n };
    await cells.add(
      { scope: { kind: 'store', id: SZ01.storeId }, dimension: 'all', grain: 'day', day: november(22) },
      changeOf(1, 1, counts, { sensors: new Set(['ceil-1', 'ceil-2']), reporters: new Set(['T1', 'T2']) }),
    );
    const { total } = await read('store:sz01', november(22), november(22));
    expect(total.completeness).toMatchObject({
      countingSensors: ['ceil-1', 'ceil-2'],
      conflictingCounts: 2,
      unmoving: 1,
      disagreement: { doorEntries: 0, visits: 27, transactions: 33 },
      buyers: { covered: 0, hoursNotCovered: 0, aboveOne: 1 },
    });
    expect(total.figures['conversion']).toMatchObject({ value: null, withheld: 'above one' });
    expect(total.figures['footfall']).not.toHaveProperty('withheld');
  });
});

describe('a series', () => {
  it('starts hours and minutes by the wall clock of the store, and takes its total from the days', async () => {
    const { cell, read } = world(
      [SZ01],
      [{ storeId: SZ01.storeId, day: november(22), netSales: 1_200_000n }],
    );
    await cell({});
    await cell({ grain: 'hour', startMs: shanghai('2026-11-22T11:00').instantMs }, { transactions: 1n });
    await cell({ grain: 'hour', startMs: shanghai('2026-11-22T10:00').instantMs }, { transactions: 2n });
    const hours = await read('store:sz01', november(22), november(22), 'hour');
    expect(hours.series.map(({ start, figures }) => [start, figures['transactions']?.value])).toEqual([
      ['2026-11-22T10:00:00+08:00', '2'],
      ['2026-11-22T11:00:00+08:00', '1'],
    ]);
    expect(hours.total.figures['attainment']?.value).toBe('0.500000');
    expect(hours.series[0]?.figures['attainment']?.value).toBeNull();
    const minutes = await read('store:sz01', november(22), november(22), 'minute');
    expect(minutes.series).toEqual([]);
    expect(minutes.total.figures).toEqual(hours.total.figures);
  });

  it('splits an hour that contains the business-day cut', async () => {
    const { cell, read } = world([storeOf('sz01', 'shenzhen', 'south', { dayCutMinutes: 270 })]);
    const startMs = shanghai('2026-11-22T04:00').instantMs;
    await cell({ grain: 'hour', startMs, day: november(22) }, { transactions: 1n });
    await cell({ grain: 'hour', startMs, day: november(21) }, { transactions: 2n });
    const { series } = await read('store:sz01', november(21), november(22), 'hour');
    expect(
      series.map(({ start, businessDay, figures }) => [start, businessDay, figures['transactions']?.value]),
    ).toEqual([
      ['2026-11-22T04:00:00+08:00', '2026-11-21', '2'],
      ['2026-11-22T04:00:00+08:00', '2026-11-22', '1'],
    ]);
  });

  it('uses the time zone of a city, and UTC where time zones differ', async () => {
    const { sum, read } = world();
    const hour: Bucket = { day: november(22), grain: 'hour', startMs: Date.UTC(2026, 10, 22, 2, 15) };
    const summary = { counts: COUNTS, asOfMs: AS_OF_MS };
    for (const scope of ['city:shenzhen', 'city:kathmandu', 'chain']) await sum(scope, hour, summary);
    const startOf = async (scope: string) =>
      (await read(scope, november(22), november(22), 'hour')).series[0]?.start;
    expect(await startOf('city:shenzhen')).toBe('2026-11-22T10:15:00+08:00');
    expect(await startOf('city:kathmandu')).toBe('2026-11-22T08:00:00+05:45');
    expect(await startOf('chain')).toBe('2026-11-22T02:15:00+00:00');
    expect(KTM1.timeZone).toBe('Asia/Kathmandu');
  });

  it('adds up to its total, and is as fresh as its newest day', async () => {
    const { sum, read } = world();
    for (const day of [20, 21, 22]) {
      const target = day === 22 ? {} : { target: 300_000n };
      await sum(
        'chain',
        { day: november(day), grain: 'day' },
        {
          counts: day === 22 ? COUNTS : { ...COUNTS, targetedSales: 600_000n },
          asOfMs: AS_OF_MS - (22 - day),
          ...target,
        },
      );
    }
    const { total, series } = await read('chain', november(1), november(30));
    expect(series.map(({ businessDay }) => businessDay)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
    expect(total.figures).toMatchObject({
      netSales: { value: '180.00' },
      attainment: { value: '2.000000', denominator: '60.00' },
    });
    expect(total.asOf).toBe('2026-11-22T07:04:41.120+00:00');
  });
});

describe('a response', () => {
  it('describes each of its figures in both languages', async () => {
    const { read } = world();
    const { total, kpis } = await read('chain', november(22), november(22));
    expect(Object.keys(total.figures)).toEqual(KPIS.map(({ id }) => id));
    expect(Object.keys(kpis)).toEqual(Object.keys(total.figures));
    expect(kpis['attainment']).toEqual({
      en: 'Target attainment',
      zh: '目标达成率',
      unit: 'ratio',
      formulaVersion: 2,
      formula: 'net sales of stores and days with a target ÷ target',
      formulaZh: '有目标的门店与日期的净销售额 ÷ 目标额',
    });
    expect(kpis['netSales']).toMatchObject({
      formula: 'gross sales − discounts − returns',
      formulaZh: '销售总额 − 折扣额 − 退货额',
    });
    expect(kpis['averageTicket']?.formula).toBe('(gross sales − discounts) ÷ transactions');
  });
});
