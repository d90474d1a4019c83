import { beforeEach, describe, expect, it } from 'vitest';
import type { VisitStore } from '#application/ports/visit-store.ts';
import { recountRequested } from '#contracts/events/recount-requested.ts';
import { VISIT_OPENED } from '#contracts/events/visit-revised.ts';
import type { SensorId, StoreId, VisitorId } from '#domain/chain/ids.ts';
import { visitsOf } from '#domain/place/visits/visit.ts';
import { INTERVALS_PER_PART_MAX } from '#domain/place/visits/visitor-day.ts';
import { sequenceAt } from '../../support/arbitraries.ts';
import { november, SZ01, SZ02 } from '../../support/chain.ts';
import { ANN, BEN, CLERK, held, keyOf, minute, sightingOf, TRACK, zone } from '../../support/sightings.ts';
import { revisionEvents, visitWorld } from '../../support/visit-world.ts';

let world: ReturnType<typeof visitWorld>;
beforeEach(() => {
  world = visitWorld();
  world.at(5);
});

const publishedTypes = () => revisionEvents(world.log.records).map(({ type }) => type);
const visitsAt = async (visitorId: VisitorId) => {
  const stored = await world.stay(visitorId);
  return stored === undefined ? [] : visitsOf(stored.visitorDay);
};

const namesOf = async (visitorId: VisitorId) =>
  [...((await world.stay(visitorId))?.visitorDay.parts.keys() ?? [])].sort();

