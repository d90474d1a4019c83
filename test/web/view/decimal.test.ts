import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from '#domain/chain/money.ts';
import {
  addDecimals,
  formatAxis,
  formatCount,
  formatMoney,
  formatMoneyRounded,
  formatPercent,
  formatRounded,
  roundDecimal,
  shiftDecimal,
} from '#web/view/decimal.ts';

const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

/** Parses a shown amount independently of the formatter. */
const readBack = (shown: string): string => shown.replace('\u2212', '-').replace(/[^\d.-]/g, '');

describe('formatMoney', () => {
  it('is exact for any amount', () => {
    fc.assert(
      fc.property(amount, (value) => {
        const text = formatAmount(value);
        const [whole = '', fraction = ''] = readBack(formatMoney(text, 'CNY')).split('.');
        const scaled = BigInt(whole.replace('-', '') + fraction.padEnd(4, '0'));
        expect(whole.startsWith('-') ? -scaled : scaled).toBe(value);
      }),
    );
  });

  it('groups digits and adds the sign and the currency symbol', () => {
    expect(formatMoney('63048260620000.5', 'CNY')).toBe('¥63,048,260,620,000.50');
    expect(formatMoney('-1234.00', 'CNY')).toBe('\u2212¥1,234.00');
    expect(formatMoney('12.3456', 'EUR')).toBe('€12.3456');
    expect(formatMoney('1200.00', 'JPY')).toBe('¥1,200');
    expect(formatMoney('1200.50', 'JPY')).toBe('¥1,200.5');
    expect(formatMoney('9.00', 'CHF')).toBe('CHF\u00A09.00');
    expect(formatMoney('9.00', 'not a code')).toBe('not a code\u00A09.00');
  });

  it("rounds averages to the currency's decimals", () => {
    expect(formatMoneyRounded('99.2995', 'CNY')).toBe('¥99.30');
    expect(formatMoneyRounded('99.5000', 'JPY')).toBe('¥100');
    expect(formatMoneyRounded('-0.0049', 'CNY')).toBe('¥0.00');
  });
});

describe('decimal arithmetic', () => {
  it('rounds half away from zero', () => {
    expect(roundDecimal('2.345', 2)).toBe('2.35');
    expect(roundDecimal('-2.345', 2)).toBe('-2.35');
    expect(roundDecimal('999.995', 2)).toBe('1000.00');
    expect(roundDecimal('0.5', 0)).toBe('1');
    expect(roundDecimal('-0.4', 0)).toBe('0');
    expect(roundDecimal('7', 3)).toBe('7.000');
  });

  it('rounds by at most half a unit of the last decimal', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 4 }), (value, decimals) => {
        const rounded = roundDecimal(formatAmount(value), decimals).replace('-', '');
        const [whole = '', fraction = ''] = rounded.split('.');
        const off = BigInt(whole + fraction.padEnd(4, '0')) - (value < 0n ? -value : value);
        expect(2n * (off < 0n ? -off : off)).toBeLessThanOrEqual(10n ** BigInt(4 - decimals));
      }),
    );
  });

  it('shifts the decimal point', () => {
    expect(shiftDecimal('0.0834', 2)).toBe('8.34');
    expect(shiftDecimal('-1.5', 2)).toBe('-150');
    expect(shiftDecimal('12', 2)).toBe('1200');
  });

  it('adds exactly where doubles do not', () => {
    expect(addDecimals('0.1', '0.2')).toBe('0.3');
    expect(addDecimals('9007199254740993', '0.0001')).toBe('9007199254740993.0001');
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        const sum = addDecimals(formatAmount(a), formatAmount(b));
        const [whole = '', fraction = ''] = sum.replace('-', '').split('.');
        const scaled = BigInt(whole + fraction.padEnd(4, '0'));
        expect(sum.startsWith('-') ? -scaled : scaled).toBe(a + b);
      }),
    );
  });

  it('throws a RangeError for a text that is not a decimal', () => {
    for (const text of ['', '1e3', '1,000', 'NaN', '.5']) expect(() => formatCount(text)).toThrow(RangeError);
  });
});

describe('counts, percentages and axis labels', () => {
  it('are formatted in common notation', () => {
    expect(formatCount('1234567')).toBe('1,234,567');
    expect(formatCount('12.00')).toBe('12');
    expect(formatPercent('0.829640')).toBe('83.0%');
    expect(formatPercent('12.5')).toBe('1,250.0%');
    expect(formatPercent('-0.0004')).toBe('0.0%');
    expect(formatRounded('2.3516', 2)).toBe('2.35');
  });

  it('are compact on an axis, in the units of the language', () => {
    expect(formatAxis(12_000, 'en')).toBe('12K');
    expect(formatAxis(12_000, 'zh')).toBe('1.2万');
  });
});
