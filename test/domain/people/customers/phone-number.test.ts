import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierOf } from '#domain/people/customers/customer.ts';
import { maskPhone, toE164 } from '#domain/people/customers/phone-number.ts';

describe('a phone number', () => {
  it.each([
    ['13800138000', 'CN', '+8613800138000'],
    ['138 0013-8000', 'CN', '+8613800138000'],
    ['１３８００１３８０００', 'CN', '+8613800138000'],
    ['008613800138000', 'CN', '+8613800138000'],
    ['86 138 0013 8000', 'CN', '+8613800138000'],
    ['+86 138 0013 8000', undefined, '+8613800138000'],
    ['+86 138 0013 8000', 'US', '+8613800138000'],
    ['(415) 555-0100', 'US', '+14155550100'],
    ['0411 123 456', 'AU', '+61411123456'],
    ['06 1234567', 'IT', '+39061234567'],
  ])('parses %s, dialled in %s, as %s', (text, country, e164) => {
    expect(toE164(text, country)).toBe(e164);
  });

  it.each([
    ['13800138000', undefined],
    ['13800138000', 'XX'],
    ['110', 'CN'],
    ['000', 'CN'],
    ['', 'CN'],
    ['+', 'CN'],
    ['call 13800138000', 'CN'],
    ['13800138000 ext. 5', 'CN'],
    ['+999123456789', 'CN'],
    ['+49 00 7106', 'DE'],
    ['0000', 'DE'],
    ['0246289593744196', 'DE'],
    ['1'.repeat(300), 'CN'],
  ])('rejects %s in %s', (text, country) => {
    expect(toE164(text, country)).toBeUndefined();
  });

  it('is an identifier where it parses, and parses to itself in every country', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^\+?[\d ()-]{5,18}$/),
      fc.stringMatching(/^(\+|00|0)?\d{4,16}$/),
      fc.stringMatching(/^1[3-9]\d{9}$/),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('CN', 'US', 'DE', 'IT', 'XX', undefined), (written, country) => {
        const e164 = toE164(written, country);
        if (e164 === undefined) return;
        expect(identifierOf('phone', e164)).toBeDefined();
        expect(toE164(e164, 'NP')).toBe(e164);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a masked number', () => {
  it('can be recognised by its owner', () => {
    expect(maskPhone('+8613800138000')).toBe('+86*******8000');
    expect(maskPhone('+4512345678')).toBe('+45****5678');
  });

  it('hides four digits at least, or all but the first, and keeps the length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+[1-9]\d{0,14}$/), (e164) => {
        const masked = maskPhone(e164);
        expect(masked).toHaveLength(e164.length);
        const hidden = masked.split('*').length - 1;
        expect(hidden).toBeGreaterThanOrEqual(Math.min(4, Math.max(0, e164.length - 3)));
      }),
    );
  });
});
