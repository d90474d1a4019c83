import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discountsOf, faultsOf, lineValueOf, type Receipt, totalOf } from '#domain/place/figures/receipt.ts';
import { receipt, soldValueOf } from '../../../support/arbitraries.ts';
import { lineOf, receiptOf } from '../../../support/receipts.ts';

const paid = (amount: bigint) => ({ payments: [{ method: 'cash', amount }] });

describe('a receipt', () => {
  it('owes what was sold, less discounts, less what was brought back', () => {
    const one = receiptOf({
      lines: [
        lineOf({ quantity: 2, unitPrice: 100_000n, discount: 5_000n }),
        lineOf({ quantity: -1, unitPrice: 30_000n, discount: 1_000n }),
        lineOf({ quantity: 3, unitPrice: 0n }),
      ],
      discount: 20_000n,
    });
    expect(totalOf(one)).toBe(200_000n - 5_000n - 29_000n - 20_000n);
  });

  it('spreads its discount over what was sold at a price, and over nothing else', () => {
    const one = receiptOf({
      lines: [
        lineOf({ quantity: 1, unitPrice: 30_000n }),
        lineOf({ quantity: 1, unitPrice: 0n }),
        lineOf({ quantity: -1, unitPrice: 90_000n, discount: 7n }),
        lineOf({ quantity: 1, unitPrice: 70_000n, discount: 10_000n }),
      ],
      discount: 9n,
    });
    expect(discountsOf(one)).toEqual([3n, 0n, 7n, 10_006n]);
  });

  it('gives back the value of returned pieces less its discount, where it only returns (R6)', () => {
    const one = receiptOf({
      lines: [
        lineOf({ quantity: -1, unitPrice: 300n }),
        lineOf({ quantity: -1, unitPrice: 700n, discount: 100n }),
      ],
      discount: 90n,
    });
    expect(discountsOf(one)).toEqual([30n, 160n]);
    expect(totalOf(one)).toBe(-810n);
    expect(faultsOf({ ...one, ...paid(-810n) })).toEqual([]);
    expect(faultsOf({ ...one, discount: 901n }).map(({ path }) => path)).toEqual([['discount']]);
  });

  it('loses exactly its discounts to its lines, none of which falls below 0', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const discounts = discountsOf(one);
        const own = one.lines.reduce((sum, line) => sum + line.discount, 0n);
        expect(discounts.reduce((a, b) => a + b, 0n)).toBe(own + one.discount);
        one.lines.forEach((line, index) => {
          expect((discounts[index] ?? 0n) <= lineValueOf(line)).toBe(true);
          if (line.quantity < 0) expect(discounts[index]).toBe(line.discount);
        });
      }),
    );
  });

  it('comes to the sum of its lines after all discounts', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        const discounts = discountsOf(one);
        const lines = one.lines.map((line, index) => {
          const value = lineValueOf(line) - (discounts[index] ?? 0n);
          return line.quantity > 0 ? value : -value;
        });
        expect(totalOf(one)).toBe(lines.reduce((a, b) => a + b, 0n));
      }),
    );
  });
});

describe('the faults of a receipt', () => {
  it('are none where the parts agree', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        expect(faultsOf({ ...one, payments: [] })).toEqual([]);
        expect(faultsOf({ ...one, ...paid(totalOf(one)) })).toEqual([]);
      }),
    );
  });

  it('name every payment that is a ten-thousandth off', () => {
    fc.assert(
      fc.property(receipt, fc.constantFrom(1n, -1n), (one, off) => {
        const faults = faultsOf({ ...one, ...paid(totalOf(one) + off) });
        expect(faults.map(({ path }) => path)).toEqual([['payments']]);
      }),
    );
  });

  it('name the line that lost more than it was worth, a return among them', () => {
    const one = receiptOf({
      lines: [
        lineOf({ quantity: 1, unitPrice: 10n, discount: 10n }),
        lineOf({ quantity: 1, unitPrice: 10n, discount: 11n }),
        lineOf({ quantity: -2, unitPrice: 10n, discount: 21n }),
      ],
    });
    expect(faultsOf(one).map(({ path }) => path)).toEqual([
      ['lines', 1, 'discount'],
      ['lines', 2, 'discount'],
    ]);
  });

  it('name a discount that is more than what was sold; what was brought back does not make room for it', () => {
    const lines = [lineOf({ quantity: 1, unitPrice: 10n }), lineOf({ quantity: -1, unitPrice: 50n })];
    const faults = (one: Receipt) => faultsOf(one).map(({ path }) => path);
    expect(faults(receiptOf({ lines, discount: 10n }))).toEqual([]);
    expect(faults(receiptOf({ lines, discount: 11n }))).toEqual([['discount']]);
    expect(soldValueOf(lines)).toBe(10n);
  });
});
