import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { FaceShot } from '#domain/people/faces/face-quality.ts';
import {
  type FaceUser,
  memberUserId,
  type UserKind,
  userKindOf,
  visitorUserId,
} from '#domain/people/faces/face-user.ts';
import {
  isEnoughEvidence,
  mergeEvidenceOf,
  mergeOf,
  toUserPair,
} from '#domain/people/faces/merge-evidence.ts';
import {
  type Candidate,
  type DetectedFace,
  FACES_PER_USER_MAX,
  IMPROVE_MATCH_MIN,
  permitted,
  recognise,
} from '#domain/people/faces/recognise.ts';
import {
  MEMBER_MATCH_MIN,
  MERGE_MATCH_MIN,
  VISITOR_MATCH_MIN,
  WATCH_LIST_MATCH_MIN,
} from '#domain/people/faces/thresholds.ts';
import { permissionsIn } from '../../../support/face-world.ts';

const GOOD_SHOT: FaceShot = {
  widthPx: 200,
  heightPx: 250,
  confidence: 99.9,
  sharpness: 80,
  brightness: 60,
  yaw: 0,
  pitch: 0,
};
const BLURRED = { ...GOOD_SHOT, sharpness: 1 };

const PREFIX = { visitor: 'v', member: 'm', staff: 's', watch: 'w' } as const;
const userOf = (kind: UserKind, name: string, more: Partial<FaceUser> = {}): FaceUser => ({
  userId: `${PREFIX[kind]}.${name}`,
  kind,
  storeId: 'sz01' as StoreId,
  enrolledAtMs: 1_000,
  lastSeenAtMs: 1_000,
  faceIds: ['f1'],
  seenOn: [{ storeId: 'sz01' as StoreId, day: '2026-11-22' as BusinessDay }],
  ...(kind === 'member' || kind === 'staff' ? { consent: { proof: 'form 1', grantedAtMs: 1_000 } } : {}),
  ...more,
});
const VISITORS = permissionsIn('visitors');
const MEMBERS = permissionsIn('members');
const detected = (candidates: readonly Candidate[], shot = GOOD_SHOT): DetectedFace => ({ shot, candidates });
const verdict = (candidates: readonly Candidate[], permissions = VISITORS, shot = GOOD_SHOT) =>
  recognise([detected(candidates, shot)], permissions)[0];

describe('a face', () => {
  it('is recognised where it is similar enough to a visitor, a member or staff', () => {
    for (const [kind, min] of [
      ['visitor', VISITOR_MATCH_MIN],
      ['member', MEMBER_MATCH_MIN],
      ['staff', MEMBER_MATCH_MIN],
    ] as const) {
      const user = userOf(kind, '1');
      expect(verdict([{ user, similarity: min }])).toMatchObject({ kind: 'known', user });
      expect(verdict([{ user, similarity: min - 0.01 }])?.kind).toBe('new');
    }
  });

  it('is recognised as the member rather than as an earlier visitor, whatever the similarity', () => {
    const [visitor, member] = [userOf('visitor', '1'), userOf('member', '1')];
    const candidates = [
      { user: visitor, similarity: 99.9 },
      { user: member, similarity: MEMBER_MATCH_MIN },
    ];
    expect(verdict(candidates)).toMatchObject({ kind: 'known', user: member });
  });

  it('is unknown for a member who withdrew consent', () => {
    const user = userOf('member', '1', { consent: { proof: 'f', grantedAtMs: 1, withdrawnAtMs: 2 } });
    expect(verdict([{ user, similarity: 100 }], MEMBERS)).toEqual({
      kind: 'unknown',
      reasons: ['unknown person'],
    });
  });

  it('is unknown for a member without proof of consent', () => {
    const { consent: _, ...user } = userOf('member', '1');
    expect(verdict([{ user, similarity: 100 }], MEMBERS)?.kind).toBe('unknown');
  });

  it('is unknown for a visitor where only members may be recognised', () => {
    expect(verdict([{ user: userOf('visitor', '1'), similarity: 100 }], MEMBERS)?.kind).toBe('unknown');
  });

  it('matches the watch-list only where the law permits one, and only at its threshold', () => {
    const user = userOf('watch', '1');
    const permissions = permissionsIn('visitors', { watchList: true });
    expect(verdict([{ user, similarity: WATCH_LIST_MATCH_MIN }], permissions)).toMatchObject({ user });
    expect(verdict([{ user, similarity: WATCH_LIST_MATCH_MIN - 0.1 }], permissions)?.kind).toBe('new');
    expect(verdict([{ user, similarity: 100 }])?.kind).toBe('new');
  });

  it('is not compared where its quality is too low, with the reasons', () => {
    expect(verdict([{ user: userOf('member', '1'), similarity: 100 }], MEMBERS, BLURRED)).toEqual({
      kind: 'low-quality',
      reasons: ['blurred'],
    });
  });

  it('is not enrolled where its quality is too low for that, or with a retention of 0 days', () => {
    expect(verdict([], VISITORS, { ...GOOD_SHOT, widthPx: 40 })).toEqual({
      kind: 'unknown',
      reasons: ['too small'],
    });
    expect(verdict([], permissionsIn('visitors', { visitorRetentionDays: 0 }))?.kind).toBe('unknown');
  });

  it(`improves its user up to ${FACES_PER_USER_MAX} pictures, and only where it is good and very similar`, () => {
    const improves = (similarity: number, faces: number, shot = GOOD_SHOT) => {
      const faceIds = Array.from({ length: faces }, (_, index) => `f${index}`);
      const one = verdict([{ user: userOf('visitor', '1', { faceIds }), similarity }], VISITORS, shot);
      return one?.kind === 'known' && one.improves;
    };
    expect(improves(IMPROVE_MATCH_MIN, 4)).toBe(true);
    expect(improves(IMPROVE_MATCH_MIN, 5)).toBe(false);
    expect(improves(IMPROVE_MATCH_MIN - 0.1, 1)).toBe(false);
    expect(improves(99, 1, { ...GOOD_SHOT, yaw: 50 })).toBe(false);
  });
});

