import { describe, expect, it } from 'vitest';
import { splitUsers } from '#application/faces/split-users.ts';
import { VISITORS_MERGED, VISITORS_PARTED } from '#contracts/events/visitor-merged.ts';
import { mergeUsers } from '#functions/purge-faces/merge-users.ts';
import { SZ01 } from '../../support/chain.ts';
import {
  type CutPorts,
  cutPorts,
  type FaceWorld,
  faceOf,
  faceWorld,
  START_MS,
} from '../../support/face-world.ts';
import { gather } from '../../support/gather.ts';

const pauses = { pause: async () => {}, random: () => 0 };

/** Two cameras see one unknown person in the same second, before either enrolment is searchable. */
async function twoCameras(): Promise<FaceWorld> {
  const world = faceWorld('visitors');
  world.index.ripen();
  const first = world.picture('cam-1', [faceOf(1)]);
  const second = world.picture('cam-2', [faceOf(1, 1)]);
  // The second camera's function has searched before the first's has enrolled: its answer is empty.
  const blind = { ...world.index, searchFaces: async () => [] };
  await world.see(first);
  await world.see(second, { cameraId: 'cam-2', ports: { ...world, index: blind } });
  expect(world.index.userIds()).toHaveLength(2);
  world.index.ripenAtOnce();
  return world;
}

const visitorsOf = (world: FaceWorld) => world.index.userIds().filter((userId) => userId.startsWith('v.'));
const of = (world: FaceWorld, type: string) => world.events().filter((event) => event.type === type);
const see = (world: FaceWorld, picture: number, atMs = world.nowMs()) =>
  world.see(world.picture(`again ${picture}`, [faceOf(1, picture)]), { atMs });

describe('a person who was enrolled twice', () => {
  it('is merged into one user after two frames, and can be parted again', async () => {
    const world = await twoCameras();
    const [a, b] = visitorsOf(world);
    const rows = await gather(world.store.allUsers());
    const [older] = rows.map(({ userId }) => userId).sort();

    await see(world, 0);
    world.advance(10_000);
    await world.follow();
    expect(visitorsOf(world)).toHaveLength(2);

    await see(world, 1);
    world.advance(10_000);
    await world.follow();
    expect(visitorsOf(world)).toEqual([older]);
    const [into] = visitorsOf(world);
    const from = [a, b].find((one) => one !== into) ?? '';
    expect(of(world, VISITORS_MERGED)).toMatchObject([
      { data: { store: 'sz01', businessDay: '2026-11-22', visitor: `user.${from}`, into: `user.${into}` } },
    ]);
    // Every face of both users belongs to the remaining one.
    const faces = await world.index.listed();
    expect(new Set(faces.map(({ userId }) => userId))).toEqual(new Set([into]));
    const kept = faces.length;

    const seen = await see(world, 2);
    expect(seen.kind === 'recognised' && seen.response.faces[0]?.visitor).toBe(`user.${into}`);

    const ports = { ...world, pauses, nowMs: world.nowMs };
    expect(await splitUsers(ports, from, '/tools/aisle')).toMatchObject({ kind: 'parted', into, days: 1 });
    expect(visitorsOf(world)).toEqual([a, b].sort());
    expect((await world.index.listed()).length).toBeGreaterThanOrEqual(kept);
    expect(await world.index.facesOfUser(from)).not.toEqual([]);
    expect(of(world, VISITORS_PARTED)).toMatchObject([
      { data: { visitor: `user.${from}`, into: `user.${into}` } },
    ]);

    // Users parted by hand are never merged by a face again.
    for (const picture of [3, 4, 5]) {
      await see(world, picture);
      world.advance(10_000);
      await world.follow();
    }
    expect(visitorsOf(world)).toHaveLength(2);
    expect(of(world, VISITORS_MERGED)).toHaveLength(1);
  });

  it('is published as merged for every day on which they were seen', async () => {
    const world = faceWorld('visitors');
    await world.know('v.older', 'visitor', faceOf(1));
    await world.know('v.younger', 'visitor', faceOf(1, 1));
    await world.store.seen('v.younger', { storeId: SZ01.storeId, day: '2026-11-20' as never }, START_MS);
    const ports = { ...world, pauses, nowMs: world.nowMs };
    const notice = { store: SZ01.storeId, from: 'v.younger', into: 'v.older' };
    expect(await mergeUsers(ports, notice)).toBe('merged');
    expect(
      of(world, VISITORS_MERGED).map((event) => event.type === VISITORS_MERGED && event.data.businessDay),
    ).toEqual(['2026-11-20', '2026-11-21']);
    expect(await mergeUsers(ports, notice)).toBe('merged before');
    const [older] = await world.store.users(['v.older']);
    expect(older?.seenOn.map(({ day }) => day)).toEqual(['2026-11-20', '2026-11-21']);
  });

  it('remains as the member if one of the users is a member', async () => {
    const world = faceWorld('visitors');
    await world.know('v.a', 'visitor', faceOf(1));
    await world.know('m.M1', 'member', faceOf(1, 1));
    for (const picture of [0, 1]) await see(world, picture);
    world.advance(10_000);
    await world.follow();
    expect(world.index.userIds()).toEqual(['m.M1']);
  });
});

