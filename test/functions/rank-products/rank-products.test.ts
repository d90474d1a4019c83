import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { RankingQuery, RankingResponse } from '#contracts/http/figures.ts';
import { addDays } from '#domain/chain/business-day.ts';
import { CHAIN as EVERYTHING } from '#domain/chain/staff-scope.ts';
import { rankProducts } from '#functions/rank-products/rank-products.ts';
import { november, SZ01 } from '../../support/chain.ts';
import { changeOf } from '../../support/describe-cell-store.ts';
import { memoryCellStore } from '../../support/memory-cell-store.ts';
import { memorySummaryStore } from '../../support/memory-summary-store.ts';

function world() {
  const ports = { cells: memoryCellStore(), sums: memorySummaryStore() };
  const rank = async (query: object) => {
    const parsed = v.parse(RankingQuery, {
      scope: 'store:sz01',
      from: november(21),
      to: november(22),
      ...query,
    });
    return v.parse(RankingResponse, await rankProducts(ports, parsed, 'CNY'));
  };
  return { ...ports, rank };
}
const product = (member: string, day: number) => ({
  scope: { kind: 'store', id: SZ01.storeId } as const,
  dimension: 'product' as const,
  grain: 'day' as const,
  day: november(day),
  member,
});

describe('a ranking of products', () => {
  it("adds up a store's days, with sales and returns of each product", async () => {
    const { cells, rank } = world();
    await cells.add(
      product('b', 21),
      changeOf(1, 1, { units: 2n, gross: 200_000n, discount: 5_000n }, { label: 'old', asOfMs: 1_000 }),
    );
    await cells.add(
      product('b', 22),
      changeOf(
        2,
        2,
        { units: 1n, gross: 100_000n, returnUnits: 1n, returnValue: 95_000n },
        { label: 'new', asOfMs: 61_000 },
      ),
    );
    await cells.add(product('a', 22), changeOf(2, 2, { units: 9n, gross: 90_000n }));
    await cells.add(product('a', 23), changeOf(3, 3, { units: 99n, gross: 990_000n }));
    const { products, asOf } = await rank({});
    expect(products).toEqual([
      {
        rank: 1,
        product: 'b',
        name: 'new',
        units: '3',
        grossSales: '30.00',
        netSales: '20.00',
        returnUnits: '1',
        returns: '9.50',
      },
      {
        rank: 2,
        product: 'a',
        name: null,
        units: '9',
        grossSales: '9.00',
        netSales: '9.00',
        returnUnits: '0',
        returns: '0.00',
      },
    ]);
    expect(asOf).toBe('1970-01-01T00:01:01+00:00');
    expect((await rank({ by: 'units', limit: '1' })).products).toMatchObject([{ rank: 1, product: 'a' }]);
    expect((await rank({ by: 'returns' })).products).toMatchObject([{ product: 'b' }]);
  });

  it('reads the chain from the sums, over more days than one read returns', async () => {
    const { sums, rank } = world();
    for (let day = 0; day < 100; day += 3) {
      const list = { products: [{ productId: 'a', counts: { units: 1n, gross: 1n } }], asOfMs: day };
      await sums.writeProducts(EVERYTHING, addDays(november(1), day), list, 0);
    }
    const { products } = await rank({ scope: 'chain', from: november(1), to: '2027-02-08' });
    expect(products).toMatchObject([{ product: 'a', units: '34', grossSales: '0.0034' }]);
  });

  it('is empty, without a time, where nothing was sold', async () => {
    const { rank } = world();
    expect(await rank({})).toMatchObject({ products: [], asOf: null, by: 'revenue', currency: 'CNY' });
  });
});