const anyKind = fc.constantFrom<UserKind>('visitor', 'member', 'staff', 'watch');
const anyUser = fc
  .record({
    kind: anyKind,
    name: fc.constantFrom('a', 'b', 'c'),
    isWithdrawn: fc.boolean(),
    isMerged: fc.boolean(),
  })
  .map(({ kind, name, isWithdrawn, isMerged }) => {
    const user = userOf(kind, name, isMerged ? { mergedInto: 'v.other' } : {});
    if (!isWithdrawn || user.consent === undefined) return user;
    return { ...user, consent: { ...user.consent, withdrawnAtMs: 2 } };
  });
const anyFace: fc.Arbitrary<DetectedFace> = fc.record({
  shot: fc.constantFrom(GOOD_SHOT, BLURRED, { ...GOOD_SHOT, widthPx: 40 }),
  candidates: fc.uniqueArray(fc.record({ user: anyUser, similarity: fc.integer({ min: 95, max: 100 }) }), {
    selector: ({ user }) => user.userId,
    maxLength: 4,
  }),
  isTwin: fc.boolean(),
});
const anyPermissions = fc
  .record({
    face: fc.constantFrom<'off' | 'members' | 'visitors'>('off', 'members', 'visitors'),
    watchList: fc.boolean(),
    days: fc.constantFrom(0, 30),
  })
  .map(({ face, watchList, days }) => permissionsIn(face, { watchList, visitorRetentionDays: days }));

describe('a frame', () => {
  const anyFrame = fc.array(anyFace, { maxLength: 12 });

  it('has a verdict for each face, and no user twice', () => {
    fc.assert(
      fc.property(anyFrame, anyPermissions, (faces, permissions) => {
        const verdicts = recognise(faces, permissions);
        const known = verdicts.flatMap((one) => (one.kind === 'known' ? [one.user.userId] : []));
        return verdicts.length === faces.length && new Set(known).size === known.length;
      }),
    );
  });

  it('has known faces with a legal basis only: valid consent, or a store that may recognise visitors', () => {
    fc.assert(
      fc.property(anyFrame, anyPermissions, (faces, permissions) => {
        for (const one of recognise(faces, permissions)) {
          if (permissions.face === 'off') expect(['unknown', 'low-quality']).toContain(one.kind);
          if (one.kind === 'new') {
            expect(permissions.face).toBe('visitors');
            expect(permissions.visitorRetentionDays).toBeGreaterThan(0);
          }
          if (one.kind !== 'known') continue;
          expect(one.user.mergedInto).toBeUndefined();
          if (one.user.kind === 'visitor') expect(permissions.face).toBe('visitors');
          else if (one.user.kind === 'watch') expect(permissions.watchList).toBe(true);
          else expect(one.user.consent?.withdrawnAtMs ?? 0).toBe(0);
        }
      }),
    );
  });

  it('has the same verdicts for any order of candidates', () => {
    fc.assert(
      fc.property(anyFrame, anyPermissions, (faces, permissions) => {
        const turned = faces.map((face) => ({ ...face, candidates: [...face.candidates].reverse() }));
        expect(recognise(turned, permissions)).toEqual(recognise(faces, permissions));
      }),
    );
  });

  it('enrols no person twice', () => {
    const user = userOf('visitor', '1');
    const [mirror, person] = recognise(
      [detected([{ user, similarity: VISITOR_MATCH_MIN }]), detected([{ user, similarity: 99.5 }])],
      VISITORS,
    );
    expect(person).toMatchObject({ kind: 'known', user });
    expect(mirror).toEqual({ kind: 'unknown', reasons: ['shown twice in the frame'] });
    const [first, second] = recognise([detected([]), { ...detected([]), isTwin: true }], VISITORS);
    expect([first?.kind, second?.kind]).toEqual(['new', 'unknown']);
  });
});

