import { beforeEach, describe, expect, it } from 'vitest';
import type { VisitStore } from '#application/ports/visit-store.ts';
import { VISIT_CLOSED, VISIT_OPENED } from '#contracts/events/visit-revised.ts';
import type { VisitorId } from '#domain/chain/ids.ts';
import type { Sighting } from '#domain/place/visits/sighting.ts';
import { ANN, BEN, CLERK, held, minute, sightingOf } from '../../support/sightings.ts';
import { revisionEvents, visitWorld } from '../../support/visit-world.ts';

let world: ReturnType<typeof visitWorld>;
beforeEach(() => {
  world = visitWorld();
});

const seeAt = async (atMinute: number, ...sightings: readonly Sighting[]) => {
  world.at(atMinute);
  await world.track(world.seen(...sightings));
};
const closeAt = (atMinute: number) => {
  world.at(atMinute);
  return world.close();
};
const publishedTypes = () => revisionEvents(world.log.records).map(({ type }) => type);

describe('a visit', () => {
  it('is published as closed a quarter of an hour after its last sighting, and once', async () => {
    await seeAt(5, sightingOf(ANN, [held('door', 0, 1), held('shelf', 1, 5)]));
    expect(await closeAt(20)).toMatchObject({ scanned: 0, revisions: 0 });
    expect(await closeAt(21)).toMatchObject({ scanned: 1, revisions: 1, failures: [] });
    expect(await closeAt(22)).toMatchObject({ scanned: 0, revisions: 0 });
    expect(publishedTypes()).toEqual([VISIT_OPENED, VISIT_CLOSED]);
    const MINUTE = 60_000;
    expect(world.figures()).toEqual({
      visitors: 1,
      bodies: 1,
      first: 1,
      second: 0,
      regular: 0,
      closed: 1,
      dwellMs: 5 * MINUTE,
      assisted: 0,
      groups: 1,
      zoneMs: 5 * MINUTE,
      zoneEntries: 2,
    });
  });

  it('continues for a visitor who is back within a quarter of an hour, and is a second one after sixteen minutes', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]), sightingOf(BEN, [held('door', 0)]));
    await seeAt(15, sightingOf(ANN, [held('door', 15)]));
    await closeAt(16);
    await seeAt(16, sightingOf(BEN, [held('door', 16)]));
    expect(world.figures()).toMatchObject({ visitors: 3, closed: 1 });
    await closeAt(40);
    expect(world.figures()).toMatchObject({ visitors: 3, closed: 3, first: 2, second: 1 });
  });

  it('is published once, as closed, when it was over before its first sighting arrived', async () => {
    await seeAt(600, sightingOf(ANN, [held('door', 0, 5)]), sightingOf(ANN, [held('till', 60)]));
    expect(publishedTypes()).toEqual([]);
    await closeAt(601);
    expect(publishedTypes()).toEqual([VISIT_CLOSED]);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, first: 1, second: 1 });
  });

  it('joins two closed ones when a late sighting lies between them', async () => {
    await seeAt(30, sightingOf(ANN, [held('door', 0, 5)]), sightingOf(ANN, [held('till', 25, 30)]));
    await closeAt(60);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, first: 1, second: 1 });
    await seeAt(61, sightingOf(ANN, [held('shelf', 14, 16)]));
    await closeAt(62);
    expect(world.figures()).toMatchObject({
      visitors: 1,
      closed: 1,
      first: 1,
      second: 0,
      dwellMs: 1_800_000,
    });
    await closeAt(63);
    expect(publishedTypes()).toHaveLength(3);
  });

  it('is opened again by a late sighting, and closed again after it', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]));
    await closeAt(16);
    await seeAt(17, sightingOf(ANN, [held('door', 10)]));
    expect(world.figures()).toMatchObject({ visitors: 1, closed: 0, dwellMs: 0 });
    await closeAt(26);
    expect(world.figures()).toMatchObject({ visitors: 1, closed: 1, dwellMs: 600_000 });
  });

  it('is closed for staff too, and does not count as footfall', async () => {
    await seeAt(0, sightingOf(CLERK, [held('till', 0)]));
    await closeAt(16);
    expect(publishedTypes()).toEqual([VISIT_OPENED, VISIT_CLOSED]);
    expect(world.figures()).toMatchObject({ bodies: 1, visitors: 0, closed: 0 });
  });
});