describe('a batch of sightings', () => {
  it('joins the sightings of several sensors into one visit, and publishes it once', async () => {
    const batch = world.seen(
      sightingOf(ANN, [held('door', 0, 1)]),
      sightingOf(ANN, [held('door', 0.5, 2)], { sensorId: 'xovis1' as SensorId }),
      sightingOf(ANN, [held('shelf', 2, 4)]),
    );
    expect(await world.track(batch)).toEqual({
      sightings: 3,
      anonymous: 0,
      visitorDays: 1,
      revisions: 1,
      merges: 0,
      rejected: 0,
      failures: [],
    });
    expect(await visitsAt(ANN)).toMatchObject([
      { number: 1, firstSeenAt: { instantMs: minute(0) }, lastSeenAtMs: minute(4) },
    ]);
    expect(revisionEvents(world.log.records)).toMatchObject([
      {
        type: VISIT_OPENED,
        id: 'sz01/2026-11-22/user.v.ann/1',
        subject: 'sz01',
        data: { revision: 1, before: [], after: [{ frequency: 'first', isClosed: false, isStaff: false }] },
      },
    ]);
    expect(world.figures()).toMatchObject({ visitors: 1, bodies: 1, first: 1, closed: 0 });
  });

  it('costs one read and one write per visitor day, and one more write per published revision', async () => {
    let loads = 0;
    const visits: VisitStore = {
      ...world.visits,
      load: (key) => {
        loads += 1;
        return world.visits.load(key);
      },
    };
    const many = Array.from({ length: 50 }, (_, index) => sightingOf(ANN, [held('door', index / 20)]));
    await world.track(world.seen(...many, sightingOf(BEN, [held('door', 1)])), { visits });
    expect([loads, world.visits.writes()]).toEqual([2, 4]);
    await world.track(world.seen(sightingOf(ANN, [held('till', 4)])), { visits });
    expect([loads, world.visits.writes()]).toEqual([3, 5]);
  });

  it('changes and publishes nothing when it is delivered again, whole or in part', async () => {
    const batch = world.seen(
      sightingOf(ANN, [held('door', 0, 1)]),
      sightingOf(BEN, [held('door', 1)]),
      sightingOf(ANN, [held('shelf', 1, 2)]),
    );
    await world.track(batch);
    const [rows, writes] = [new Map(world.visits.rows), world.visits.writes()];
    for (const again of [batch, batch.slice(1), batch.slice(0, 1)]) {
      expect(await world.track(again)).toMatchObject({ visitorDays: 0, revisions: 0 });
    }
    expect([world.visits.rows, world.visits.writes()]).toEqual([rows, writes]);
  });

  it('writes nothing again while a visitor day is due to be closed', async () => {
    world.at(60);
    const batch = world.seen(sightingOf(ANN, [held('door', 0, 1)]));
    await world.track(batch);
    world.at(61);
    expect(await world.track(batch)).toMatchObject({ visitorDays: 0 });
    expect((await world.stay(ANN))?.dueAtMs).toBe(minute(60));
  });

  it('postpones the due time of an open visit only when that visit is checked', async () => {
    await world.track(world.seen(sightingOf(ANN, [held('door', 0)])));
    const due = async () => (await world.stay(ANN))?.dueAtMs;
    expect(await due()).toBe(minute(15) + 1);
    world.at(10);
    await world.track(world.seen(sightingOf(ANN, [held('door', 10)])));
    expect(await due()).toBe(minute(15) + 1);
    world.at(16);
    expect(await world.close()).toMatchObject({ scanned: 1, revisions: 0 });
    expect(await due()).toBe(minute(25) + 1);
  });

  it('counts anonymous sightings, but makes no visit of them', async () => {
    const batch = world.seen(sightingOf(undefined, [held('door', 0)]), sightingOf(ANN, [held('door', 0)]));
    expect(await world.track(batch)).toMatchObject({ sightings: 1, anonymous: 1, visitorDays: 1 });
    expect(world.figures()).toMatchObject({ bodies: 1 });
  });

  it('skips other events, unreadable records and records under the key of another store', async () => {
    const [sighting] = world.seen(sightingOf(ANN, [held('door', 0)]));
    const others = [
      world.recordOf(recountRequested(SZ01.storeId, november(22), 'r', 't', 's')),
      { ...(sighting ?? world.merged(ANN, BEN)), bytes: Buffer.from('x') },
      { ...(sighting ?? world.merged(ANN, BEN)), key: 'sz02' },
    ];
    expect(await world.track(others)).toMatchObject({ sightings: 0, visitorDays: 0, failures: [] });
    expect(world.log.records).toEqual([]);
  });

  it('counts a track as a visitor without a visit frequency', async () => {
    await world.track(world.seen(sightingOf(TRACK, [held('door', 0)])));
    expect(world.figures()).toMatchObject({ visitors: 1, first: 0, second: 0 });
  });

  it('excludes staff from the footfall', async () => {
    await world.track(world.seen(sightingOf(CLERK, [held('door', 0)]), sightingOf(ANN, [held('door', 1)])));
    expect(world.figures()).toMatchObject({ bodies: 2, visitors: 1 });
  });

  it('removes a visitor from the footfall once a sighting marks them as staff', async () => {
    await world.track(world.seen(sightingOf(ANN, [held('door', 0)])));
    await world.track(world.seen(sightingOf(ANN, [held('till', 1)], { isStaff: true })));
    expect(world.figures()).toMatchObject({ bodies: 1, visitors: 0, first: 0 });
  });

  it('publishes nothing while a visit continues, and a revision when its start moves earlier', async () => {
    await world.track(world.seen(sightingOf(ANN, [held('door', 2)])));
    await world.track(world.seen(sightingOf(ANN, [held('shelf', 3, 4)])));
    expect(publishedTypes()).toEqual([VISIT_OPENED]);
    await world.track(world.seen(sightingOf(ANN, [held('door', 1)])));
    expect(publishedTypes()).toEqual([VISIT_OPENED, VISIT_OPENED]);
    expect(world.figures()).toMatchObject({ visitors: 1 });
  });

  it('publishes a second visit on one day with its own frequency', async () => {
    await world.track(world.seen(sightingOf(ANN, [held('door', 0)])));
    world.at(20);
    await world.close();
    await world.track(world.seen(sightingOf(ANN, [held('door', 20)])));
    expect(world.figures()).toMatchObject({ visitors: 2, first: 1, second: 1, closed: 1 });
  });

  it('derives the frequency from earlier days in every store of the chain', async () => {
    const on = async (day: number, store: StoreId) => {
      const atMinute = (day - 22) * 1_440;
      world.at(atMinute);
      const more = { day: november(day), storeId: store };
      await world.track(world.seen(sightingOf(ANN, [held('door', atMinute)], more)));
    };
    await on(3, SZ02.storeId);
    await on(9, SZ01.storeId);
    await on(10, SZ01.storeId);
    await on(22, SZ02.storeId);
    expect(world.figures('sz02')).toMatchObject({ first: 1, second: 0, regular: 1 });
    expect(world.figures('sz01')).toMatchObject({ first: 0, second: 1, regular: 1 });
  });

  it('rejects a visitor day too large for a row and stores the others', async () => {
    const zones = Array.from({ length: 60 }, (_, index) => `zone-${index}`);
    const huge = zones.map((name, index) =>
      sightingOf(ANN, [
        ...Array.from({ length: 140 }, (_, count) => ({
          kind: 'tracked' as const,
          zoneId: zone(name),
          fromMs: minute(-12 * 60) + count * 610_000 + index,
          toMs: minute(-12 * 60) + count * 610_000 + index + 7,
        })),
      ]),
    );
    const parts = Array.from({ length: 8 }, (_, index) => `user.v.${index}` as VisitorId);
    for (const id of parts) await world.aliases.point(id, ANN, minute(0));
    const batch = parts.flatMap((visitorId) => huge.map((one) => ({ ...one, visitorId })));
    const result = await world.track(world.seen(...batch, sightingOf(BEN, [held('door', 0)])));
    expect(60 * 140).toBeGreaterThan(INTERVALS_PER_PART_MAX);
    expect(result).toMatchObject({ rejected: 1, visitorDays: 1, failures: [] });
  });
});

