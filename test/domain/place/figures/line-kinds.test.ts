import { describe, expect, it } from 'vitest';
import type { ProductId, ReceiptNo } from '#domain/chain/ids.ts';
import { addCounts, type Counts } from '#domain/place/figures/cell.ts';
import {
  LINE_KINDS,
  type LineKind,
  lineValueOf,
  type Receipt,
  totalOf,
} from '#domain/place/figures/receipt.ts';
import { cellsOf } from '#domain/place/figures/receipt-cells.ts';
import { lineOf, receiptOf } from '../../../support/receipts.ts';

/** Returns what a store's day counts of receipts; names that are 0 are left out. */
function dayOf(...receipts: Receipt[]): Counts {
  const cells = receipts.flatMap((receipt) => cellsOf(receipt));
  const sum = cells
    .filter(({ key }) => key.dimension === 'all' && key.grain === 'day')
    .reduce<Counts>((total, { counts }) => addCounts(total, counts), {});
  return Object.fromEntries(Object.entries(sum).filter(([, count]) => count !== 0n));
}
const money = (amount: number): bigint => BigInt(Math.round(amount * 10_000));
const price = (amount: number, more: object = {}) => lineOf({ unitPrice: money(amount), ...more });
const sold = (...lines: ReturnType<typeof lineOf>[]) => receiptOf({ lines });

describe('a line that is no goods', () => {
  it('adds nothing to sales: a gift card of 500 that is sold, then redeemed, is 500 once (R11)', () => {
    const card = sold(price(500, { kind: 'gift-card' }));
    const goods = receiptOf({
      receiptNo: '2' as ReceiptNo,
      lines: [price(500)],
      payments: [{ method: 'gift card', amount: money(500) }],
    });
    expect(dayOf(card, goods)).toEqual({ transactions: 1n, units: 1n, lines: 1n, gross: money(500) });
    expect(totalOf(card)).toBe(money(500));
  });

  it('leaves the return rate alone when a deposit comes back (R11)', () => {
    const bought = sold(price(10), price(2, { kind: 'deposit' }));
    const back = sold(price(2, { kind: 'deposit', quantity: -1 }));
    expect(dayOf(bought, back)).toEqual({ transactions: 1n, units: 1n, lines: 1n, gross: money(10) });
    expect([totalOf(bought), totalOf(back)]).toEqual([money(12), money(-2)]);
  });

  it.each(LINE_KINDS.filter((kind) => kind !== 'goods' && kind !== 'coupon'))(
    'is paid and not counted: %s (R11)',
    (kind: LineKind) => {
      const receipt = sold(price(10), price(3, { kind }));
      expect(dayOf(receipt)).toEqual({ transactions: 1n, units: 1n, lines: 1n, gross: money(10) });
      expect(totalOf(receipt)).toBe(money(13));
    },
  );

  it('is taken off the goods by their value where it is a coupon (R11)', () => {
    const receipt = sold(price(30), price(70), price(5, { kind: 'coupon' }));
    expect(dayOf(receipt)).toMatchObject({ gross: money(100), discount: money(5), units: 2n });
    expect(totalOf(receipt)).toBe(money(95));
  });
});

describe('goods that a receipt sells and takes back', () => {
  it('are neither sold nor returned, and make no transaction (R11)', () => {
    expect(dayOf(sold(price(10), price(10, { quantity: -1 })))).toEqual({});
  });

  it('count as what is left of them (R11)', () => {
    const left = sold(price(10, { quantity: 3 }), price(10, { quantity: -1 }));
    expect(dayOf(left)).toMatchObject({ transactions: 1n, units: 2n, gross: money(20) });
    const over = sold(price(10), price(10, { quantity: -3 }));
    expect(dayOf(over)).toEqual({
      returnReceipts: 1n,
      returnUnits: 2n,
      returnLines: 1n,
      returnValue: money(20),
    });
  });

  it('stay a sale and a return where their prices differ (R11)', () => {
    const exchange = sold(price(12), price(10, { quantity: -1 }));
    expect(dayOf(exchange)).toMatchObject({ gross: money(12), returnValue: money(10), returnUnits: 1n });
  });
});

describe('a receipt that voids another one', () => {
  it('takes back what that one added, and is no return (R11)', () => {
    const first = receiptOf({ lines: [price(10, { quantity: 2, discount: money(1) }), price(5)] });
    const second = receiptOf({
      receiptNo: '2' as ReceiptNo,
      lines: first.lines.map((line) => ({ ...line, quantity: -line.quantity })),
      voids: '1' as ReceiptNo,
    });
    expect(dayOf(first, second)).toEqual({});
    expect(totalOf(second)).toBe(-totalOf(first));
  });
});

describe('goods by measure', () => {
  const banana = { productId: 'BANANA' as ProductId, unit: 'kg' } as const;

  it('are one piece at the printed value, to the hundredth (R12)', () => {
    const receipt = sold(price(1, { ...banana, quantity: 0.333 }));
    expect(dayOf(receipt)).toEqual({ transactions: 1n, units: 1n, lines: 1n, gross: money(0.33) });
    expect(totalOf(receipt)).toBe(money(0.33));
    expect(lineValueOf(price(12.99, { ...banana, quantity: 1.25 }))).toBe(money(16.24));
    expect(lineValueOf(price(3, { ...banana, quantity: -0.335 }))).toBe(money(1.01));
  });

  it('are worth the amount that the till printed, like 3 for 10.00 (R12)', () => {
    const three = sold(lineOf({ quantity: 3, unitPrice: 0n, amount: money(10) }));
    expect(dayOf(three)).toEqual({ transactions: 1n, units: 3n, lines: 1n, gross: money(10) });
    expect(totalOf(three)).toBe(money(10));
  });
});
