/** A track's number means one body in one store, on one business day, until the sensor restarts. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LogRecord } from '#application/ports/event-log.ts';
import { visitorsMerged, visitorsParted } from '#contracts/events/visitor-merged.ts';
import { type BusinessDay, formatLocalTime } from '#domain/chain/business-day.ts';
import type { SensorId, StoreId, VisitorId } from '#domain/chain/ids.ts';
import { type Sighting, visitorOfTrack } from '#domain/place/visits/sighting.ts';
import { extentsOf } from '#domain/place/visits/stillness.ts';
import { visitsOf } from '#domain/place/visits/visit.ts';
import { november, SZ01, SZ02 } from '../../support/chain.ts';
import { ANN, BEN, CLERK, held, minute, sightingOf } from '../../support/sightings.ts';
import { visitWorld } from '../../support/visit-world.ts';

const SENSOR = 'ceil-1' as SensorId;
const MEMBER = 'user.m.17' as VisitorId;

let world: ReturnType<typeof visitWorld>;
beforeEach(() => {
  world = visitWorld();
  world.at(600);
});

const nine = (storeId: StoreId = SZ01.storeId, day: BusinessDay = november(22)): VisitorId =>
  visitorOfTrack({ storeId, day }, SENSOR, '9');

/** Track 9 in a store on a day, from one minute past nine to another. */
const walk = (from: number, to: number, more: Partial<Sighting> = {}): LogRecord => {
  const [record] = world.seen(
    sightingOf(nine(more.storeId, more.day), [held('door', from, to)], { sensorId: SENSOR, ...more }),
  );
  if (record === undefined) throw new Error('no record');
  return record;
};

/** A face recognised on a picture of track 9. */
const shot = (
  into: VisitorId,
  atMinute: number,
  { storeId = SZ01.storeId, day = november(22), visitor = nine(storeId, day) } = {},
): LogRecord => {
  const time = formatLocalTime({ instantMs: minute(atMinute), offsetMinutes: 480 });
  return world.recordOf(visitorsMerged(storeId, day, visitor, into, time, '/test'));
};

/** The minutes of a visitor's visits, by their beginnings. */
const minutesOf = async (visitorId: VisitorId, storeId = SZ01.storeId, day = november(22)) => {
  const stored = await world.visits.load({ visitorId, storeId, day });
  const minutesAt = (ms: number) => (ms - minute(0)) / 60_000;
  return visitsOf(stored?.visitorDay ?? { visitorId, storeId, day, parts: new Map() }).map((visit) => [
    minutesAt(visit.firstSeenAt.instantMs),
    minutesAt(visit.lastSeenAtMs),
  ]);
};

const visitorsIn = (storeId: StoreId): string[] =>
  [...world.visits.rows.values()]
    .filter((row) => String(row['gsi1pk']).startsWith(`STORE#${storeId}#`))
    .map((row) => String(row['pk']).slice('VISITOR#'.length));

