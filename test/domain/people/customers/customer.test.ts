import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForeignId } from '#domain/chain/ids.ts';
import { type Consent, hasConsent, PURPOSES } from '#domain/people/customers/consent.ts';
import {
  identifierOf,
  isPersonId,
  mayLink,
  PHONES_MAX,
  personIdOf,
} from '#domain/people/customers/customer.ts';
import { foreignId } from '../../../support/arbitraries.ts';

const consent: fc.Arbitrary<Consent> = fc.record({
  purpose: fc.constantFrom(...PURPOSES),
  isGranted: fc.boolean(),
  proof: fc.constant('form 1'),
  source: fc.constant('till'),
  atMs: fc.integer({ min: 0, max: 5 }),
});
const consentAt = (atMs: number, isGranted: boolean): Consent => ({
  purpose: 'push',
  isGranted,
  proof: 'app 3.1',
  source: 'app',
  atMs,
});

describe('a consent', () => {
  it('is missing without a record, before the record, and for another purpose', () => {
    expect(hasConsent([], 'push', 9)).toBe(false);
    expect(hasConsent([consentAt(5, true)], 'push', 4)).toBe(false);
    expect(hasConsent([consentAt(5, true)], 'location', 9)).toBe(false);
  });

  it('is valid from its time until the next record', () => {
    const said = [consentAt(2, true), consentAt(4, false), consentAt(6, true)];
    expect([1, 2, 3, 4, 5, 6].map((atMs) => hasConsent(said, 'push', atMs))).toEqual([
      ...[false, true, true, false, false, true],
    ]);
  });

  it('yields to a withdrawal at the same time, whichever was written first', () => {
    expect(hasConsent([consentAt(2, true), consentAt(2, false)], 'push', 2)).toBe(false);
    expect(hasConsent([consentAt(2, false), consentAt(2, true)], 'push', 2)).toBe(false);
  });

  it('is independent of order and repeats, and of later records', () => {
    const records = fc.array(consent, { maxLength: 8 });
    fc.assert(
      fc.property(records, records, fc.constantFrom(...PURPOSES), (said, later, purpose) => {
        const holds = hasConsent(said, purpose, 5);
        expect(hasConsent([...said, ...said].reverse(), purpose, 5)).toBe(holds);
        const ofLater = later.map((one) => ({ ...one, atMs: one.atMs + 6 }));
        expect(hasConsent([...ofLater, ...said], purpose, 5)).toBe(holds);
      }),
    );
  });
});

describe('the id of a customer', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });

  it('is p. and 26 letters that encode the bytes uniquely', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(isPersonId(personIdOf(a))).toBe(true);
        expect(personIdOf(a) === personIdOf(b)).toBe(Buffer.from(a).equals(Buffer.from(b)));
      }),
    );
    expect(personIdOf(new Uint8Array(16))).toBe(`p.${'0'.repeat(26)}`);
    expect(personIdOf(new Uint8Array(16).fill(255))).toBe(`p.7${'z'.repeat(25)}`);
  });

  it('has no other form', () => {
    for (const text of ['', 'p.', 'member:1', `p.${'0'.repeat(25)}`, `p.${'u'.repeat(26)}`])
      expect(isPersonId(text)).toBe(false);
  });
});

describe('an identifier', () => {
  it('is a number in E.164, a member number as its register writes it, or the id of a phone', () => {
    expect(identifierOf('phone', '+8613800138000')).toEqual({ kind: 'phone', value: '+8613800138000' });
    expect(identifierOf('member', '会员 7')).toEqual({ kind: 'member', value: '会员 7' });
    expect(identifierOf('device', 'ph-1a')).toEqual({ kind: 'device', value: 'ph-1a' });
  });

  it.each([
    ['phone', '13800138000'],
    ['phone', '+86 138'],
    ['phone', ''],
    ['member', ''],
    ['member', ' M1'],
    ['member', 'M#1'],
    ['device', 'a b'],
  ] as const)('rejects for the kind %s the text "%s"', (kind, value) => {
    expect(identifierOf(kind, value)).toBeUndefined();
  });

  it('never contains the separator of table keys', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(identifierOf('member', text)?.value.includes('#') ?? false).toBe(false);
        expect(identifierOf('member', text) !== undefined).toBe(isForeignId(text));
      }),
    );
  });
});

describe('a customer', () => {
  const member = (value: string) => ({ kind: 'member', value }) as const;
  const phone = (value: string) => ({ kind: 'phone', value }) as const;

  it('has one member number, which may be linked again', () => {
    fc.assert(
      fc.property(foreignId<string>(), foreignId<string>(), (has, gets) => {
        expect(mayLink([member(has), phone('+8613800138000')], member(gets))).toBe(has === gets);
      }),
    );
    expect(mayLink([phone('+8613800138000')], member('M1'))).toBe(true);
  });

  it('has a limited number of phone numbers, and any number of phones', () => {
    const phones = Array.from({ length: PHONES_MAX }, (_, index) => phone(`+861380013800${index}`));
    expect(mayLink(phones.slice(1), phone('+8613900139000'))).toBe(true);
    expect(mayLink(phones, phone('+8613900139000'))).toBe(false);
    expect(mayLink(phones, phone('+8613800138000'))).toBe(true);
    expect(mayLink(phones, { kind: 'device', value: 'ph-1' })).toBe(true);
  });
});
