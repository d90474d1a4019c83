import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTimeFormat,
  RowFault,
  readAmount,
  readQuantity,
  slugOf,
  timeReader,
} from '#tools/import/values.ts';

describe('an amount as a till writes it', () => {
  it('is read through currency signs, spaces, thousands and the ways to write a minus', () => {
    expect(readAmount('$15.99', {})).toBe('15.99');
    expect(readAmount('¥ 1 299', {})).toBe('1299');
    expect(readAmount('1,234.50', { thousands: ',' })).toBe('1234.5');
    expect(readAmount('1.234,50 €', { decimal: ',', thousands: '.' })).toBe('1234.5');
    expect(readAmount('(5.00)', {})).toBe('-5');
    expect(readAmount('5.00-', {})).toBe('-5');
    expect(readAmount('.5', {})).toBe('0.5');
    expect(readAmount('2.50000000', {})).toBe('2.5');
  });

  it('is left as it is where it is plain, to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (value) => {
        const digits = String(value < 0n ? -value : value).padStart(5, '0');
        const text = `${value < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
        expect(readAmount(text, {})).toBe(text);
      }),
    );
  });

  it('is never guessed', () => {
    for (const cell of ['', 'x', '1e3', '1,5', '1.2.3', '--5', '12abc', 'NaN', '0x10']) {
      expect(() => readAmount(cell, {}), cell).toThrow(RowFault);
    }
  });
});

describe('a number of pieces', () => {
  it('is whole', () => {
    expect(readQuantity('6', {})).toBe(6);
    expect(readQuantity('-12.0', {})).toBe(-12);
    expect(() => readQuantity('1.5', {})).toThrow('not a whole number');
    expect(() => readQuantity('99999999999999999999', {})).toThrow('not a whole number');
  });
});

describe('a time as a till writes it', () => {
  const read = (format: string, cell: string) => timeReader(format, '12:00:00')(cell);

  it("is the store's wall clock, in whatever order its parts stand", () => {
    expect(read('YYYY-MM-DD HH:mm:ss', '2010-12-01 08:26:00')).toBe('2010-12-01T08:26:00');
    expect(read('D/M/YYYY H:mm', '1/12/2010 8:26')).toBe('2010-12-01T08:26:00');
    expect(read('MM/DD/YY hh:mm A', '12/01/10 08:26 PM')).toBe('2010-12-01T20:26:00');
    expect(read('DD.MM.YYYY', '01.12.2010')).toBe('2010-12-01T12:00:00');
    expect(read('YYYY年M月D日 HH:mm', '2026年1月2日 09:05')).toBe('2026-01-02T09:05:00');
    expect(read('MM/DD/YYYY h:mm A', '01/02/2026 12:05 am')).toBe('2026-01-02T00:05:00');
  });

  it('may carry its own zone', () => {
    expect(read('rfc3339', '2026-01-02T09:05:00+08:00')).toBe('2026-01-02T09:05:00+08:00');
    expect(read('unix', '1764000000')).toBe('2025-11-24T16:00:00.000Z');
    expect(read('unix-ms', '1764000000000')).toBe('2025-11-24T16:00:00.000Z');
  });

  it('is refused in another form than the mapping says', () => {
    expect(() => read('YYYY-MM-DD', '01.12.2010')).toThrow('not a time of the form YYYY-MM-DD');
    expect(() => read('YYYY.MM.DD', '2010x12x01')).toThrow(RowFault);
    expect(() => read('unix', '')).toThrow(RowFault);
  });

  it('has a format that names a year, a month and a day', () => {
    expect(['YYYY-MM-DD', 'D/M/YY', 'rfc3339', 'unix'].every(isTimeFormat)).toBe(true);
    expect(['', 'HH:mm', 'YYYY-MM', 'YYYY-MM-DD YYYY', 'x'].some(isTimeFormat)).toBe(false);
  });
});

describe('the id of a place made from its name', () => {
  it('holds letters, digits and dashes', () => {
    expect(slugOf('United Kingdom')).toBe('united-kingdom');
    expect(slugOf(' São Paulo (2) ')).toBe('sao-paulo-2');
  });
});