describe('a face on a picture of a track', () => {
  it('is of no one in another store, on another day or under another sensor of that number (V1)', async () => {
    const other = visitorOfTrack({ storeId: SZ01.storeId, day: november(22) }, 'ceil-2' as SensorId, '9');
    await world.track([
      walk(0, 5),
      walk(0, 5, { storeId: SZ02.storeId }),
      walk(1_440, 1_445, { day: november(23) }),
      walk(-1_440, -1_435, { day: november(21) }),
      ...world.seen(sightingOf(other, [held('door', 0, 5)])),
      shot(MEMBER, 2),
    ]);
    expect(await minutesOf(MEMBER)).toEqual([[0, 5]]);
    expect(visitorsIn(SZ02.storeId)).toEqual([nine(SZ02.storeId)]);
    expect(await minutesOf(nine(SZ01.storeId, november(23)), SZ01.storeId, november(23))).toHaveLength(1);
    expect(await minutesOf(nine(SZ01.storeId, november(21)), SZ01.storeId, november(21))).toHaveLength(1);
    expect(await minutesOf(other)).toEqual([[0, 5]]);
    for (const more of [{ storeId: SZ02.storeId }, { day: november(23) }])
      await world.track([walk(6, 7, more)]);
    expect(visitorsIn(SZ02.storeId)).toEqual([nine(SZ02.storeId)]);
  });

  it('moves the one stay that it was taken in, and not those after a restart of the sensor (V1)', async () => {
    await world.track([walk(0, 5), shot(MEMBER, 2), walk(5, 9), walk(60, 70), walk(-90, -80)]);
    expect(await minutesOf(MEMBER)).toEqual([[0, 9]]);
    expect(await minutesOf(nine())).toEqual([
      [-90, -80],
      [60, 70],
    ]);
    await world.close();
    expect(world.figures()).toMatchObject({ visitors: 3, bodies: 3, first: 1 });
  });

  it('is one of two visitors where the number was given to two on one day (V1)', async () => {
    await world.track([walk(0, 5), shot(ANN, 2), walk(60, 70), shot(BEN, 61)]);
    expect(await minutesOf(ANN)).toEqual([[0, 5]]);
    expect(await minutesOf(BEN)).toEqual([[60, 70]]);
    expect(await minutesOf(nine())).toEqual([]);
  });

  it('contradicts another face in the same stay, which then belongs to neither (V1)', async () => {
    await world.track([walk(0, 5), shot(ANN, 2)]);
    expect(await minutesOf(ANN)).toEqual([[0, 5]]);
    await world.track([shot(BEN, 4)]);
    expect(await minutesOf(ANN)).toEqual([]);
    expect(await minutesOf(BEN)).toEqual([]);
    expect(await minutesOf(nine())).toEqual([[0, 5]]);
    expect(world.figures()).toMatchObject({ visitors: 1, first: 0 });
    const parted = visitorsParted(SZ01.storeId, november(22), nine(), BEN, '2026-11-22T09:00:00Z', '/t');
    await world.track([world.recordOf(parted)]);
    expect(await minutesOf(ANN)).toEqual([[0, 5]]);
  });

  it('agrees with a second picture of one person under two ids that were merged (V1)', async () => {
    await world.track([walk(0, 5), shot(ANN, 2), shot(BEN, 4)]);
    await world.track(world.seen(sightingOf(BEN, [held('till', 5)])));
    await world.track([world.merged(BEN, ANN), walk(5, 6)]);
    expect(await minutesOf(ANN)).toEqual([[0, 6]]);
    expect(world.figures()).toMatchObject({ visitors: 1 });
  });

  it('follows its visitor into another id, and back (V1)', async () => {
    await world.track([walk(0, 5), shot(ANN, 2)]);
    await world.track([world.merged(ANN, BEN)]);
    expect(await minutesOf(BEN)).toEqual([[0, 5]]);
    await world.track([world.parted(ANN, BEN)]);
    expect([await minutesOf(ANN), await minutesOf(BEN)]).toEqual([[[0, 5]], []]);
  });

  it('is read from events of before, whose tracks had no store and no day (V1)', async () => {
    const bare = 'track.ceil-1.9' as VisitorId;
    await world.track([
      ...world.seen(
        sightingOf(bare, [held('door', 0, 5)]),
        sightingOf(bare, [held('door', 0, 5)], { storeId: SZ02.storeId }),
      ),
      shot(MEMBER, 2, { visitor: bare }),
    ]);
    expect(await minutesOf(MEMBER)).toEqual([[0, 5]]);
    expect(visitorsIn(SZ02.storeId)).toEqual([nine(SZ02.storeId)]);
  });

  it('gives the same stays in whatever order pictures and parts arrive, and however often (V1)', async () => {
    const build = (): LogRecord[] => [
      walk(0, 5),
      walk(5, 12),
      walk(40, 44),
      shot(ANN, 1),
      shot(BEN, 41),
      walk(80, 82),
      shot(ANN, 80.5),
      shot(BEN, 81),
    ];
    const outcome = async () => [await minutesOf(ANN), await minutesOf(BEN), await minutesOf(nine())];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...build().keys()], { minLength: build().length }),
        fc.array(fc.nat(build().length - 1), { maxLength: 4 }),
        async (order, again) => {
          world = visitWorld();
          world.at(600);
          const records = build();
          for (const index of [...order, ...again]) {
            const record = records[index];
            if (record !== undefined) await world.track([record]);
          }
          await world.close();
          expect(await outcome()).toEqual([[[0, 12]], [[40, 44]], [[80, 82]]]);
          expect(world.figures()).toMatchObject({ visitors: 3, bodies: 3, first: 2 });
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a member of staff', () => {
  it('is no shopper where a picture of a track shows them, and assists (V2)', async () => {
    await world.track([walk(0, 30), shot(CLERK, 2)]);
    await world.track(world.seen(sightingOf(ANN, [held('door', 10, 12)])));
    await world.close();
    expect(world.figures()).toMatchObject({ bodies: 2, visitors: 1, assisted: 1, first: 1, second: 0 });
  });

  it('is the body that the device recognised, and not its number for the rest of the day (V2)', async () => {
    await world.track([walk(0, 5, { isStaff: true }), walk(60, 70)]);
    await world.close();
    expect(world.figures()).toMatchObject({ bodies: 2, visitors: 1 });
  });
});

describe('a sensor that only gives zones', () => {
  const zonesOnly = { counting: 'zones only', sensorId: 'ceil-2' as SensorId } as const;
  const other = visitorOfTrack({ storeId: SZ01.storeId, day: november(22) }, 'ceil-2' as SensorId, '3');

  it('adds to zones what another sensor counts as visitors (V5)', async () => {
    await world.track([walk(0, 5), ...world.seen(sightingOf(other, [held('shelf', 1, 4)], zonesOnly))]);
    await world.close();
    expect(world.figures()).toMatchObject({ visitors: 1, bodies: 1, closed: 1, zoneMs: 8 * 60_000 });
  });

  it('does not hide a visitor whom a counting sensor saw, too (V5)', async () => {
    await world.track(
      world.seen(
        sightingOf(ANN, [held('shelf', 1, 4)], zonesOnly),
        sightingOf(ANN, [held('door', 0, 1)], { counting: { leastMs: 0 } }),
      ),
    );
    await world.close();
    expect(world.figures()).toMatchObject({ visitors: 1 });
  });
});

describe('a least length of a track', () => {
  it('counts a walk and none of its blips, and a track in parts by its whole length (V5)', async () => {
    const counting = { leastMs: 30_000 };
    const blips = [1, 2, 3].map((number) =>
      sightingOf(
        `track.sz01:2026-11-22:ceil-1:b${number}` as VisitorId,
        [held('door', number, number + 0.1)],
        {
          counting,
        },
      ),
    );
    await world.track([...world.seen(...blips), walk(0, 0.3, { counting })]);
    expect(world.figures()).toMatchObject({ visitors: 0, bodies: 0 });
    await world.track([walk(0.3, 0.6, { counting })]);
    await world.close();
    expect(world.figures()).toMatchObject({ visitors: 1, bodies: 1, closed: 1 });
  });
});

describe('a face that does not move', () => {
  const hung = (from: number, to: number, wander: number, day = november(22)): Sighting[] =>
    Array.from({ length: to - from + 1 }, (_, index) => {
      const atMinute = from + index;
      const position = { atMs: minute(atMinute), x: 500 + (index % 2) * wander, y: 300 };
      return sightingOf(ANN, [held('door', atMinute)], {
        day,
        extents: extentsOf(SENSOR, [position]),
      });
    });

  it('is no shopper after an hour, and no regular on the third day (V8)', async () => {
    for (const [index, day] of [20, 21, 22].entries()) {
      const from = (index - 2) * 1_440;
      await world.track(world.seen(...hung(from, from + 59, 3, november(day))));
      await world.track(world.seen(...hung(from + 60, from + 400, 3, november(day))));
    }
    await world.close();
    expect(world.figures()).toMatchObject({ visitors: 0, bodies: 0, regular: 0, first: 0, dwellMs: 0 });
    expect(await minutesOf(ANN)).toEqual([[0, 400]]);
  });

  it('is a shopper who stays long as soon as it moves (V8)', async () => {
    await world.track(world.seen(...hung(0, 90, 40)));
    await world.close();
    expect(world.figures()).toMatchObject({ visitors: 1, bodies: 1 });
  });
});