describe('a group of visitors', () => {
  const together = (name: VisitorId, afterMs: number, zoneName = 'shelf') =>
    sightingOf(name, [{ ...held(zoneName, 0, 5), fromMs: minute(0) + afterMs }]);

  it('counts as one once the visits have ended', async () => {
    await seeAt(5, together(ANN, 0), together(BEN, 2_000));
    expect(world.figures()).toMatchObject({ visitors: 2, groups: 0 });
    await closeAt(30);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, groups: 1 });
  });

  it('is corrected when the leader is reported last, and when a member proves to have come alone', async () => {
    await seeAt(5, together(BEN, 2_000));
    await closeAt(30);
    expect(world.figures()).toMatchObject({ visitors: 1, groups: 1 });
    await seeAt(40, together(ANN, 0));
    await closeAt(41);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, groups: 1 });
    // A late sighting of another camera shows that she had been in the street for a while, so she did not come with him.
    await seeAt(50, sightingOf(ANN, [held('door', -2, 0)]));
    await closeAt(51);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, groups: 2 });
  });

  it('has the same result in any order, with a crash between any two writes', async () => {
    const people = [together(ANN, 0), together(BEN, 2_000), together('user.v.cy' as VisitorId, 4_500)];
    for (const [first, second, third] of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [2, 0, 1],
    ]) {
      for (let lived = 0; lived < 9; lived++) {
        world = visitWorld();
        await seeAt(5, people[first ?? 0] as Sighting);
        await closeAt(30);
        await seeAt(31, people[second ?? 0] as Sighting, people[third ?? 0] as Sighting);
        let writes = 0;
        const visits = {
          ...world.visits,
          save: async (...written: Parameters<typeof world.visits.save>) => {
            if (++writes > lived) throw new Error('killed');
            return world.visits.save(...written);
          },
        };
        world.at(32);
        await world.close({ visits });
        for (const at of [33, 34, 35]) await closeAt(at);
        expect(world.figures()).toMatchObject({ visitors: 3, closed: 3, groups: 1 });
      }
    }
  });
});

describe('the assistance by staff', () => {
  const shopper = sightingOf(ANN, [held('shelf', 2, 8)]);
  const clerk = sightingOf(CLERK, [held('shelf', 3, 4), held('till', 4, 9)]);
  const assisted = () => world.figures().assisted;

  it('is decided when the visit ends', async () => {
    await seeAt(9, shopper, clerk, sightingOf(BEN, [held('door', 0, 9)]));
    await closeAt(30);
    expect(world.figures()).toMatchObject({ closed: 2, assisted: 1 });
  });

  it('is decided for an imported day, in whatever order its sightings arrive', async () => {
    await seeAt(600, shopper);
    await seeAt(600, clerk);
    await closeAt(601);
    expect(assisted()).toBe(1);
  });

  it('is corrected when sightings of staff arrive late', async () => {
    await seeAt(9, shopper);
    await closeAt(30);
    expect(assisted()).toBe(0);
    await seeAt(40, clerk);
    await closeAt(41);
    expect(assisted()).toBe(1);
    expect((await world.stay(CLERK))?.recheckAtMs).toBeUndefined();
    const before = publishedTypes().length;
    await closeAt(42);
    expect(publishedTypes()).toHaveLength(before);
  });

  it('is corrected although the index of staff lags behind', async () => {
    await seeAt(9, shopper);
    await closeAt(30);
    await seeAt(40, clerk);
    const visits: VisitStore = { ...world.visits, async *staffOfDay() {} };
    expect(await world.close({ visits })).toMatchObject({ scanned: 1 });
    expect(assisted()).toBe(0);
    await closeAt(41);
    expect(assisted()).toBe(1);
  });

  it('is corrected when a visitor proves to be staff', async () => {
    await seeAt(9, shopper, { ...clerk, visitorId: BEN, isStaff: false });
    await closeAt(30);
    expect(world.figures()).toMatchObject({ visitors: 2, assisted: 0 });
    await seeAt(40, sightingOf(BEN, [held('till', 40)], { isStaff: true }));
    await closeAt(41);
    expect(world.figures()).toMatchObject({ visitors: 1, bodies: 3, assisted: 1 });
  });

  it('is not decided again for staff who are still present', async () => {
    await seeAt(9, shopper, clerk);
    await seeAt(20, sightingOf(CLERK, [held('till', 9, 20)]));
    expect((await world.stay(CLERK))?.recheckAtMs).toBeUndefined();
  });
});

