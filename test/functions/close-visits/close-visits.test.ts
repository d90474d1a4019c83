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
const toldTypes = () => revisionEvents(world.log.records).map(({ type }) => type);

describe('a visit', () => {
  it('is told to be over once a quarter of an hour has passed, and once', async () => {
    await seeAt(5, sightingOf(ANN, [held('door', 0, 1), held('shelf', 1, 5)]));
    expect(await closeAt(20)).toMatchObject({ scanned: 0, revisions: 0 });
    expect(await closeAt(21)).toMatchObject({ scanned: 1, revisions: 1, failures: [] });
    expect(await closeAt(22)).toMatchObject({ scanned: 0, revisions: 0 });
    expect(toldTypes()).toEqual([VISIT_OPENED, VISIT_CLOSED]);
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

  it('goes on for whoever is back within a quarter of an hour, and is another one after sixteen minutes', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]), sightingOf(BEN, [held('door', 0)]));
    await seeAt(15, sightingOf(ANN, [held('door', 15)]));
    await closeAt(16);
    await seeAt(16, sightingOf(BEN, [held('door', 16)]));
    expect(world.figures()).toMatchObject({ visitors: 3, closed: 1 });
    await closeAt(40);
    expect(world.figures()).toMatchObject({ visitors: 3, closed: 3, first: 2, second: 1 });
  });

  it('that was over before anybody heard of it is told of by the closing alone', async () => {
    await seeAt(600, sightingOf(ANN, [held('door', 0, 5)]), sightingOf(ANN, [held('till', 60)]));
    expect(toldTypes()).toEqual([]);
    await closeAt(601);
    expect(toldTypes()).toEqual([VISIT_CLOSED]);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, first: 1, second: 1 });
  });

  it('of two that were closed becomes one where a late sighting joins them', async () => {
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
    expect(toldTypes()).toHaveLength(3);
  });

  it('is open again where it proves to have gone on, and closed again after that', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]));
    await closeAt(16);
    await seeAt(17, sightingOf(ANN, [held('door', 10)]));
    expect(world.figures()).toMatchObject({ visitors: 1, closed: 0, dwellMs: 0 });
    await closeAt(26);
    expect(world.figures()).toMatchObject({ visitors: 1, closed: 1, dwellMs: 600_000 });
  });

  it('of staff ends, too, and is no footfall', async () => {
    await seeAt(0, sightingOf(CLERK, [held('till', 0)]));
    await closeAt(16);
    expect(toldTypes()).toEqual([VISIT_OPENED, VISIT_CLOSED]);
    expect(world.figures()).toMatchObject({ bodies: 1, visitors: 0, closed: 0 });
  });
});

