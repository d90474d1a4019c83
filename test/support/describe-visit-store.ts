/** Contract of every visit store and alias store. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { AliasStore } from '#application/ports/alias-store.ts';
import { DUE_SHARDS, type StoredVisitorDay, type VisitStore } from '#application/ports/visit-store.ts';
import type { SensorId, StoreId, VisitorId } from '#domain/chain/ids.ts';
import { extentsOf } from '#domain/place/visits/stillness.ts';
import { isClosed, summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import { nextRevision } from '#domain/place/visits/visit-revision.ts';
import { emptyVisitorDay, type VisitorDayKey, withParts } from '#domain/place/visits/visitor-day.ts';
import { november, SZ01, SZ02 } from './chain.ts';
import { gather } from './gather.ts';
import { ANN, BEN, CLERK, held, keyOf, minute, sightingOf, stayOf } from './sightings.ts';

const NOW_MS = minute(60);

/** A visitor day of one visitor, seen at the door at a minute and not stored yet. */
export function storedAt(
  visitorId: VisitorId,
  atMinute: number,
  key: Partial<VisitorDayKey> = {},
  more: Partial<StoredVisitorDay> = {},
): StoredVisitorDay {
  const { parts } = stayOf(visitorId, [
    sightingOf(visitorId, [held('door', atMinute, atMinute + 1), held(undefined, atMinute + 2)]),
  ]);
  const stay = withParts(emptyVisitorDay({ ...keyOf(visitorId), ...key }), parts);
  return { visitorDay: stay, published: [], revision: 0, version: 0, ...more };
}

