import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, formatAmount, formatQuotient, parseAmount } from '#domain/chain/money.ts';
import { amount } from '../../support/arbitraries.ts';

const signed = fc.tuple(amount, fc.boolean()).map(([value, isNegative]) => (isNegative ? -value : value));

describe('an amount', () => {
  it('survives a round trip through text, to the ten-thousandth', () => {
    fc.assert(
      fc.property(signed, (value) => {
        expect(parseAmount(formatAmount(value))).toBe(value);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['2.55', 25_500n],
    ['-3', -30_000n],
    ['0.0001', 1n],
    ['-0.00', 0n],
    ['007', 70_000n],
    ['999999999999.9999', 9_999_999_999_999_999n],
  ])('reads %s', (text, value) => {
    expect(parseAmount(text)).toBe(value);
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '1\n',
    '+1',
    '--1',
    '.5',
    '5.',
    '1,5',
    '1e3',
    '1.23456',
    '1234567890123',
    'NaN',
    '１',
    '0x10',
  ])('rejects %j', (text) => {
    expect(parseAmount(text)).toBeUndefined();
  });

  it.each([
    [0n, '0.00'],
    [1n, '0.0001'],
    [-1n, '-0.0001'],
    [25_500n, '2.55'],
    [25_050n, '2.505'],
    [63_048_260_620_000n, '6304826062.00'],
  ])('has two to four decimals: %s', (value, text) => {
    expect(formatAmount(value)).toBe(text);
  });
});

describe('an allocation', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10_000_000n }), { minLength: 1, maxLength: 20 });

  it('adds up to the whole, each part less than a ten-thousandth from its exact share', () => {
    fc.assert(
      fc.property(amount, weights, (total, parts) => {
        const shares = allocate(total, parts);
        expect(shares.reduce((a, b) => a + b, 0n)).toBe(total);
        const sum = parts.reduce((a, b) => a + b, 0n);
        if (sum === 0n) return;
        shares.forEach((share, index) => {
          const off = share * sum - total * (parts[index] ?? 0n);
          expect(off < sum && off > -sum).toBe(true);
        });
      }),
    );
  });

  it('never gives a heavier weight less than a lighter one, and gives a weight of 0 nothing', () => {
    fc.assert(
      fc.property(amount, weights, (total, parts) => {
        fc.pre(parts.some((weight) => weight > 0n));
        const pairs = allocate(total, parts).map((share, index) => ({ share, weight: parts[index] ?? 0n }));
        pairs.sort((a, b) => (a.weight === b.weight ? 0 : a.weight < b.weight ? -1 : 1));
        pairs.forEach((pair, index) => {
          const next = pairs[index + 1];
          if (pair.weight === 0n) expect(pair.share).toBe(0n);
          if (next !== undefined && next.weight > pair.weight) {
            expect(next.share >= pair.share).toBe(true);
          }
        });
      }),
    );
  });

  it('never takes more off a line than the line is worth, as long as the whole is worth it', () => {
    fc.assert(
      fc.property(weights, fc.bigInt({ min: 0n, max: 1_000n }), (parts, perMille) => {
        const total = (parts.reduce((a, b) => a + b, 0n) * perMille) / 1_000n;
        allocate(total, parts).forEach((share, index) => {
          expect(share <= (parts[index] ?? 0n)).toBe(true);
        });
      }),
    );
  });

  it('gives the rest of the rounding to the largest remainders, the earlier first', () => {
    expect(allocate(10n, [1n, 1n, 1n])).toEqual([4n, 3n, 3n]);
    expect(allocate(10n, [1n, 2n, 3n])).toEqual([2n, 3n, 5n]);
    expect(allocate(7n, [0n, 0n])).toEqual([7n, 0n]);
    expect(allocate(0n, [])).toEqual([]);
  });
});

describe('a quotient', () => {
  const whole = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });

  it('lies within half a unit of its last decimal of the exact one, away from zero on the half', () => {
    fc.assert(
      fc.property(
        whole,
        whole.filter((one) => one !== 0n),
        fc.integer({ min: 0, max: 8 }),
        (numerator, denominator, decimals) => {
          const text = formatQuotient(numerator, denominator, decimals);
          expect(text).toMatch(decimals === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${decimals}}$`));
          const written = BigInt(text.replace('.', ''));
          // 2 · |written · denominator − numerator · scale| ≤ |denominator|, with equality only away from zero
          const size = (value: bigint): bigint => (value < 0n ? -value : value);
          const exact = numerator * 10n ** BigInt(decimals);
          const off = 2n * size(written * denominator - exact);
          expect(off <= size(denominator)).toBe(true);
          if (off === size(denominator)) expect(size(written * denominator) > size(exact)).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [1n, 3n, 4, '0.3333'],
    [2n, 3n, 4, '0.6667'],
    [1n, 8n, 2, '0.13'],
    [-1n, 8n, 2, '-0.13'],
    [-1n, 1_000n, 2, '0.00'],
    [5n, -2n, 0, '-3'],
    [0n, -2n, 2, '0.00'],
  ])('formats %s ÷ %s with %s decimals as %s', (numerator, denominator, decimals, text) => {
    expect(formatQuotient(numerator, denominator, decimals)).toBe(text);
  });
});
