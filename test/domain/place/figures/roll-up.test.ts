import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoreId } from '#domain/chain/ids.ts';
import { covers, formatScope } from '#domain/chain/staff-scope.ts';
import { type Cell, COUNTERS, type Counts, equalCounts } from '#domain/place/figures/cell.ts';
import {
  EMPTY_SUMMARY,
  keyIn,
  reportingOf,
  type Summary,
  sum,
  summaryOfStore,
  sumProducts,
  sumsAbove,
} from '#domain/place/figures/roll-up.ts';
import { GZ01, KTM1, november, STORES, SZ01, SZ02, storeOf } from '../../../support/chain.ts';

const counts: fc.Arbitrary<Counts> = fc.dictionary(
  fc.constantFrom(...COUNTERS),
  fc.bigInt({ min: 0n, max: 10n ** 22n }),
);
const count = fc.integer({ min: 0, max: 100 });
const summary: fc.Arbitrary<Summary> = fc
  .record({
    counts,
    asOfMs: count,
    reporting: fc.option(fc.record({ expected: count, reported: count }), { nil: undefined }),
    seen: fc.option(fc.record({ expected: count, reported: count }), { nil: undefined }),
    target: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n }), { nil: undefined }),
  })
  .map(({ reporting, seen, target, ...rest }) => ({
    ...rest,
    ...(seen === undefined ? {} : { seen }),
    ...(reporting === undefined ? {} : { reporting }),
    ...(target === undefined ? {} : { target }),
  }));

const expectSame = (a: Summary, b: Summary): void => {
  expect(equalCounts(a.counts, b.counts)).toBe(true);
  expect({ ...a, counts: {} }).toEqual({ ...b, counts: {} });
};

describe('a sum', () => {
  it('is the same in any order and any grouping, and nothing adds nothing', () => {
    fc.assert(
      fc.property(summary, summary, summary, (a, b, c) => {
        expectSame(sum([a, b, c]), sum([c, a, b]));
        expectSame(sum([sum([a, b]), c]), sum([a, sum([b, c])]));
        expectSame(sum([a, EMPTY_SUMMARY]), sum([a]));
      }),
    );
  });

  it('has a target where any part has one, and is as fresh as its newest part', () => {
    expect(
      sum([{ ...EMPTY_SUMMARY, asOfMs: 7 }, { ...EMPTY_SUMMARY, asOfMs: 3, target: 5n }, EMPTY_SUMMARY]),
    ).toEqual({
      counts: {},
      asOfMs: 7,
      target: 5n,
    });
    expect(sum([])).toEqual(EMPTY_SUMMARY);
  });
});

describe('a sum of products', () => {
  it('adds each product up, by product id; the newest name wins and no name overwrites none', () => {
    const lists = [
      [{ productId: 'b', name: 'old', counts: { units: 1n } }],
      [
        { productId: 'b', name: 'new', counts: { units: 2n } },
        { productId: 'a', counts: { gross: 3n } },
      ],
      [{ productId: 'b', counts: { units: 4n } }],
    ];
    expect(sumProducts(lists)).toEqual([
      { productId: 'a', counts: { gross: 3n } },
      { productId: 'b', name: 'new', counts: { units: 7n } },
    ]);
    expect(sumProducts([])).toEqual([]);
  });
});