describe('two members', () => {
  it('are never merged, by their faces or by a notice', async () => {
    const world = faceWorld('visitors');
    await world.know('m.M1', 'member', faceOf(1));
    await world.know('m.M2', 'member', faceOf(1, 1));
    for (const picture of [0, 1, 2, 3]) await see(world, picture);
    world.advance(10_000);
    await world.follow();
    expect(world.index.userIds()).toEqual(['m.M1', 'm.M2']);
    const ports = { ...world, pauses, nowMs: world.nowMs };
    expect(await mergeUsers(ports, { store: SZ01.storeId, from: 'm.M1', into: 'm.M2' })).toBe('rejected');
  });

  it('are not merged or parted after one of the users was deleted', async () => {
    const world = faceWorld('visitors');
    await world.know('m.M1', 'member', faceOf(1));
    const ports = { ...world, pauses, nowMs: world.nowMs };
    expect(await mergeUsers(ports, { store: SZ01.storeId, from: 'v.gone', into: 'm.M1' })).toBe('gone');
    expect(await splitUsers(ports, 'v.gone', '/tools/aisle')).toEqual({ kind: 'not merged' });
  });
});

describe('a merge or a split that is interrupted at any call', () => {
  const known = async () => {
    const world = faceWorld('visitors');
    await world.know('v.older', 'visitor', faceOf(1));
    await world.know('v.younger', 'visitor', faceOf(1, 1));
    return world;
  };
  const notice = { store: SZ01.storeId, from: 'v.younger', into: 'v.older' };
  const merge = (world: FaceWorld, ports: CutPorts | FaceWorld = world) =>
    mergeUsers({ ...ports, pauses, nowMs: world.nowMs }, notice);
  const part = (world: FaceWorld, ports: CutPorts | FaceWorld = world) =>
    splitUsers({ ...ports, pauses, nowMs: world.nowMs }, 'v.younger', '/tools/aisle');
  const stateOf = async (world: FaceWorld) => ({
    faces: (await world.index.listed()).map(({ faceId, userId }) => [faceId, userId]).sort(),
    users: world.index.userIds(),
    rows: (await gather(world.store.allUsers())).sort((a, b) => (a.userId < b.userId ? -1 : 1)),
    events: [...new Set(world.events().map(({ id }) => id))],
  });

  it.each([true, false])(
    'ends in the same state once it is repeated (interrupted call applied: %s)',
    async (isDone) => {
      const whole = await known();
      const probe = cutPorts(whole, { at: 0, isDone, isDead: false });
      await merge(whole, probe);
      const merged = await stateOf(whole);
      const partProbe = cutPorts(whole, { at: 0, isDone, isDead: false });
      await part(whole, partProbe);
      const parted = await stateOf(whole);
      expect(parted.users).toEqual(['v.older', 'v.younger']);

      for (let at = 1; at <= probe.calls(); at++) {
        const world = await known();
        await expect(merge(world, cutPorts(world, { at, isDone, isDead: true }))).rejects.toThrow();
        await merge(world);
        expect(await stateOf(world), `merge cut at ${at}, ${probe.made[at - 1]}`).toEqual(merged);
        await part(world);
        expect(await stateOf(world), `split after a merge cut at ${at}`).toEqual(parted);
      }
      for (let at = 1; at <= partProbe.calls(); at++) {
        const world = await known();
        await merge(world);
        await expect(part(world, cutPorts(world, { at, isDone, isDead: true }))).rejects.toThrow();
        await part(world);
        expect(await stateOf(world), `split cut at ${at}, ${partProbe.made[at - 1]}`).toEqual(parted);
      }
    },
  );
});