describe('a store that fails', () => {
  it('does not block the others, and reports the sequence to retry from', async () => {
    const at = (storeId: StoreId, visitorId: VisitorId) =>
      sightingOf(visitorId, [held('door', 0)], { storeId });
    const batch = world.seen(
      at(SZ02.storeId, ANN),
      at(SZ01.storeId, ANN),
      at(SZ02.storeId, BEN),
      at(SZ01.storeId, BEN),
    );
    const visits: VisitStore = {
      ...world.visits,
      load: async (key) => {
        if (key.storeId === SZ01.storeId) throw new Error('throttled');
        return world.visits.load(key);
      },
    };
    const result = await world.track(batch, { visits });
    expect(result.failures).toEqual([{ sequence: sequenceAt(2), error: new Error('throttled') }]);
    expect(result).toMatchObject({ visitorDays: 2, revisions: 2 });
    expect((await world.track(batch)).failures).toEqual([]);
    expect(world.figures('sz01')).toEqual(world.figures('sz02'));
  });

  it('is retried after the log rejected its revisions, and publishes none of them twice', async () => {
    const batch = world.seen(sightingOf(ANN, [held('door', 0)]));
    world.log.takeOnly(0);
    expect((await world.track(batch)).failures).toHaveLength(1);
    world.log.takeOnly(9);
    expect(await world.track(batch)).toMatchObject({ failures: [], visitorDays: 1 });
    expect(world.figures()).toMatchObject({ visitors: 1, bodies: 1 });
    expect((await world.stay(ANN))?.pending).toBeUndefined();
  });

  it('fails after a bounded number of conflicting writes', async () => {
    const visits: VisitStore = { ...world.visits, save: async () => ({ kind: 'conflict' }) };
    const { failures } = await world.track(world.seen(sightingOf(ANN, [held('door', 0)])), { visits });
    expect(String(failures[0]?.error)).toMatch(/contended/);
  });
});

