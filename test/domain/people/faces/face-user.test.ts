import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberNumberOf, memberUserId, visitorUserId } from '#domain/people/faces/face-user.ts';

describe('the number in a user id', () => {
  it('is the number from which the id was made, whatever characters it has', () => {
    const number = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((one) => one.isWellFormed());
    fc.assert(
      fc.property(number, fc.constantFrom('member', 'staff', 'watch'), (written, kind) => {
        const user = memberUserId(kind, written);
        if (user !== undefined) expect(memberNumberOf(kind, user)).toBe(written);
      }),
    );
    expect(memberNumberOf('member', memberUserId('member', '会员 7:a') ?? '')).toBe('会员 7:a');
  });

  it('is undefined for another kind, a visitor and a malformed id', () => {
    expect(memberNumberOf('member', 's.1')).toBeUndefined();
    expect(memberNumberOf('member', visitorUserId('8f3a'))).toBeUndefined();
    for (const user of ['m.', 'm.a b', 'm.:zz', 'm.:ff', 'm.:41', 'm.:', ''])
      expect(memberNumberOf('member', user)).toBeUndefined();
  });
});
