/** Contract of every store of frames, users and aliases. */
import { beforeEach, describe, expect, it } from 'vitest';
import { FRAME_HELD_MS_MAX } from '#adapters/dynamodb/frame-store.ts';
import type { FaceStore, FaceUserAlias } from '#application/ports/face-store.ts';
import { FRAME_RUN_MS_MAX, type FrameTicket } from '#application/ports/frame-store.ts';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import type { FaceUser } from '#domain/people/faces/face-user.ts';
import { gather } from './gather.ts';

const SZ01 = 'sz01' as StoreId;
const DAY = '2026-11-22' as BusinessDay;
const NOW_MS = Date.UTC(2026, 10, 22, 4);

const USER: FaceUser = {
  userId: 'v.a',
  kind: 'visitor',
  storeId: SZ01,
  enrolledAtMs: NOW_MS,
  lastSeenAtMs: NOW_MS,
  faceIds: ['f1'],
  seenOn: [{ storeId: SZ01, day: DAY }],
};
const MEMBER: FaceUser = {
  ...USER,
  userId: 'm.M1',
  kind: 'member',
  faceIds: ['f2', 'f3'],
  seenOn: [],
  consent: { proof: 'form 17', grantedAtMs: NOW_MS },
};

export function describeFaceStore(name: string, create: () => Promise<FaceStore>): void {
  describe(`a store of faces: ${name}`, () => {
    let store: FaceStore;
    beforeEach(async () => {
      store = await create();
    });
    const ticketOf = async (nowMs: number): Promise<FrameTicket> => {
      const claim = await store.claimFrame('frame', nowMs);
      if (claim.kind !== 'claimed') throw new Error(`the frame is ${claim.kind}`);
      return claim.ticket;
    };
    const one = async (userId: string) => (await store.users([userId]))[0];

    describe('a frame', () => {
      it('is held by one function at a time, and its result is final', async () => {
        const ticket = await ticketOf(NOW_MS);
        expect(ticket).toEqual({ frameId: 'frame', attempt: 1 });
        expect(await store.claimFrame('frame', NOW_MS + 1)).toEqual({ kind: 'held' });
        expect(await store.isHeld('frame', NOW_MS + 1)).toBe(true);
        expect(await store.finish(ticket, 'answer')).toBe(true);
        expect(await store.claimFrame('frame', NOW_MS + 1)).toEqual({ kind: 'done', result: 'answer' });
        expect(await store.claimFrame('frame', NOW_MS + 86_400_000)).toEqual({
          kind: 'done',
          result: 'answer',
        });
        expect(await store.isHeld('frame', NOW_MS + 1)).toBe(false);
        expect(await store.lookAgain(ticket, NOW_MS + 60_000)).toEqual({ kind: 'over' });
      });

      it('is resumed with its plan after a crash, and the crashed attempt cannot end it', async () => {
        const first = await ticketOf(NOW_MS);
        expect(await store.keepPlan(first, 'plan')).toBe(true);
        expect(await store.claimFrame('frame', NOW_MS + FRAME_HELD_MS_MAX - 1)).toEqual({ kind: 'held' });
        const claim = await store.claimFrame('frame', NOW_MS + FRAME_HELD_MS_MAX);
        expect(claim).toEqual({ kind: 'claimed', ticket: { frameId: 'frame', attempt: 2 }, plan: 'plan' });
        expect(await store.keepPlan(first, 'late')).toBe(false);
        expect(await store.finish(first, 'late')).toBe(false);
        await store.release(first, false);
        expect(await store.claimFrame('frame', NOW_MS + FRAME_HELD_MS_MAX + 1)).toEqual({ kind: 'held' });
        const second = { frameId: 'frame', attempt: 2 };
        expect(await store.lookAgain(first, NOW_MS + FRAME_HELD_MS_MAX + 1)).toEqual({ kind: 'over' });
        expect(await store.finish(second, 'answer')).toBe(true);
        expect(await store.lookAgain(second, NOW_MS + 90_000)).toEqual({ kind: 'over after a crash' });
      });

      it('is processed again at once after a release, with its plan or without', async () => {
        const first = await ticketOf(NOW_MS);
        await store.keepPlan(first, 'plan');
        await store.release(first, true);
        expect(await store.claimFrame('frame', NOW_MS)).toMatchObject({ kind: 'claimed', plan: 'plan' });
        await store.release({ frameId: 'frame', attempt: 2 }, false);
        const claim = await store.claimFrame('frame', NOW_MS);
        expect(claim).toEqual({ kind: 'claimed', ticket: { frameId: 'frame', attempt: 3 } });
      });

      it('is purged once its holder must have crashed, and is free after that', async () => {
        const ticket = await ticketOf(NOW_MS);
        await store.keepPlan(ticket, 'plan');
        expect(await store.lookAgain(ticket, NOW_MS + FRAME_RUN_MS_MAX - 1)).toEqual({ kind: 'too early' });
        const look = await store.lookAgain(ticket, NOW_MS + FRAME_RUN_MS_MAX);
        expect(look).toEqual({ kind: 'to sweep', ticket, plan: 'plan' });
        // A purge that crashed is run again, and holds the frame from its start.
        expect(await store.lookAgain(ticket, NOW_MS + FRAME_RUN_MS_MAX)).toEqual(look);
        expect(await store.claimFrame('frame', NOW_MS + FRAME_HELD_MS_MAX)).toEqual({ kind: 'held' });
        await store.release(ticket, false);
        expect(await store.lookAgain(ticket, NOW_MS + 60_000)).toEqual({ kind: 'over' });
        expect(await store.claimFrame('frame', NOW_MS + 60_000)).toEqual({
          kind: 'claimed',
          ticket: { frameId: 'frame', attempt: 2 },
        });
      });

      it('is over if it was never claimed', async () => {
        expect(await store.lookAgain({ frameId: 'other', attempt: 1 }, NOW_MS)).toEqual({ kind: 'over' });
        expect(await store.isHeld('other', NOW_MS)).toBe(false);
      });
    });

    it('counts calls up to the daily budget of a store, and not one more', async () => {
      expect(await store.spend(SZ01, DAY, 6, 10)).toBe(true);
      expect(await store.spend(SZ01, DAY, 5, 10)).toBe(false);
      expect(await store.spend(SZ01, DAY, 4, 10)).toBe(true);
      expect(await store.spend(SZ01, DAY, 1, 10)).toBe(false);
      expect(await store.spend(SZ01, '2026-11-23' as BusinessDay, 1, 10)).toBe(true);
      expect(await store.spend('gz01' as StoreId, DAY, 11, 10)).toBe(false);
      expect(await store.callsMax(SZ01)).toBeUndefined();
      await store.setCallsMax(SZ01, 25_000);
      expect(await store.callsMax(SZ01)).toBe(25_000);
    });

    it('spends no more than the budget under concurrency', async () => {
      const spent = await Promise.all(Array.from({ length: 12 }, () => store.spend(SZ01, DAY, 3, 20)));
      expect(spent.filter(Boolean)).toHaveLength(6);
    });

    it('returns users as they were enrolled, and the user of each face', async () => {
      await store.enrol(USER);
      await store.enrol(MEMBER);
      expect(await one('v.a')).toEqual(USER);
      expect(await one('m.M1')).toEqual(MEMBER);
      expect(
        (await store.users(['m.M1', 'v.a', 'v.none', 'v.a'])).map(({ userId }) => userId).sort(),
      ).toEqual(['m.M1', 'v.a']);
      expect((await gather(store.allUsers())).map(({ userId }) => userId).sort()).toEqual(['m.M1', 'v.a']);
      expect(await store.usersOfFaces(['f1', 'f3', 'f9', 'f1'])).toEqual(
        new Map([
          ['f1', 'v.a'],
          ['f3', 'm.M1'],
        ]),
      );
    });

    it("keeps a user's history when they are enrolled again", async () => {
      await store.enrol(USER);
      const later = {
        ...USER,
        enrolledAtMs: NOW_MS + 5,
        lastSeenAtMs: NOW_MS + 5,
        faceIds: ['f4'],
        seenOn: [],
      };
      await store.enrol(later);
      await store.enrol(later);
      expect(await one('v.a')).toEqual({ ...USER, faceIds: ['f1', 'f4'] });
    });

    it('adds and drops faces, but not a face that moved to another user', async () => {
      await store.enrol(USER);
      await store.enrol(MEMBER);
      await store.addFace('v.a', 'f5');
      expect((await one('v.a'))?.faceIds).toEqual(['f1', 'f5']);
      await store.addFace('m.M1', 'f1');
      await store.dropFace('v.a', 'f1');
      await store.dropFace('v.a', 'f5');
      expect((await one('v.a'))?.faceIds).toEqual([]);
      expect(await store.usersOfFaces(['f1', 'f5'])).toEqual(new Map([['f1', 'm.M1']]));
    });

    it('stores when a user with consent was last seen, the latest time first, without a list of days', async () => {
      const store = await create();
      await store.enrol(MEMBER);
      await store.seenAt(MEMBER.userId, NOW_MS + 9);
      await store.seenAt(MEMBER.userId, NOW_MS + 5);
      await store.seenAt('m.unknown', NOW_MS);
      expect(await store.users([MEMBER.userId, 'm.unknown'])).toEqual([
        { ...MEMBER, lastSeenAtMs: NOW_MS + 9 },
      ]);
    });

    it('records the days on which a user was seen in any order, and the last time', async () => {
      await store.enrol(USER);
      const before = { storeId: SZ01, day: '2026-11-21' as BusinessDay };
      const after = { storeId: 'gz01' as StoreId, day: DAY };
      await store.seen('v.a', after, NOW_MS + 9);
      await store.seen('v.a', before, NOW_MS - 9);
      await store.seen('v.a', before, NOW_MS - 9);
      expect(await one('v.a')).toEqual({
        ...USER,
        lastSeenAtMs: NOW_MS + 9,
        seenOn: [before, after, ...USER.seenOn],
      });
    });

    it('stores the first time at which consent was withdrawn', async () => {
      await store.enrol(MEMBER);
      await store.withdraw('m.M1', NOW_MS + 1);
      await store.withdraw('m.M1', NOW_MS + 2);
      expect((await one('m.M1'))?.consent).toEqual({
        proof: 'form 17',
        grantedAtMs: NOW_MS,
        withdrawnAtMs: NOW_MS + 1,
      });
      const consent = { proof: 'form 18', grantedAtMs: NOW_MS + 3 };
      await store.enrol({ ...MEMBER, consent });
      expect((await one('m.M1'))?.consent).toEqual(consent);
    });

    it('creates no user by changing one that is gone', async () => {
      await store.addFace('v.a', 'f1');
      await store.dropFace('v.a', 'f1');
      await store.seen('v.a', { storeId: SZ01, day: DAY }, NOW_MS);
      await store.withdraw('v.a', NOW_MS);
      await store.setMergedInto('v.a', 'v.b');
      expect(await store.users(['v.a'])).toEqual([]);
      expect(await store.usersOfFaces(['f1'])).toEqual(new Map());
    });

    it('deletes a user with all references to them', async () => {
      await store.enrol(USER);
      await store.addFace('v.a', 'f5');
      await store.forget('v.a', ['f1', 'f5']);
      expect(await gather(store.allUsers())).toEqual([]);
      expect(await store.usersOfFaces(['f1', 'f5'])).toEqual(new Map());
    });

    it('counts each frame that matches two users once', async () => {
      expect(await store.addEvidence(['v.a', 'v.b'], 'one', NOW_MS)).toBe(1);
      expect(await store.addEvidence(['v.a', 'v.b'], 'one', NOW_MS)).toBe(1);
      expect(await store.addEvidence(['v.a', 'v.c'], 'one', NOW_MS)).toBe(1);
      expect(await store.addEvidence(['v.a', 'v.b'], 'two', NOW_MS)).toBe(2);
    });

    it('stores what a split of two users needs', async () => {
      await store.enrol(USER);
      const alias: FaceUserAlias = {
        from: 'v.a',
        into: 'm.M1',
        storeId: SZ01,
        faceIds: ['f1'],
        seenOn: USER.seenOn,
        mergedAtMs: NOW_MS,
        state: 'merging',
      };
      expect(await store.alias('v.a')).toBeUndefined();
      await store.putAlias(alias);
      await store.putAlias({ ...alias, state: 'merged' });
      await store.setMergedInto('v.a', 'm.M1');
      expect(await store.alias('v.a')).toEqual({ ...alias, state: 'merged' });
      expect(await one('v.a')).toEqual({ ...USER, mergedInto: 'm.M1' });
      await store.setMergedInto('v.a', undefined);
      expect(await one('v.a')).toEqual(USER);
    });
  });
}