describe('a pair of users that one face matches', () => {
  const both = (a: FaceUser, b: FaceUser, similarity = MERGE_MATCH_MIN): Candidate[] => [
    { user: a, similarity },
    { user: b, similarity },
  ];
  const [older, younger] = [userOf('visitor', '2'), userOf('visitor', '1', { enrolledAtMs: 2_000 })];

  it('is merged with evidence of several good and very similar faces', () => {
    expect(mergeEvidenceOf(GOOD_SHOT, both(older, younger), VISITORS)).toHaveLength(1);
    expect(mergeEvidenceOf(BLURRED, both(older, younger), VISITORS)).toEqual([]);
    expect(mergeEvidenceOf(GOOD_SHOT, both(older, younger, MERGE_MATCH_MIN - 1), VISITORS)).toEqual([]);
    expect(mergeEvidenceOf(GOOD_SHOT, both(older, younger), MEMBERS)).toEqual([]);
    expect([isEnoughEvidence(1), isEnoughEvidence(2)]).toEqual([false, true]);
  });

  it('is merged into the older visitor, or into the user with consent', () => {
    const member = userOf('member', '1', { enrolledAtMs: 9_000 });
    expect(mergeOf(younger, older)).toEqual({ into: older, from: younger });
    expect(mergeOf(older, younger)).toEqual({ into: older, from: younger });
    expect(mergeOf(older, member)).toEqual({ into: member, from: older });
  });

  it('is never merged where both have accounts or one is on the watch-list', () => {
    fc.assert(
      fc.property(anyUser, anyUser, (a, b) => {
        const merge = mergeOf(a, b);
        expect(mergeOf(b, a)).toEqual(merge);
        if (merge === undefined) return;
        expect(merge.from.kind).toBe('visitor');
        expect(['visitor', 'member', 'staff']).toContain(merge.into.kind);
        expect(merge.into.userId).not.toBe(merge.from.userId);
      }),
    );
  });

  it('has one key in either order', () => {
    expect(toUserPair('b', 'a')).toEqual(toUserPair('a', 'b'));
  });
});

describe('the permitted candidates', () => {
  it('is empty where faces are off', () => {
    expect(permitted([{ user: userOf('member', '1'), similarity: 100 }], permissionsIn('off'))).toEqual([]);
  });
});

describe("a user's id", () => {
  it('is accepted by Rekognition, contains its kind, and is unique per number', () => {
    const anyNumber = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyNumber, anyNumber, (a, b) => {
        const [one, other] = [
          memberUserId('member', a.toWellFormed()),
          memberUserId('member', b.toWellFormed()),
        ];
        if (one === undefined || other === undefined) return;
        expect(one).toMatch(/^[a-zA-Z0-9_.:-]{1,128}$/);
        expect(userKindOf(one)).toBe('member');
        expect(one === other).toBe(a.toWellFormed() === b.toWellFormed());
      }),
    );
    expect(memberUserId('member', 'M-1')).toBe('m.M-1');
    expect(memberUserId('staff', '深')).toBe('s.:e6:b7:b1');
    expect(memberUserId('member', '深'.repeat(64))).toBeUndefined();
    expect(memberUserId('member', '')).toBeUndefined();
    expect(userKindOf(visitorUserId('x'))).toBe('visitor');
    expect(userKindOf('someone')).toBeUndefined();
  });
});