describe('a concurrent writer', () => {
  it('loses no sighting of either writer', async () => {
    let isFirst = true;
    const visits: VisitStore = {
      ...world.visits,
      async save(stored, nowMs) {
        if (isFirst) {
          isFirst = false;
          await world.track(world.seen(sightingOf(ANN, [held('till', 3)])));
        }
        return world.visits.save(stored, nowMs);
      },
    };
    await world.track(world.seen(sightingOf(ANN, [held('door', 1)])), { visits });
    expect(await visitsAt(ANN)).toMatchObject([
      { firstSeenAt: { instantMs: minute(1) }, lastSeenAtMs: minute(3) },
    ]);
    expect(world.figures()).toMatchObject({ visitors: 1, bodies: 1 });
  });

  it('may publish the same revision between publish and mark, which is counted once', async () => {
    let writes = 0;
    const visits: VisitStore = {
      ...world.visits,
      async save(stored, nowMs) {
        writes += 1;
        if (writes === 2) await world.track(world.seen(sightingOf(ANN, [held('till', 3)])));
        return world.visits.save(stored, nowMs);
      },
    };
    await world.track(world.seen(sightingOf(ANN, [held('door', 1)])), { visits });
    expect(revisionEvents(world.log.records).map(({ data }) => data.revision)).toEqual([1, 1]);
    expect(world.figures()).toMatchObject({ visitors: 1 });
    expect(await world.stay(ANN)).toMatchObject({ revision: 1, published: [{ isClosed: false }] });
    expect((await world.stay(ANN))?.pending).toBeUndefined();
  });
});

describe('a sighting under an alias', () => {
  it('belongs to the visitor day of the canonical id', async () => {
    await world.aliases.point(BEN, ANN, minute(0));
    await world.aliases.point('user.v.eve' as VisitorId, BEN, minute(0));
    await world.track(
      world.seen(
        sightingOf(BEN, [held('door', 0)]),
        sightingOf('user.v.eve' as VisitorId, [held('door', 1)]),
        sightingOf(ANN, [held('door', 2)]),
      ),
    );
    expect(await namesOf(ANN)).toEqual([ANN, BEN, 'user.v.eve']);
    expect(world.figures()).toMatchObject({ visitors: 1 });
    expect(await world.stay(BEN)).toBeUndefined();
  });

  it('has the frequency over all ids of the visitor', async () => {
    const before = world.seen(sightingOf(BEN, [held('door', 0)], { day: november(3) }));
    await world.track(before);
    await world.aliases.point(BEN, ANN, minute(0));
    await world.track(world.seen(sightingOf(ANN, [held('door', 1)])));
    expect(revisionEvents(world.log.records).at(-1)?.data.after[0]?.frequency).toBe('second');
  });

  it('resolves to one visitor day even if two stores merged the same two ids in opposite directions', async () => {
    await world.aliases.point(BEN, ANN, minute(0));
    await world.aliases.point(ANN, BEN, minute(0));
    await world.track(world.seen(sightingOf(BEN, [held('door', 0)]), sightingOf(ANN, [held('door', 1)])));
    expect(world.visits.rows.size).toBe(1);
    expect(await world.stay(ANN)).toBeDefined();
  });
});

