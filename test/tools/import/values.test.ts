import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isTimeFormat,
  RowError,
  readAmount,
  readId,
  readPhone,
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

describe('a separator in a number', () => {
  it.each([
    ['1.234', { decimal: ',' }, '"." is not declared'],
    ['1,234.50', {}, '"," is not declared'],
    ["1'234", {}, '"\'" is not declared'],
    ['12,50', { thousands: ',' }, '"," separates groups of three digits'],
    ['1,2,3,4', { thousands: ',' }, '"," separates groups of three digits'],
    ['1234,567', { thousands: ',' }, '"," separates groups of three digits'],
    ['1 2', {}, 'is not a number'],
  ] as const)('is refused where the format does not declare it: %s in %j (R5)', (cell, format, message) => {
    expect(() => readAmount(cell, format)).toThrow(message);
  });

  it('is read where it is declared and stands between groups of three (R5)', () => {
    expect(readAmount('1.234', { decimal: ',', thousands: '.' })).toBe('1234');
    expect(readAmount('1.234,00', { decimal: ',', thousands: '.' })).toBe('1234');
    expect(readAmount('4,50', { decimal: ',' })).toBe('4.5');
    expect(readAmount('1,234.50', { thousands: ',' })).toBe('1234.5');
    expect(readAmount("-12'345'678.9", { thousands: "'" })).toBe('-12345678.9');
    expect(readAmount('1 234 567,5', { decimal: ',', thousands: ' ' })).toBe('1234567.5');
  });
});

describe('an id from a spreadsheet', () => {
  it('is refused where it was shortened, with the remedy in the words (R2)', () => {
    for (const cell of ['2.02611E+17', '6.90123E+12', '1.39E+10', '1E5', '6,9E+12']) {
      expect(() => readId(cell), cell).toThrow('was shortened by a spreadsheet');
      expect(() => readId(cell), cell).toThrow('format the column as text');
    }
    expect(['8E', 'E+12', '12E+3', 'A1', '6901234567892'].map(readId)).toEqual([
      ...['8E', 'E+12', '12E+3', 'A1', '6901234567892'],
    ]);
  });

  it('is refused where it became a decimal, and a phone is read without the decimal (R14)', () => {
    expect(() => readId('6901234567892.0')).toThrow('is a decimal number and no id');
    expect(readPhone('13800138005.0')).toBe('13800138005');
    expect(readPhone('+86 138 0013 8005')).toBe('+86 138 0013 8005');
  });

  it('is refused where it is a time (R2)', () => {
    expect(() => timeReader('unix-ms', '12:00:00')('1.764E+12')).toThrow('was shortened by a spreadsheet');
  });
});

describe('readQuantity', () => {
  it('accepts pieces and weights', () => {
    expect(readQuantity('6', {})).toBe(6);
    expect(readQuantity('-12.0', {})).toBe(-12);
    expect(readQuantity('0.333', {})).toBe(0.333);
    expect(() => readQuantity('99999999999999999999', {})).toThrow('too large for a quantity');
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

  it('returns offsets, fractions of a second and unpadded parts (R25)', () => {
    expect(read('YYYY-MM-DD HH:mm:ss Z', '2023-05-31 20:39:54 -0700')).toBe('2023-05-31T20:39:54-07:00');
    expect(read('YYYY-MM-DDTHH:mm:ssZ', '2023-05-31T20:39:54+0000')).toBe('2023-05-31T20:39:54+00:00');
    expect(read('YYYY-MM-DDTHH:mm:ss.SZ', '2023-05-31T20:39:54.123Z')).toBe('2023-05-31T20:39:54.123Z');
    expect(read('YYYY/M/D H:mm', '2026/11/1 9:05')).toBe('2026-11-01T09:05:00');
    expect(read('YYYY/M/D H:m:s', '2026/11/1 9:5:7')).toBe('2026-11-01T09:05:07');
  });

  it("returns a spreadsheet's day numbers as local times (R25)", () => {
    expect(read('excel', '46347')).toBe('2026-11-21T12:00:00');
    expect(read('excel', '46347.4375')).toBe('2026-11-21T10:30:00');
    expect(() => read('excel', '2026-11-21')).toThrow('is not a time (excel)');
  });

  it('takes the first of several formats that matches (R25)', () => {
    const time = timeReader(['YYYY-MM-DD HH:mm:ss', 'D/M/YYYY', 'excel'], '12:00:00');
    expect(['2026-11-21 10:30:00', '21/11/2026', '46347'].map(time)).toEqual([
      '2026-11-21T10:30:00',
      '2026-11-21T12:00:00',
      '2026-11-21T12:00:00',
    ]);
    expect(() => time('21.11.2026')).toThrow('YYYY-MM-DD HH:mm:ss or D/M/YYYY or excel');
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
