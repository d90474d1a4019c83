import { describe, expect, it } from 'vitest';
import { hasMemberFaceConsent } from '#application/visits/member-consent.ts';
import type { PersonId } from '#domain/chain/ids.ts';
import type { Consent } from '#domain/people/customers/consent.ts';
import type { FaceConsent, FaceUser } from '#domain/people/faces/face-user.ts';

const NOW_MS = Date.UTC(2026, 10, 22);

const said = (isGranted: boolean, agoMs: number, purpose: Consent['purpose'] = 'face'): Consent => ({
  ...{ purpose, isGranted, proof: 'form 1', source: 'app', atMs: NOW_MS - agoMs },
});
const portsOf = (consents: readonly Consent[] | undefined, enrolment?: FaceConsent) => ({
  people: {
    find: async () => (consents === undefined ? undefined : ('p.1' as PersonId)),
    consents: async () => [...(consents ?? [])],
  },
  faces: {
    users: async () =>
      enrolment === undefined ? [] : [{ userId: 'm.M1', kind: 'member', consent: enrolment } as FaceUser],
  },
});
const hasConsent = (...how: Parameters<typeof portsOf>) =>
  hasMemberFaceConsent(portsOf(...how), 'M1', NOW_MS);

describe('the consent of a member to faces', () => {
  it.each([
    ['no customer and no enrolment', undefined, undefined, false],
    ['a customer without a word', [], undefined, false],
    ['a consent', [said(true, 5)], undefined, true],
    ['a consent to pushes alone', [said(true, 5, 'push')], undefined, false],
    ['a consent and a later refusal', [said(true, 5), said(false, 4)], undefined, false],
    ['an enrolment', undefined, { proof: 'f', grantedAtMs: NOW_MS - 5 }, true],
    [
      'a withdrawn enrolment after a consent',
      [said(true, 9)],
      { proof: 'f', grantedAtMs: NOW_MS - 8, withdrawnAtMs: NOW_MS - 7 },
      false,
    ],
    ['a refusal after an enrolment', [said(false, 1)], { proof: 'f', grantedAtMs: NOW_MS - 8 }, false],
    ['a consent dated in the future', [said(true, -5)], undefined, false],
  ])('follows the newest word: %s', async (_, consents, enrolment, expected) => {
    expect(await hasConsent(consents, enrolment)).toBe(expected);
  });

  it('is absent for a number that cannot be one', async () => {
    const ports = portsOf([said(true, 5)]);
    for (const number of ['', 'a#b', '会'.repeat(60)])
      expect(await hasMemberFaceConsent(ports, number, NOW_MS)).toBe(false);
  });
});
