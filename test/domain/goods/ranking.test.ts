import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RANKED_BY, rank } from '#domain/goods/ranking.ts';

const product = (productId: string, gross: bigint, units = 0n, returnValue = 0n) => ({
  productId,
  counts: { gross, units, returnValue },
});

describe('a ranking', () => {
  it('sorts by the requested measure, the largest first', () => {
    const products = [product('a', 5n, 1n, 7n), product('b', 9n, 2n, 0n), product('c', 1n, 3n, 8n)];
    const idsBy = (by: (typeof RANKED_BY)[number]) =>
      rank(products, by, 30).map(({ productId }) => productId);
    expect(idsBy('revenue')).toEqual(['b', 'a', 'c']);
    expect(idsBy('units')).toEqual(['c', 'b', 'a']);
    expect(idsBy('returns')).toEqual(['c', 'a']);
  });

  it('is the same for any order of products, with ties by product id', () => {
    const small = fc.bigInt({ min: 0n, max: 3n });
    const products = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 3 }), small, small), {
      selector: ([id]) => id,
    });
    fc.assert(
      fc.property(
        products,
        fc.constantFrom(...RANKED_BY),
        fc.integer({ min: 0, max: 10 }),
        (list, by, size) => {
          const all = list.map(([id, gross, units]) => product(id, gross, units, units));
          const ranked = rank(all, by, size);
          expect(rank([...all].reverse(), by, size)).toEqual(ranked);
          expect(rank(all, by, all.length).slice(0, size)).toEqual(ranked);
          const measure = { revenue: 'gross', units: 'units', returns: 'returnValue' } as const;
          ranked.forEach((one, index) => {
            const next = ranked[index + 1];
            const mine = one.counts[measure[by]] ?? 0n;
            expect(mine > 0n).toBe(true);
            if (next === undefined) return;
            const theirs = next.counts[measure[by]] ?? 0n;
            expect(mine > theirs || (mine === theirs && one.productId < next.productId)).toBe(true);
          });
        },
      ),
    );
  });
});