describe('the sums above changed stores', () => {
  const namesOf = (changed: readonly StoreId[]) =>
    sumsAbove(new Set(changed), STORES).map((level) =>
      level.map(({ scope, parts }) => `${formatScope(scope)} = ${parts.map(formatScope).join(' + ')}`),
    );

  it('are its city, its region and the chain, each of all its parts and not only the changed ones', () => {
    expect(namesOf([SZ01.storeId])).toEqual([
      ['city:shenzhen = store:sz01 + store:sz02'],
      ['region:south = city:shenzhen + city:guangzhou'],
      ['chain = region:south + region:west'],
    ]);
  });

  it('are each there once, however many stores ask for them', () => {
    expect(namesOf([SZ01.storeId, SZ02.storeId, GZ01.storeId, KTM1.storeId])).toEqual([
      [
        'city:shenzhen = store:sz01 + store:sz02',
        'city:guangzhou = store:gz01',
        'city:kathmandu = store:ktm1',
      ],
      ['region:south = city:shenzhen + city:guangzhou', 'region:west = city:kathmandu'],
      ['chain = region:south + region:west'],
    ]);
  });

  it('are none for a store that the chain does not have', () => {
    expect(sumsAbove(new Set(['closed']), STORES)).toEqual([]);
    expect(sumsAbove(new Set(), STORES)).toEqual([]);
  });

  it('cover every changed store at each level, and count every store once', () => {
    const place = fc.constantFrom('a', 'b', 'c', 'd');
    const stores = fc
      .array(place, { minLength: 1, maxLength: 10 })
      .map((cities) => cities.map((city, index) => storeOf(`s${index}`, city, city < 'c' ? 'r1' : 'r2')));
    fc.assert(
      fc.property(stores, fc.nat(), (all, pick) => {
        const changed = all[pick % all.length] ?? SZ01;
        const levels = sumsAbove(new Set([changed.storeId]), all);
        expect(levels.map((level) => level.filter(({ scope }) => covers(scope, changed)).length)).toEqual([
          1, 1, 1,
        ]);
        for (const { scope, parts } of levels.flat()) {
          for (const store of all) {
            expect(parts.filter((part) => covers(part, store)).length).toBe(covers(scope, store) ? 1 : 0);
          }
        }
      }),
    );
  });
});

describe('what should have reported', () => {
  it('is the configured tills, and those that reported without being configured', () => {
    expect(reportingOf(SZ01, new Set())).toEqual({ expected: 2, reported: 0 });
    expect(reportingOf(SZ01, new Set(['T1']))).toEqual({ expected: 2, reported: 1 });
    expect(reportingOf(SZ01, new Set(['T1', 'T9']))).toEqual({ expected: 3, reported: 2 });
  });

  it("stands in a store's figures of a day, with the target, and in no shorter ones", () => {
    const cell: Cell = {
      key: keyIn({ kind: 'store', id: SZ01.storeId }, { day: november(22), grain: 'day' }),
      counts: { units: 3n },
      reporters: new Set(['T2']),
      asOfMs: 9,
    };
    expect(summaryOfStore(SZ01, cell, 'day', 5n)).toEqual({
      counts: { units: 3n },
      asOfMs: 9,
      reporting: { expected: 2, reported: 1 },
      seen: { expected: 1, reported: 0 },
      tills: 2,
      target: 5n,
    });
    expect(summaryOfStore(SZ01, cell, 'hour', 5n)).toEqual({ counts: { units: 3n }, asOfMs: 9 });
    expect(summaryOfStore(SZ01, undefined, 'day', undefined)).toEqual({
      counts: {},
      asOfMs: 0,
      reporting: { expected: 2, reported: 0 },
      seen: { expected: 1, reported: 0 },
      tills: 2,
    });
  });

  it('sets what a store sold beside its visitors only on a day on which visits were seen', () => {
    const key = keyIn({ kind: 'store', id: SZ01.storeId }, { day: november(22), grain: 'day' });
    const sold = { transactions: 3n, gross: 90n, discount: 10n, returnValue: 20n };
    const dayOf = (counts: Counts) => summaryOfStore(SZ01, { key, counts, asOfMs: 1 }, 'day', undefined);
    expect(dayOf(sold).counts).toEqual(sold);
    const seen = dayOf({ ...sold, bodies: 4n, visitors: 4n });
    expect(seen).toMatchObject({
      counts: { seenTransactions: 3n, seenSales: 60n },
      seen: { expected: 1, reported: 1 },
    });
    expect(sum([seen, dayOf(sold)])).toMatchObject({
      counts: { transactions: 6n, seenTransactions: 3n, seenSales: 60n },
      seen: { expected: 2, reported: 1 },
    });
  });
});