describe('two merged visitors', () => {
  const both = () =>
    world.seen(sightingOf(ANN, [held('door', 0, 1)]), sightingOf(BEN, [held('shelf', 1, 3)]));

  it('count as one visitor from then on, also in the figures', async () => {
    await world.track(both());
    expect(world.figures()).toMatchObject({ visitors: 2, first: 2 });
    expect(await world.track([world.merged(BEN, ANN)])).toMatchObject({ merges: 1, failures: [] });
    expect(world.figures()).toMatchObject({ visitors: 1, first: 1, bodies: 1 });
    expect(await visitsAt(ANN)).toMatchObject([{ lastSeenAtMs: minute(3) }]);
    expect(await visitsAt(BEN)).toEqual([]);
    await world.track(world.seen(sightingOf(BEN, [held('till', 4)])));
    expect(await visitsAt(ANN)).toMatchObject([{ lastSeenAtMs: minute(4) }]);
  });

  it('are joined with the sightings before and after the merge in the same batch', async () => {
    await world.track([...both(), world.merged(BEN, ANN), ...world.seen(sightingOf(BEN, [held('till', 4)]))]);
    expect(await visitsAt(BEN)).toEqual([]);
    expect(await visitsAt(ANN)).toMatchObject([{ lastSeenAtMs: minute(4) }]);
    expect(world.figures()).toMatchObject({ visitors: 1 });
  });

  it('are joined in every store on that day, but not on earlier days', async () => {
    const of = (visitorId: VisitorId, storeId: StoreId, day: number) =>
      sightingOf(visitorId, [held('door', 0)], { storeId, day: november(day) });
    await world.track(
      world.seen(of(BEN, SZ02.storeId, 22), of(BEN, SZ01.storeId, 21), of(ANN, SZ02.storeId, 22)),
    );
    await world.track([world.merged(BEN, ANN)]);
    expect(world.figures('sz02')).toMatchObject({ visitors: 1 });
    const other = await world.visits.load(keyOf(BEN, SZ01.storeId, november(21)));
    expect(other?.visitorDay.parts.size).toBe(1);
  });

  it('are two again when they are parted, each with their own sightings since', async () => {
    const batch = both();
    await world.track(batch);
    const apart = world.figures();
    await world.track([world.merged(BEN, ANN), ...world.seen(sightingOf(BEN, [held('till', 4)]))]);
    await world.track([world.parted(BEN, ANN)]);
    expect(world.figures()).toEqual(apart);
    expect(await visitsAt(ANN)).toMatchObject([{ lastSeenAtMs: minute(1) }]);
    expect(await visitsAt(BEN)).toMatchObject([{ lastSeenAtMs: minute(4) }]);
    await world.track(world.seen(sightingOf(BEN, [held('till', 5)])));
    expect(await visitsAt(BEN)).toMatchObject([{ lastSeenAtMs: minute(5) }]);
  });

  it('include visitors merged into them before, and release them when parted', async () => {
    const EVE = 'user.v.eve' as VisitorId;
    await world.track([...both(), ...world.seen(sightingOf(EVE, [held('till', 2)]))]);
    await world.track([world.merged(EVE, BEN), world.merged(BEN, ANN)]);
    expect(world.figures()).toMatchObject({ visitors: 1 });
    await world.track([world.parted(BEN, ANN)]);
    expect(world.figures()).toMatchObject({ visitors: 2 });
    expect(await namesOf(BEN)).toEqual([BEN, EVE]);
  });

  it('give the same figures however often the merges are delivered', async () => {
    await world.track(both());
    const told = [world.merged(BEN, ANN), world.parted(BEN, ANN), world.merged(BEN, ANN)];
    await world.track(told);
    const figures = world.figures();
    await world.track(told);
    expect(world.figures()).toEqual(figures);
    expect(figures).toMatchObject({ visitors: 1 });
  });

  it('reject a merge that would form a cycle', async () => {
    await world.track([world.merged(BEN, ANN)]);
    expect(await world.track([world.merged(ANN, BEN), world.merged(ANN, ANN)])).toMatchObject({
      merges: 0,
      rejected: 2,
    });
  });

  it('are joined even if a sighting is tracked during the merge', async () => {
    await world.track(both());
    let isFirst = true;
    const visits: VisitStore = {
      ...world.visits,
      async save(stored, nowMs) {
        if (isFirst && stored.visitorDay.visitorId === BEN) {
          isFirst = false;
          // A consumer of another store's shard that resolved Ben's id just before the alias was written.
          await world.track(world.seen(sightingOf(BEN, [held('till', 4)])), {
            aliases: { ...world.aliases, intoOf: async () => new Map() },
          });
        }
        return world.visits.save(stored, nowMs);
      },
    };
    await world.track([world.merged(BEN, ANN)], { visits });
    expect(await visitsAt(BEN)).toEqual([]);
    expect(await visitsAt(ANN)).toMatchObject([{ lastSeenAtMs: minute(4) }]);
    expect(world.figures()).toMatchObject({ visitors: 1 });
  });
});
