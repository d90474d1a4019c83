import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForeignId } from '#domain/chain/ids.ts';
import {
  identifierOf,
  isPersonId,
  mayLink,
  PHONES_MAX,
  personIdOf,
} from '#domain/people/customers/customer.ts';
import { foreignId } from '../../../support/arbitraries.ts';

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
