import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFiller } from '#domain/people/customers/filler.ts';
import { memberNumberFault } from '#domain/people/customers/member-number.ts';

describe('a member number', () => {
  it.each([
    ['1.00023E+11', 'scientific notation'],
    ['1,00023E+11', 'scientific notation'],
    ['1e+11', 'scientific notation'],
    ['6.2E15', 'scientific notation'],
    ['100023.0', 'decimal number'],
    ['100,023', 'separators'],
    ['622202110001234000', 'rounded'],
    ['#REF!', 'error of a spreadsheet'],
    ['#####', 'error of a spreadsheet'],
    ['M#1', 'contains #'],
    ['x'.repeat(300), 'too long'],
    ['无', 'placeholder'],
    ['散客', 'placeholder'],
    ['-', 'placeholder'],
    ['—', 'placeholder'],
    ['/', 'placeholder'],
    ['0', 'placeholder'],
    ['0000', 'placeholder'],
    ['NULL', 'placeholder'],
    ['n/a', 'placeholder'],
    ['888888', 'placeholder'],
    ['123456789', 'placeholder'],
  ])('is refused with the reason: %s (P3)', (text, reason) => {
    expect(memberNumberFault(text)).toContain(reason);
  });

  it.each([
    '1',
    '7',
    '1111',
    '9999',
    '10023',
    'M10023',
    '1E5',
    'A-17',
    '会员 7:a',
    '13800138000',
    '6222021100012340',
  ])('is accepted: %s (P3)', (text) => {
    expect(memberNumberFault(text)).toBeUndefined();
  });

  it('is refused in every spelling of scientific notation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1e11, max: 1e15 }), fc.integer({ min: 1, max: 8 }), (number, digits) => {
        expect(memberNumberFault(number.toExponential(digits))).toContain('scientific');
      }),
    );
  });
});

describe('a filler', () => {
  it('is one digit repeated or a run in either direction', () => {
    fc.assert(
      fc.property(
        fc.nat(9),
        fc.constantFrom(0, 1, 9),
        fc.integer({ min: 2, max: 12 }),
        (first, step, length) => {
          const digits = Array.from({ length }, (_, at) => (first + at * step) % 10).join('');
          expect(isFiller(digits)).toBe(true);
        },
      ),
    );
  });

  it('is nothing with two different steps', () => {
    for (const digits of ['13579', '11112', '12340', '98766', '00138000', '5'])
      expect(isFiller(digits)).toBe(false);
  });
});
