import { describe, expect, it } from 'vitest';
import { FaceIndexBusy } from '#application/ports/face-index.ts';

import { purgeFrames } from '#functions/purge-faces/purge-frames.ts';
import { type Cut, cutPorts, type FaceWorld, faceOf, faceWorld } from '../../support/face-world.ts';
import { gather } from '../../support/gather.ts';

const POOR = { sharpness: 1 };
const TURNED = { yaw: 50 };

/** A member, a clerk, a visitor enrolled twice, two unknown people fit to enrol, and three unfit faces. */
async function sceneOf(mode: 'members' | 'visitors'): Promise<{ world: FaceWorld; bytes: Uint8Array }> {
  const world = faceWorld(mode);
  await world.know('m.M1', 'member', faceOf(1));
  await world.know('s.S1', 'staff', faceOf(2));
  await world.know('v.old', 'visitor', faceOf(3));
  await world.know('v.older', 'visitor', faceOf(3, 1));
  const bytes = world.picture('scene', [
    faceOf(1, 1),
    faceOf(2, 1),
    faceOf(3, 2),
    faceOf(7),
    faceOf(8),
    faceOf(9, 0, POOR),
    faceOf(10, 0, TURNED),
    { ...faceOf(11), unfit: true },
  ]);
  return { world, bytes };
}

/** Expects users, faces and rows to match, and in members mode no face of an unknown person in the index. */
async function expectLawful(world: FaceWorld, mode: 'members' | 'visitors', told: string): Promise<void> {
  const faces = await world.index.listed();
  const users = new Map((await gather(world.store.allUsers())).map((user) => [user.userId, user]));
  const rows = new Set(users.keys());
  for (const face of faces) {
    expect(face.userId, `${told}: ${face.faceId} has no user`).toBeDefined();
    expect(rows, `${told}: ${face.faceId}`).toContain(face.userId);
  }
  if (mode === 'members') {
    const known = ['m.M1', 's.S1', 'v.old', 'v.older'];
    expect(
      faces.filter(({ userId }) => !known.includes(userId ?? '')),
      told,
    ).toEqual([]);
  }
  expect(world.index.userIds(), `${told}: users of the index have rows, and rows users`).toEqual(
    [...rows].sort(),
  );
  for (const userId of rows) {
    const own = faces.filter((face) => face.userId === userId).map(({ faceId }) => faceId);
    expect(own.length, `${told}: ${userId} has no face`).toBeGreaterThan(0);
    expect(users.get(userId)?.faceIds, `${told}: ${userId}`).toEqual(own.sort());
  }
  for (const [faceId, userId] of world.store.faces) {
    expect(users.get(userId)?.faceIds, `${told}: the row of ${faceId}`).toContain(faceId);
  }
}

const DEATHS: ReadonlyArray<readonly [string, Omit<Cut, 'at'>]> = [
  ['dies before it', { isDone: false, isDead: true }],
  ['dies after it', { isDone: true, isDead: true }],
  ['receives an error', { isDone: false, isDead: false }],
  ['receives an error though the call succeeded', { isDone: true, isDead: false }],
  ['receives a throttling error', { isDone: false, isDead: false, error: new FaceIndexBusy('a test') }],
];

describe.each(['members', 'visitors'] as const)(
  'a frame in %s mode whose function is interrupted at any call',
  (mode) => {
    it('makes at least a dozen calls to interrupt', async () => {
      const { world, bytes } = await sceneOf(mode);
      const ports = cutPorts(world, { at: 0, isDone: false, isDead: false });
      expect((await world.see(bytes, { ports })).kind).toBe('recognised');
      expect(ports.calls()).toBeGreaterThan(12);
      await expectLawful(world, mode, 'uncut');
    });

    it.each(DEATHS)(
      'leaves nothing behind after a minute, and is processed when it is sent again: %s',
      async (_, death) => {
        const whole = await sceneOf(mode);
        const uncut = cutPorts(whole.world, { at: 0, isDone: false, isDead: false });
        const expected = await whole.world.see(whole.bytes, { ports: uncut });
        const visitors = (taken: typeof expected) =>
          taken.kind === 'recognised' ? taken.response.faces.map(({ visitor }) => visitor) : taken;

        for (let at = 1; at <= uncut.calls(); at++) {
          const { world, bytes } = await sceneOf(mode);
          const ports = cutPorts(world, { ...death, at });
          const told = `cut at ${at}, ${uncut.made[at - 1]}`;
          await world.see(bytes, { ports }).catch(() => {});
          for (let seconds = 0; seconds < 60; seconds += 20) {
            world.advance(20_000);
            await world.follow();
          }
          await expectLawful(world, mode, told);
          const users = world.index.userIds();

          const again = await world.see(bytes);
          expect(again.kind, told).toBe('recognised');
          expect(visitors(again), told).toEqual(visitors(expected));
          expect(world.index.userIds().filter((userId) => userId.startsWith('v.')).length, told).toBe(
            mode === 'members' ? 2 : 4,
          );
          const once = world.index.userIds();
          expect(await world.see(bytes), `${told}: sent a third time`).toEqual(again);
          expect(world.index.userIds(), told).toEqual(once);
          expect(once, told).toEqual(expect.arrayContaining(users));
          world.advance(60_000);
          await world.follow();
          await expectLawful(world, mode, `${told}, and again`);

          // Each sighting is published once: repeated events share their id and their bytes.
          const names = new Map(world.events().map((event) => [event.id, JSON.stringify(event)]));
          expect(names.size, told).toBe(8);
        }
      },
    );
  },
);

describe('a frame whose function dies and that no purge cleans up', () => {
  it('leaves vectors of unknown people behind, or these tests would prove nothing', async () => {
    let left = 0;
    for (let at = 1; at <= 20; at++) {
      const { world, bytes } = await sceneOf('members');
      const ports = cutPorts(world, { at, isDone: true, isDead: true });
      await world.see(bytes, { ports }).catch(() => {});
      left += (await world.index.listed()).filter(({ userId }) => userId === undefined).length;
    }
    expect(left).toBeGreaterThan(0);
  });
});

describe.each(['members', 'visitors'] as const)('a frame in %s mode that is never sent again', (mode) => {
  it('is purged even if the purge itself is interrupted at any call', async () => {
    const { world, bytes } = await sceneOf(mode);
    const probe = cutPorts(world, { at: 0, isDone: false, isDead: false });
    await world.see(bytes, { ports: probe });
    for (let at = 1; at <= probe.calls(); at++) {
      for (let sweepAt = 1; sweepAt <= 40; sweepAt++) {
        const scene = await sceneOf(mode);
        const dying = cutPorts(scene.world, { at, isDone: true, isDead: true });
        await scene.world.see(scene.bytes, { ports: dying }).catch(() => {});
        scene.world.advance(25_000);
        const sweeping = cutPorts(scene.world, { at: sweepAt, isDone: sweepAt % 2 === 0, isDead: true });
        const notices = scene.world.waiting.flatMap(({ notice }) => (notice.kind === 'look' ? [notice] : []));
        let isCut = false;
        try {
          await purgeFrames({ ...sweeping, nowMs: scene.world.nowMs }, notices);
        } catch {
          isCut = true;
        }
        await scene.world.follow();
        await expectLawful(scene.world, mode, `cut at ${at}, its sweep at ${sweepAt}`);
        if (!isCut) break;
      }
    }
  });
});