describe('a run', () => {
  it('scans every visitor day that is due, over several batches', async () => {
    const ids = Array.from({ length: 500 }, (_, index) => `user.v.${index}` as VisitorId);
    await seeAt(1, ...ids.map((id) => sightingOf(id, [held('door', 0, 1)])));
    expect(await closeAt(30)).toMatchObject({ scanned: 500, revisions: 500 });
    expect(world.figures()).toMatchObject({ closed: 500 });
  });

  it('ends when time runs out, and the next one continues', async () => {
    const ids = Array.from({ length: 900 }, (_, index) => `user.v.${index}` as VisitorId);
    await seeAt(1, ...ids.map((id) => sightingOf(id, [held('door', 0, 1)])));
    world.at(30);
    const first = await world.close({ isTimeLeft: () => false });
    expect(first.scanned).toBeGreaterThan(0);
    expect(first.scanned).toBeLessThan(900);
    const second = await world.close();
    expect(first.scanned + second.scanned).toBe(900);
    expect(world.figures()).toMatchObject({ closed: 900 });
  });

  it('is not held up by a visitor day that fails, which remains due', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]), sightingOf(BEN, [held('door', 0)]));
    const visits: VisitStore = {
      ...world.visits,
      async save(stored, nowMs) {
        if (stored.visitorDay.visitorId === ANN) throw new Error('throttled');
        return world.visits.save(stored, nowMs);
      },
    };
    world.at(16);
    expect(await world.close({ visits })).toMatchObject({ revisions: 1, failures: [new Error('throttled')] });
    expect(await world.close()).toMatchObject({ scanned: 1, revisions: 1, failures: [] });
    expect(world.figures()).toMatchObject({ closed: 2 });
  });

  it('publishes what the log rejected a minute before', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]));
    world.log.takeOnly(0);
    expect((await closeAt(16)).failures).toHaveLength(1);
    world.log.takeOnly(9);
    expect(await closeAt(17)).toMatchObject({ failures: [] });
    expect(world.figures()).toMatchObject({ closed: 1 });
    expect((await world.stay(ANN))?.dueAtMs).toBeUndefined();
  });

  it('publishes what a crashed tracking function left unpublished', async () => {
    world.at(0);
    const log = { tryAppend: async () => Promise.reject(new Error('dead')) };
    await world.track(world.seen(sightingOf(ANN, [held('door', 0)])), { log });
    expect(world.figures()).toMatchObject({ visitors: 0 });
    await closeAt(1);
    expect(world.figures()).toMatchObject({ visitors: 1 });
    expect((await world.stay(ANN))?.dueAtMs).toBe(minute(15) + 1);
  });

  it('moves evidence that was stored under the old id of a merged visitor', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]), sightingOf(BEN, [held('shelf', 0)]));
    await world.aliases.point(BEN, ANN, minute(0));
    expect(await closeAt(16)).toMatchObject({ moved: 1 });
    await closeAt(17);
    expect(world.figures()).toMatchObject({ visitors: 1, closed: 1 });
    expect((await world.stay(BEN))?.visitorDay.parts.size).toBe(0);
  });
});
