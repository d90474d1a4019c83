import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProductId } from '#domain/chain/ids.ts';
import { purchaseOf } from '#domain/people/customers/purchase.ts';
import { totalOf } from '#domain/place/figures/receipt.ts';
import { receipt } from '../../../support/arbitraries.ts';
import { november, SZ01 } from '../../../support/chain.ts';
import { lineOf, receiptOf, shanghai } from '../../../support/receipts.ts';

const bought = (...lines: ReturnType<typeof lineOf>[]) => purchaseOf(receiptOf({ lines }), 'r1', SZ01.cityId);

describe('a purchase', () => {
  it('has store, time, products, amounts and the receipt', () => {
    expect(purchaseOf(receiptOf(), 'sz01/T1/2026-11-22/1', SZ01.cityId)).toEqual({
      storeId: SZ01.storeId,
      cityId: SZ01.cityId,
      day: november(22),
      closedAtMs: shanghai('2026-11-22T10:00:30').instantMs,
      receipt: 'sz01/T1/2026-11-22/1',
      net: 100_000n,
      units: 1,
      products: [{ productId: 'SKU-1', quantity: 1, net: 100_000n }],
    });
  });

  it('subtracts discounts, and counts returns below 0', () => {
    expect(bought(lineOf({ quantity: 3, discount: 1n }), lineOf({ quantity: -1 }))).toMatchObject({
      net: 199_999n,
      units: 2,
      products: [{ quantity: 2, net: 199_999n }],
    });
    expect(bought(lineOf({ quantity: -2 }))).toMatchObject({ net: -200_000n, units: -2 });
  });

  it('leaves gifts out', () => {
    const gift = lineOf({ productId: 'BAG' as ProductId, unitPrice: 0n });
    expect(bought(lineOf(), gift)).toMatchObject({ units: 1, products: [{ productId: 'SKU-1' }] });
    expect(bought(gift)).toMatchObject({ net: 0n, units: 0, products: [] });
  });

  it('adds up to the total of the receipt, with each product once', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const { net, products, units } = purchaseOf(one, 'r', SZ01.cityId);
        expect(net).toBe(totalOf(one));
        expect(products.reduce((sum, product) => sum + product.net, 0n)).toBe(net);
        expect(products.reduce((sum, product) => sum + product.quantity, 0)).toBe(units);
        expect(new Set(products.map(({ productId }) => productId)).size).toBe(products.length);
      }),
    );
  });
});
