import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifierOf } from '#domain/people/customers/customer.ts';
import { maskPhone, PHONE_REFUSALS, phoneOf, toE164 } from '#domain/people/customers/phone-number.ts';

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
    ['(415) 555-0123', 'US', '+14155550123'],
    ['347 123 4567', 'IT', '+393471234567'],
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

describe('a number that one person does not answer', () => {
  it.each([
    ['51234567', 'CN', 'no-person'],
    ['0912345678', 'CN', 'no-person'],
    ['400 123 4567', 'CN', 'no-person'],
    ['95588', 'CN', 'invalid'],
    ['10690123456789', 'CN', 'invalid'],
    ['106 5502 1234', 'CN', 'no-person'],
    ['0755 2345 6789', 'CN', 'no-person'],
    ['+86 755 2345 6789', 'US', 'no-person'],
    ['12012345678', 'CN', 'no-person'],
    ['06 1234567', 'IT', 'no-person'],
    ['020 7946 0018', 'GB', 'no-person'],
    ['0800 1111 222', 'GB', 'no-person'],
    ['(800) 555-0100', 'US', 'no-person'],
    ['030 901820', 'DE', 'no-person'],
    ['+800 1234 5679', 'CN', 'no-person'],
    ['21234567', 'HK', 'no-person'],
  ])('is refused: %s dialled in %s (P17)', (text, country, reason) => {
    expect(phoneOf(text, country)).toEqual({ kind: 'refused', reason });
  });

  it('accepts the mobile of a visitor who gives the code of their country (P17)', () => {
    expect(phoneOf('+852 5123 4568', 'CN')).toEqual({ kind: 'phone', e164: '+85251234568' });
    expect(phoneOf('+886 912 345 679', 'CN')).toEqual({ kind: 'phone', e164: '+886912345679' });
  });

  it('is a Chinese mobile without a country code only with eleven digits from 13 to 19 (P17)', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{4,13}$/), (digits) => {
        const e164 = toE164(digits, 'CN');
        if (!/^(?:86)?1[3-9]\d{9}$/.test(digits)) expect(e164).toBeUndefined();
        else if (e164 !== undefined) expect(e164).toBe(`+86${digits.slice(-11)}`);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['13888888888', '+86 138 8888 8888', '13800000000', '13812345678', '15987654321', '18678901234'])(
    'is a digit repeated or a run: %s (P4)',
    (text) => {
      expect(phoneOf(text, 'CN')).toEqual({ kind: 'refused', reason: 'filler' });
    },
  );

  it.each(['13800138000', '13911110011', '18666666668', '13588889999'])(
    'is not one with a popular ending: %s (P4)',
    (text) => {
      expect(phoneOf(text, 'CN')).toEqual({ kind: 'phone', e164: `+86${text}` });
    },
  );

  it('is refused for one of the reasons that have words', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(\+|00|0)?\d{4,16}$/), (text) => {
        const reading = phoneOf(text, 'CN');
        if (reading.kind === 'refused') expect(PHONE_REFUSALS).toContain(reading.reason);
        else expect(phoneOf(reading.e164)).toEqual(reading);
      }),
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