describe('who came in together', () => {
  const together = (name: VisitorId, afterMs: number, zoneName = 'shelf') =>
    sightingOf(name, [{ ...held(zoneName, 0, 5), fromMs: minute(0) + afterMs }]);

  it('is one group, known when the visits have ended', async () => {
    await seeAt(5, together(ANN, 0), together(BEN, 2_000));
    expect(world.figures()).toMatchObject({ visitors: 2, groups: 0 });
    await closeAt(30);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, groups: 1 });
  });

  it('is set right where the one who came first is heard of last, and where nobody came after all', async () => {
    await seeAt(5, together(BEN, 2_000));
    await closeAt(30);
    expect(world.figures()).toMatchObject({ visitors: 1, groups: 1 });
    await seeAt(40, together(ANN, 0));
    await closeAt(41);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, groups: 1 });
    // A late sighting of another camera: she had been in the street for a while, so she did not come with him.
    await seeAt(50, sightingOf(ANN, [held('door', -2, 0)]));
    await closeAt(51);
    expect(world.figures()).toMatchObject({ visitors: 2, closed: 2, groups: 2 });
  });

  it('comes to the same in any order, with a crash between any two writes', async () => {
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

describe('whether staff stood by', () => {
  const shopper = sightingOf(ANN, [held('shelf', 2, 8)]);
  const clerk = sightingOf(CLERK, [held('shelf', 3, 4), held('till', 4, 9)]);
  const assisted = () => world.figures().assisted;

  it('is known when the visit ends', async () => {
    await seeAt(9, shopper, clerk, sightingOf(BEN, [held('door', 0, 9)]));
    await closeAt(30);
    expect(world.figures()).toMatchObject({ closed: 2, assisted: 1 });
  });

  it('is known for an import of the day, in whatever order it comes', async () => {
    await seeAt(600, shopper);
    await seeAt(600, clerk);
    await closeAt(601);
    expect(assisted()).toBe(1);
  });

  it('is set right where the staff were heard of too late', async () => {
    await seeAt(9, shopper);
    await closeAt(30);
    expect(assisted()).toBe(0);
    await seeAt(40, clerk);
    await closeAt(41);
    expect(assisted()).toBe(1);
    expect((await world.stay(CLERK))?.recheckAtMs).toBeUndefined();
    const told = toldTypes().length;
    await closeAt(42);
    expect(toldTypes()).toHaveLength(told);
  });

  it('is set right though the index of the staff is behind when their stay is looked at', async () => {
    await seeAt(9, shopper);
    await closeAt(30);
    await seeAt(40, clerk);
    const visits: VisitStore = { ...world.visits, async *staffOfDay() {} };
    expect(await world.close({ visits })).toMatchObject({ scanned: 1 });
    expect(assisted()).toBe(0);
    await closeAt(41);
    expect(assisted()).toBe(1);
  });

  it('is set right where a shopper proves to be staff', async () => {
    await seeAt(9, shopper, { ...clerk, visitorId: BEN, isStaff: false });
    await closeAt(30);
    expect(world.figures()).toMatchObject({ visitors: 2, assisted: 0 });
    await seeAt(40, sightingOf(BEN, [held('till', 40)], { isStaff: true }));
    await closeAt(41);
    expect(world.figures()).toMatchObject({ visitors: 1, bodies: 3, assisted: 1 });
  });

  it('is not asked again for staff who are simply still there', async () => {
    await seeAt(9, shopper, clerk);
    await seeAt(20, sightingOf(CLERK, [held('till', 9, 20)]));
    expect((await world.stay(CLERK))?.recheckAtMs).toBeUndefined();
  });
});

describe('a run', () => {
  it('looks at every stay that is due, more than one batch of them', async () => {
    const ids = Array.from({ length: 500 }, (_, index) => `user.v.${index}` as VisitorId);
    await seeAt(1, ...ids.map((id) => sightingOf(id, [held('door', 0, 1)])));
    expect(await closeAt(30)).toMatchObject({ scanned: 500, revisions: 500 });
    expect(world.figures()).toMatchObject({ closed: 500 });
  });

  it('ends where there is no time left, and the next one goes on', async () => {
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

  it('is not held up by a stay that fails, which stays due', async () => {
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

  it('sends what the log did not take the minute before', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]));
    world.log.takeOnly(0);
    expect((await closeAt(16)).failures).toHaveLength(1);
    world.log.takeOnly(9);
    expect(await closeAt(17)).toMatchObject({ failures: [] });
    expect(world.figures()).toMatchObject({ closed: 1 });
    expect((await world.stay(ANN))?.dueAtMs).toBeUndefined();
  });

  it('sends what whoever brought the sighting died over', async () => {
    world.at(0);
    const log = { tryAppend: async () => Promise.reject(new Error('dead')) };
    await world.track(world.seen(sightingOf(ANN, [held('door', 0)])), { log });
    expect(world.figures()).toMatchObject({ visitors: 0 });
    await closeAt(1);
    expect(world.figures()).toMatchObject({ visitors: 1 });
    expect((await world.stay(ANN))?.dueAtMs).toBe(minute(15) + 1);
  });

  it('brings home what came to the stay of a name that its visitor goes by no longer', async () => {
    await seeAt(0, sightingOf(ANN, [held('door', 0)]), sightingOf(BEN, [held('shelf', 0)]));
    await world.aliases.point(BEN, ANN, minute(0));
    expect(await closeAt(16)).toMatchObject({ moved: 1 });
    await closeAt(17);
    expect(world.figures()).toMatchObject({ visitors: 1, closed: 1 });
    expect((await world.stay(BEN))?.visitorDay.parts.size).toBe(0);
  });
});
