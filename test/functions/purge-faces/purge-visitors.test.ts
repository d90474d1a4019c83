import { describe, expect, it } from 'vitest';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { LawSettings } from '#domain/chain/law-settings.ts';
import { awsCloud, type CloudLocation, LOCAL_CLOUD } from '#domain/law/countries.ts';
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

const NOTHING = { visitors: 0, members: 0, watchEntries: 0, proofs: 0, withdrawn: 0, orphans: 0 };

const purgeWith = (
  world: FaceWorld,
  law: LawSettings | undefined,
  isTimeLeft = () => true,
  cloud: CloudLocation = LOCAL_CLOUD,
) =>
  purgeVisitors({
    ...world,
    stores: async () => [storeOf('sz01', 'shenzhen', 'south', law === undefined ? {} : { law })],
    cloud,
    nowMs: world.nowMs,
    isTimeLeft,
  });
const purgeIn = (world: FaceWorld, law: LawSettings = LAW, isTimeLeft = () => true) =>
  purgeWith(world, law, isTimeLeft);

describe('the hourly purge', () => {
  it('deletes a visitor who was not seen for the retention period of the store, and none sooner', async () => {
    const world = faceWorld('visitors');
    await world.know('v.a', 'visitor', faceOf(1));
    await world.know('m.M1', 'member', faceOf(2));
    await world.know('s.S1', 'staff', faceOf(3));
    world.advance(9 * DAY_MS - 1);
    expect(await purgeIn(world)).toEqual({ ...NOTHING, isComplete: true });
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
    await purgeWith(world, law);
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
    expect(await purgeIn(world, LAW, () => false)).toEqual({
      ...NOTHING,
      isComplete: false,
    });
    expect(await purgeIn(world)).toMatchObject({ visitors: 1 });
  });
});

const inLaw = (jurisdiction: LawSettings['jurisdiction'], more: Partial<LawSettings> = {}): LawSettings => ({
  jurisdiction,
  signSince: '2026-01-01' as BusinessDay,
  face: 'members',
  watchList: false,
  ...more,
});

describe('the retention of members', () => {
  it.each([
    ['Texas', inLaw('US-TX'), 365],
    ['Colorado', inLaw('US-CO'), 730],
    ['Illinois', inLaw('US-IL'), 1_095],
    ['the European Union, as the store set it', inLaw('EU', { memberRetentionDays: 90 }), 90],
  ])(
    'deletes the vectors in %s after so many days without a visit, and not before (LAW retention)',
    async (_, law, days) => {
      const world = faceWorld('members');
      await world.know('m.M1', 'member', faceOf(1));
      world.advance(days * DAY_MS);
      expect(await purgeIn(world, law)).toMatchObject({ members: 0 });
      world.advance(1);
      expect(await purgeIn(world, law)).toMatchObject({ members: 1, isComplete: true });
      expect(await world.index.listed()).toEqual([]);
      expect(await world.store.users(['m.M1'])).toMatchObject([
        { faceIds: [], consent: { proof: 'form 1' } },
      ]);
      expect(await purgeIn(world, law)).toMatchObject({ members: 0 });
    },
  );

  it('begins again with every visit, which is stored once a day', async () => {
    const world = faceWorld('members');
    await world.know('m.M1', 'member', faceOf(1));
    world.advance(200 * DAY_MS);
    await world.see(world.picture('visit', [faceOf(1, 1)]), { atMs: world.nowMs() });
    expect(await world.store.users(['m.M1'])).toMatchObject([{ lastSeenAtMs: world.nowMs(), seenOn: [] }]);
    world.advance(200 * DAY_MS);
    expect(await purgeIn(world, inLaw('US-TX'))).toMatchObject({ members: 0 });
    expect(world.index.userIds()).toEqual(['m.M1']);
  });

  it.each([
    ['China, whose law bars pictures from the cloud', inLaw('CN', { memberRetentionDays: 365 }), LOCAL_CLOUD],
    ['Portland', inLaw('US-OR-PDX'), awsCloud('us-west-2')],
    [
      'the European Union, in a cloud abroad',
      inLaw('EU', { memberRetentionDays: 90 }),
      awsCloud('us-east-1'),
    ],
    ['a demonstration outside the local cloud', LAW, awsCloud('us-east-1')],
  ])('leaves no vector at all in %s (LAW crossBorder)', async (_, law, cloud) => {
    const world = faceWorld('members');
    await world.know('m.M1', 'member', faceOf(1));
    await world.know('s.S1', 'staff', faceOf(2));
    await world.know('v.a', 'visitor', faceOf(3));
    await world.know('w.1', 'watch', faceOf(4));
    await purgeWith(world, law, () => true, cloud);
    expect(await world.index.listed()).toEqual([]);
  });

  it('deletes the faces of staff where their consent is rarely free, and keeps those of members (LAW staff)', async () => {
    const world = faceWorld('members');
    await world.know('m.M1', 'member', faceOf(1));
    await world.know('s.S1', 'staff', faceOf(2));
    await purgeIn(world, inLaw('EU', { memberRetentionDays: 90 }));
    expect(world.index.userIds()).toEqual(['m.M1']);
  });

  it('deletes the proof of a consent once its time is over, and not before', async () => {
    const world = faceWorld('members');
    await world.know('m.M1', 'member', faceOf(1));
    const law = inLaw('EU', { memberRetentionDays: 90 });
    await world.store.withdraw('m.M1', world.nowMs());
    expect(await purgeIn(world, law)).toMatchObject({ withdrawn: 1, proofs: 0 });
    world.advance(3 * 365 * DAY_MS);
    expect(await purgeIn(world, law)).toMatchObject({ proofs: 0 });
    world.advance(1);
    expect(await purgeIn(world, law)).toMatchObject({ proofs: 1 });
    expect(await world.store.users(['m.M1'])).toEqual([]);
  });
});

describe('an entry of a watch-list', () => {
  it('ends one year after it was made, and where no list may be kept at once (LAW watch-list)', async () => {
    const world = faceWorld('members');
    const law = inLaw('US-TX', { watchList: true });
    await world.know('w.1', 'watch', faceOf(1));
    world.advance(364 * DAY_MS);
    expect(await purgeIn(world, law)).toMatchObject({ watchEntries: 0 });
    world.advance(1);
    expect(await purgeIn(world, law)).toMatchObject({ watchEntries: 1 });
    await world.know('w.2', 'watch', faceOf(2));
    expect(await purgeIn(world, inLaw('US-IL', { watchList: true }))).toMatchObject({ watchEntries: 1 });
    expect(world.index.userIds()).toEqual([]);
  });
});