export function describeVisitStore(name: string, create: () => Promise<VisitStore>): void {
  describe(`a visit store: ${name}`, () => {
    let visits: VisitStore;
    beforeEach(async () => {
      visits = await create();
    });
    const save = (stored: StoredVisitorDay) => visits.save(stored, NOW_MS);
    const idsOf = async (stays: AsyncIterable<StoredVisitorDay>): Promise<string[]> =>
      (await gather(stays)).map(({ visitorDay }) => visitorDay.visitorId);
    const due = async (nowMs: number): Promise<VisitorDayKey[]> => {
      const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => gather(visits.due(shard, nowMs)));
      return (await Promise.all(shards)).flat();
    };

    it('returns what was saved: evidence, published visits and due time', async () => {
      expect(await visits.load(keyOf(ANN))).toBeUndefined();
      const stay = stayOf(ANN, [
        sightingOf(ANN, [held('door', 0, 3), held('shelf', 3, 9), held('door', 12)]),
        sightingOf(BEN, [{ ...held('till', 40), kind: 'snapshot' }, held(undefined, 41)], { isStaff: true }),
      ]);
      const now = visitsOf(stay).map((visit) =>
        summaryOf(visit, {
          isClosed: isClosed(visit, NOW_MS),
          isAssisted: false,
          frequency: 'first',
          groupRole: 'leader',
        }),
      );
      const pending = nextRevision(keyOf(ANN), { revision: 3, published: now.slice(1) }, now);
      const stored: StoredVisitorDay = {
        visitorDay: stay,
        published: now.slice(1),
        revision: 4,
        version: 0,
        ...(pending && { pending }),
        dueAtMs: minute(56) + 1,
        recheckAtMs: NOW_MS,
      };
      expect(pending).toBeDefined();
      expect(await save(stored)).toEqual({ kind: 'saved', version: 1 });
      expect(await visits.load(keyOf(ANN))).toEqual({ ...stored, version: 1 });
      const bare = storedAt(BEN, 0);
      await save(bare);
      const sighting = sightingOf(CLERK, [held('till', 0, 2)], {
        counting: 'zones only',
        extents: extentsOf('cam1' as SensorId, [{ atMs: minute(1), x: 1.5, y: 2 }]),
      });
      const zonesOnly = { ...storedAt(CLERK, 0), visitorDay: stayOf(CLERK, [sighting]) };
      await save(zonesOnly);
      expect(await visits.load(keyOf(CLERK))).toEqual({ ...zonesOnly, version: 1 });
      expect(await visits.load(keyOf(BEN))).toEqual({ ...bare, version: 1 });
    });

    it('accepts one of two writes at the same version', async () => {
      const first = storedAt(ANN, 0);
      expect(await save(first)).toEqual({ kind: 'saved', version: 1 });
      expect(await save(first)).toEqual({ kind: 'conflict' });
      expect(await save({ ...first, version: 1 })).toEqual({ kind: 'saved', version: 2 });
      expect(await save({ ...storedAt(ANN, 9), version: 1 })).toEqual({ kind: 'conflict' });
      expect((await visits.load(keyOf(ANN)))?.visitorDay).toEqual(first.visitorDay);
    });

    it('reports a visitor day larger than a row as unstorable', async () => {
      const { published } = storedAt(ANN, 0);
      const [visit] = visitsOf(storedAt(ANN, 0).visitorDay);
      if (visit === undefined) throw new Error('no visit');
      const summary = summaryOf(visit, {
        isClosed: true,
        isAssisted: false,
        frequency: 'first',
        groupRole: 'leader',
      });
      const large = { ...storedAt(ANN, 0), published: [...published, ...Array(4_000).fill(summary)] };
      expect(await save(large)).toMatchObject({ kind: 'unstorable', reason: /size/i });
      expect(await visits.load(keyOf(ANN))).toBeUndefined();
    });

    it("lists the shoppers of a store's day by arrival, and the staff separately", async () => {
      await save(storedAt(BEN, 5));
      await save(storedAt(ANN, 9));
      await save(storedAt('user.v.eve' as VisitorId, 9));
      const clerk = sightingOf(CLERK, [held('till', 0, 90)]);
      await save({ ...storedAt(CLERK, 0), visitorDay: stayOf(CLERK, [clerk]) });
      await save(storedAt(ANN, 9, { day: november(23) }));
      await save(storedAt(ANN, 9, { storeId: SZ02.storeId }));
      const { storeId } = SZ01;
      const ofDay = (from?: number, to?: number) => idsOf(visits.ofDay(storeId, november(22), from, to));
      expect(await ofDay()).toEqual([BEN, ANN, 'user.v.eve']);
      expect(await ofDay(minute(5), minute(5))).toEqual([BEN]);
      expect(await ofDay(minute(5) + 1)).toEqual([ANN, 'user.v.eve']);
      expect(await ofDay(undefined, minute(9) - 1)).toEqual([BEN]);
      expect(await idsOf(visits.staffOfDay(storeId, november(22)))).toEqual([CLERK]);
      expect(await ofDay(minute(90))).toEqual([]);
    });

    it('lists a shopper once after an earlier arrival, and omits a merged one', async () => {
      await save(storedAt(ANN, 9));
      await save({ ...storedAt(ANN, 5), version: 1 });
      await save(storedAt(BEN, 7));
      const { storeId } = SZ01;
      expect(await idsOf(visits.ofDay(storeId, november(22)))).toEqual([ANN, BEN]);
      await save({ ...storedAt(ANN, 5), visitorDay: emptyVisitorDay(keyOf(ANN)), version: 2 });
      expect(await idsOf(visits.ofDay(storeId, november(22)))).toEqual([BEN]);
      expect(await visits.load(keyOf(ANN))).toMatchObject({ version: 3 });
    });

    it('lists more rows than one page', async () => {
      const published = visitsOf(storedAt(ANN, 0).visitorDay).flatMap((visit) => {
        const summary = summaryOf(visit, {
          isClosed: true,
          isAssisted: false,
          frequency: 'first',
          groupRole: 'leader',
        });
        return Array(1_400).fill(summary);
      });
      const ids = Array.from({ length: 8 }, (_, index) => `user.v.${index}` as VisitorId);
      for (const [index, id] of ids.entries()) await save({ ...storedAt(id, index), published });
      expect(await idsOf(visits.ofDay(SZ01.storeId, november(22)))).toEqual(ids);
    });

    it("returns a visitor's days in order, and backwards with start times only", async () => {
      await save(storedAt(ANN, 0, { day: november(3) }));
      await save(storedAt(ANN, 1, { day: november(22), storeId: SZ02.storeId }));
      await save(storedAt(ANN, 2, { day: november(22) }));
      await save(storedAt(ANN, 3, { day: november(23) }));
      await save(storedAt(BEN, 4, { day: november(3) }));
      const daysOf = async (stays: AsyncIterable<StoredVisitorDay>) =>
        (await gather(stays)).map(({ visitorDay }) => `${visitorDay.day} ${visitorDay.storeId}`);
      expect(await daysOf(visits.ofVisitor(ANN))).toEqual([
        '2026-11-03 sz01',
        '2026-11-22 sz01',
        '2026-11-22 sz02',
        '2026-11-23 sz01',
      ]);
      expect(await daysOf(visits.ofVisitor(ANN, november(23)))).toEqual(['2026-11-23 sz01']);
      expect(await gather(visits.history(ANN, november(22)))).toEqual([
        { ...keyOf(ANN, SZ02.storeId), firstSeenAtMs: [minute(1)] },
        { ...keyOf(ANN), firstSeenAtMs: [minute(2)] },
        { ...keyOf(ANN, SZ01.storeId, november(3)), firstSeenAtMs: [minute(0)] },
      ]);
      expect(await gather(visits.history('user.v.eve' as VisitorId, november(22)))).toEqual([]);
    });

    it('returns a history of more days than one page', async () => {
      for (let day = 1; day <= 11; day++) await save(storedAt(ANN, day, { day: november(day) }));
      const found = await gather(visits.history(ANN, november(11)));
      expect(found.map(({ day }) => Number(day.slice(8)))).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    });

    it('returns due visitor days, longest overdue first, until they are no longer due', async () => {
      const store = 'a.b-c_d' as StoreId;
      await save(storedAt(ANN, 0, {}, { dueAtMs: minute(20) }));
      await save(storedAt(ANN, 0, { storeId: store }, { dueAtMs: minute(10) }));
      await save(storedAt(BEN, 0, {}, { dueAtMs: minute(30) }));
      await save(storedAt(CLERK, 0));
      expect(await due(minute(9))).toEqual([]);
      expect(await due(minute(20))).toEqual([keyOf(ANN, store), keyOf(ANN)]);
      expect(await due(minute(20) - 1)).toEqual([keyOf(ANN, store)]);
      expect(await due(minute(40))).toHaveLength(3);
      await save(storedAt(ANN, 0, {}, { version: 1 }));
      await save(storedAt(ANN, 0, { storeId: store }, { version: 1, dueAtMs: minute(50) }));
      expect(await due(minute(40))).toEqual([keyOf(BEN)]);
    });
  });
}

