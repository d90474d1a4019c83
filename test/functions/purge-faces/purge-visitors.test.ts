import { describe, expect, it } from 'vitest';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { LawSettings } from '#domain/chain/law-settings.ts';
import { purgeVisitors } from '#functions/purge-faces/purge-visitors.ts';
import { storeOf } from '../../support/chain.ts';
import { type FaceWorld, faceOf, faceWorld } from '../../support/face-world.ts';

const LAW: LawSettings = {
  jurisdiction: 'demo',
  signSince: '2026-01-01' as BusinessDay,
  face: 'visitors',
  watchList: false,
  visitorRetentionDays: 10,
};

const purgeIn = (world: FaceWorld, law: LawSettings | undefined = LAW, isTimeLeft = () => true) =>
  purgeVisitors({
    ...world,
    stores: async () => [storeOf('sz01', 'shenzhen', 'south', law === undefined ? {} : { law })],
    nowMs: world.nowMs,
    isTimeLeft,
  });

describe('the hourly purge', () => {
  it('deletes a visitor who was not seen for the retention period of the store, and none sooner', async () => {
    const world = faceWorld('visitors');
    await world.know('v.a', 'visitor', faceOf(1));
    await world.know('m.M1', 'member', faceOf(2));
    await world.know('s.S1', 'staff', faceOf(3));
    world.advance(9 * DAY_MS - 1);
    expect(await purgeIn(world)).toEqual({ visitors: 0, withdrawn: 0, orphans: 0 });
    world.advance(2);
    expect(await purgeIn(world)).toMatchObject({ visitors: 1 });
    expect(world.index.userIds()).toEqual(['m.M1', 's.S1']);
    expect(await world.store.users(['v.a'])).toEqual([]);
    expect((await world.index.listed()).map(({ userId }) => userId)).toEqual(['m.M1', 's.S1']);
    expect([...world.store.faces.values()]).toEqual(['m.M1', 's.S1']);
  });

  it.each([
    ['changed to members mode', { ...LAW, face: 'members' as const }],
    ['switched faces off', { ...LAW, face: 'off' as const }],
    ['removed its sign', (({ signSince: _, ...law }) => law)(LAW)],
    ['has no face settings any more', undefined],
  ])('deletes all visitors of a store that %s', async (_, law) => {
    const world = faceWorld('visitors');
    await world.know('v.a', 'visitor', faceOf(1));
    await world.know('m.M1', 'member', faceOf(2));
    await purgeVisitors({
      ...world,
      stores: async () => [storeOf('sz01', 'shenzhen', 'south', law === undefined ? {} : { law })],
      nowMs: world.nowMs,
      isTimeLeft: () => true,
    });
    expect(world.index.userIds()).toEqual(['m.M1']);
  });

  it('completes an interrupted withdrawal: deletes the vectors and keeps the proof of consent', async () => {
    const world = faceWorld('visitors');
    await world.know('m.M1', 'member', faceOf(1));
    await world.store.withdraw('m.M1', world.nowMs());
    expect(await purgeIn(world)).toMatchObject({ withdrawn: 1 });
    expect(await world.index.listed()).toEqual([]);
    expect(world.index.userIds()).toEqual([]);
    expect(await world.store.users(['m.M1'])).toMatchObject([
      { faceIds: [], consent: { proof: 'form 1', withdrawnAtMs: world.nowMs() } },
    ]);
    expect(await purgeIn(world)).toMatchObject({ withdrawn: 0 });
  });

  it('deletes vectors without a user, except those of a frame in progress', async () => {
    const world = faceWorld('visitors');
    await world.store.claimFrame('frame', world.nowMs());
    await world.index.index(world.picture('a', [faceOf(1)]), 'frame', 10);
    await world.index.index(world.picture('b', [faceOf(2)]), 'stray', 10);
    expect(await purgeIn(world)).toMatchObject({ orphans: 1 });
    expect((await world.index.listed()).map(({ pictureId }) => pictureId)).toEqual(['frame']);
    world.advance(60_000);
    expect(await purgeIn(world)).toMatchObject({ orphans: 1 });
    expect(await world.index.listed()).toEqual([]);
  });

  it('deletes users without a row', async () => {
    const world = faceWorld('visitors');
    await world.know('v.a', 'visitor', faceOf(1));
    await world.store.forget('v.a', []);
    expect(await purgeIn(world)).toMatchObject({ orphans: 1 });
    expect(await world.index.listed()).toEqual([]);
    expect(world.index.userIds()).toEqual([]);
  });

  it('leaves the rest to the next run when time runs out', async () => {
    const world = faceWorld('visitors');
    await world.know('v.a', 'visitor', faceOf(1));
    world.advance(20 * DAY_MS);
    expect(await purgeIn(world, LAW, () => false)).toEqual({ visitors: 0, withdrawn: 0, orphans: 0 });
    expect(await purgeIn(world)).toMatchObject({ visitors: 1 });
  });
});
