import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTimeFormat,
  RowError,
  readAmount,
  readQuantity,
  slugOf,
  timeReader,
} from '#tools/import/values.ts';

describe('readAmount', () => {
  it('accepts currency signs, spaces, thousands separators and every notation of a minus', () => {
    expect(readAmount('$15.99', {})).toBe('15.99');
    expect(readAmount('¥ 1 299', {})).toBe('1299');
    expect(readAmount('1,234.50', { thousands: ',' })).toBe('1234.5');
    expect(readAmount('1.234,50 €', { decimal: ',', thousands: '.' })).toBe('1234.5');
    expect(readAmount('(5.00)', {})).toBe('-5');
    expect(readAmount('5.00-', {})).toBe('-5');
    expect(readAmount('.5', {})).toBe('0.5');
    expect(readAmount('2.50000000', {})).toBe('2.5');
  });

  it('returns a plain number unchanged, to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (value) => {
        const digits = String(value < 0n ? -value : value).padStart(5, '0');
        const text = `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
        expect(readAmount(text, {})).toBe(text);
      }),
    );
  });

  it('throws where the cell is not a number in the format', () => {
    for (const cell of ['', 'x', '1e3', '1,5', '1.2.3', '--5', '12abc', 'NaN', '0x10']) {
      expect(() => readAmount(cell, {}), cell).toThrow(RowError);
    }
  });
});

describe('readQuantity', () => {
  it('accepts safe integers only', () => {
    expect(readQuantity('6', {})).toBe(6);
    expect(readQuantity('-12.0', {})).toBe(-12);
    expect(() => readQuantity('1.5', {})).toThrow('not a whole number');
    expect(() => readQuantity('99999999999999999999', {})).toThrow('not a whole number');
  });
});

describe('timeReader', () => {
  const read = (format: string, cell: string) => timeReader(format, '12:00:00')(cell);

  it("returns the store's local time for tokens in any order", () => {
    expect(read('YYYY-MM-DD HH:mm:ss', '2010-12-01 08:26:00')).toBe('2010-12-01T08:26:00');
    expect(read('D/M/YYYY H:mm', '1/12/2010 8:26')).toBe('2010-12-01T08:26:00');
    expect(read('MM/DD/YY hh:mm A', '12/01/10 08:26 PM')).toBe('2010-12-01T20:26:00');
    expect(read('DD.MM.YYYY', '01.12.2010')).toBe('2010-12-01T12:00:00');
    expect(read('YYYY年M月D日 HH:mm', '2026年1月2日 09:05')).toBe('2026-01-02T09:05:00');
    expect(read('MM/DD/YYYY h:mm A', '01/02/2026 12:05 am')).toBe('2026-01-02T00:05:00');
  });

  it('returns times with an offset for the formats rfc3339, unix and unix-ms', () => {
    expect(read('rfc3339', '2026-01-02T09:05:00+08:00')).toBe('2026-01-02T09:05:00+08:00');
    expect(read('unix', '1764000000')).toBe('2025-11-24T16:00:00.000Z');
    expect(read('unix-ms', '1764000000000')).toBe('2025-11-24T16:00:00.000Z');
  });

  it('throws where the cell has another format than the mapping', () => {
    expect(() => read('YYYY-MM-DD', '01.12.2010')).toThrow('not a time in the format YYYY-MM-DD');
    expect(() => read('YYYY.MM.DD', '2010x12x01')).toThrow(RowError);
    expect(() => read('unix', '')).toThrow(RowError);
  });

  it('requires a format with year, month and day', () => {
    expect(['YYYY-MM-DD', 'D/M/YY', 'rfc3339', 'unix'].every(isTimeFormat)).toBe(true);
    expect(['', 'HH:mm', 'YYYY-MM', 'YYYY-MM-DD YYYY', 'x'].some(isTimeFormat)).toBe(false);
  });
});

describe('slugOf', () => {
  it('returns letters, digits and dashes', () => {
    expect(slugOf('United Kingdom')).toBe('united-kingdom');
    expect(slugOf(' São Paulo (2) ')).toBe('sao-paulo-2');
  });
});