export function describeAliasStore(name: string, create: () => Promise<AliasStore>): void {
  describe(`an alias store: ${name}`, () => {
    let aliases: AliasStore;
    beforeEach(async () => {
      aliases = await create();
    });
    const EVE = 'user.v.eve' as VisitorId;

    it('resolves pointers in both directions', async () => {
      expect(await aliases.intoOf([])).toEqual(new Map());
      await aliases.point(BEN, ANN, NOW_MS);
      await aliases.point(BEN, ANN, NOW_MS);
      await aliases.point(EVE, ANN, NOW_MS);
      expect(await aliases.intoOf([ANN, BEN, EVE])).toEqual(
        new Map([
          [BEN, ANN],
          [EVE, ANN],
        ]),
      );
      expect(await aliases.aliasesOf(ANN)).toEqual([BEN, EVE]);
      expect(await aliases.aliasesOf(BEN)).toEqual([]);
    });

    it('removes a released pointer, and no other', async () => {
      await aliases.point(BEN, ANN, NOW_MS);
      await aliases.release(BEN, EVE);
      expect(await aliases.aliasesOf(ANN)).toEqual([BEN]);
      await aliases.release(BEN, ANN);
      await aliases.release(BEN, ANN);
      expect(await aliases.intoOf([BEN])).toEqual(new Map());
      expect(await aliases.aliasesOf(ANN)).toEqual([]);
    });

    it('keeps the claims on a track, each once, by time, until they are withdrawn (V1)', async () => {
      const track = 'track.sz01:2026-11-22:ceil-1:9' as VisitorId;
      const [later, sooner, other] = [
        { into: ANN, atMs: minute(9) },
        { into: ANN, atMs: minute(2) },
        { into: BEN, atMs: minute(5) },
      ];
      expect(await aliases.claimsOn(track)).toEqual([]);
      for (const claim of [later, sooner, other, later]) await aliases.claim(track, claim, NOW_MS);
      expect(await aliases.claimsOn(track)).toEqual([sooner, other, later]);
      expect(await aliases.intoOf([track])).toEqual(new Map());
      await aliases.unclaim(track, ANN);
      expect(await aliases.claimsOn(track)).toEqual([other]);
    });

    it('keeps the last pointer of an id', async () => {
      await aliases.point(BEN, ANN, NOW_MS);
      await aliases.point(BEN, EVE, NOW_MS);
      expect(await aliases.intoOf([BEN])).toEqual(new Map([[BEN, EVE]]));
      expect(await aliases.aliasesOf(ANN)).toEqual([]);
      expect(await aliases.aliasesOf(EVE)).toEqual([BEN]);
    });
  });
}
