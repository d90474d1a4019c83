/**
 * The functions that settle visits may crash between any two calls; then the log delivers the batch again or the next
 * minute's run follows. The figures must be those without a crash: nothing counted twice, nothing missed.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AliasStore } from '#application/ports/alias-store.ts';
import type { EventLog } from '#application/ports/event-log.ts';
import type { VisitStore } from '#application/ports/visit-store.ts';
import { isClosed, summaryOf, visitsOf } from '#domain/place/visits/visit.ts';
import { ANN, BEN, CLERK, held, sightingOf, sightings, stayOf } from '../../support/sightings.ts';
import { figuresOfVisits, visitWorld } from '../../support/visit-world.ts';

type World = ReturnType<typeof visitWorld>;

/** The world's ports, whose n-th change is the last: it fails before or after it is done. */
function mortal(world: World, fatal: number, isDone: boolean) {
  let calls = 0;
  const mayDie = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    calls += 1;
    if (calls > fatal) throw new Error('dead');
    if (calls === fatal && !isDone) throw new Error('crash');
    const result = await call();
    if (calls === fatal) throw new Error('crash');
    return result;
  };
  const visits: VisitStore = {
    ...world.visits,
    save: (stored, nowMs) => mayDie(() => world.visits.save(stored, nowMs)),
  };
  const aliases: AliasStore = {
    ...world.aliases,
    point: (...pointer) => mayDie(() => world.aliases.point(...pointer)),
    release: (...pointer) => mayDie(() => world.aliases.release(...pointer)),
  };
  const log: EventLog = { tryAppend: (entries) => mayDie(() => world.log.tryAppend(entries)) };
  return { visits, aliases, log, hasDied: () => calls >= fatal };
}

const CALLS_MAX = 60;

/** Plays a story with a crash at each call, one run per call; each run must end like the one without a crash. */
async function dieEverywhere(story: (world: World, run: Run) => Promise<void>): Promise<number> {
  const whole = visitWorld();
  await story(whole, async (work) => void (await work({})));
  const expected = whole.figures();
  for (const isDone of [false, true]) {
    for (let fatal = 1; ; fatal++) {
      expect(fatal).toBeLessThan(CALLS_MAX);
      const world = visitWorld();
      const dying = mortal(world, fatal, isDone);
      await story(world, async (work) => {
        const result = dying.hasDied() ? undefined : await work(dying);
        // The same batch, or the next minute's run, by a function that works.
        if (result === undefined || dying.hasDied()) await work({});
      });
      // The next runs publish revisions that a crash left pending.
      world.at(200);
      await world.close();
      await world.close();
      expect({ fatal, isDone, ...world.figures() }).toEqual({ fatal, isDone, ...expected });
      if (!dying.hasDied()) break;
    }
  }
  return revisionCount(whole);
}
const revisionCount = (world: World): number => world.log.records.length;
type Run = (work: (instead: Parameters<World['track']>[1] & object) => Promise<unknown>) => Promise<void>;

describe('visits whose writer crashes at any call', () => {
  it('are counted once, from the first sighting to the end', async () => {
    await dieEverywhere(async (world, run) => {
      world.at(5);
      const batch = world.seen(
        sightingOf(ANN, [held('door', 0, 1)]),
        sightingOf(BEN, [held('door', 1, 2)]),
        sightingOf(CLERK, [held('door', 1, 2)]),
      );
      await run((instead) => world.track(batch, instead));
      const more = world.seen(sightingOf(ANN, [held('shelf', 1, 5)]));
      await run((instead) => world.track(more, instead));
      world.at(40);
      await run((instead) => world.close(instead));
      world.at(41);
      await world.close();
    });
  });

  it('are counted as one after a late sighting joins two', async () => {
    await dieEverywhere(async (world, run) => {
      world.at(60);
      const batch = world.seen(
        sightingOf(ANN, [held('door', 0, 5)]),
        sightingOf(ANN, [held('till', 25, 30)]),
      );
      await run((instead) => world.track(batch, instead));
      await run((instead) => world.close(instead));
      const late = world.seen(sightingOf(ANN, [held('shelf', 14, 16)]));
      world.at(61);
      await run((instead) => world.track(late, instead));
      await run((instead) => world.close(instead));
      world.at(62);
      await world.close();
    });
  });

  it('are counted correctly after a merge and a split of visitors', async () => {
    for (const isParted of [false, true]) {
      await dieEverywhere(async (world, run) => {
        world.at(5);
        const batch = world.seen(
          sightingOf(ANN, [held('door', 0, 1)]),
          sightingOf(BEN, [held('shelf', 1, 5)]),
        );
        await run((instead) => world.track(batch, instead));
        const merge = [world.merged(BEN, ANN)];
        await run((instead) => world.track(merge, instead));
        const parted = [world.parted(BEN, ANN)];
        if (isParted) await run((instead) => world.track(parted, instead));
        world.at(40);
        await run((instead) => world.close(instead));
        world.at(41);
        await world.close();
      });
    }
  });

  it('counts shoppers as assisted when staff sightings arrive late', async () => {
    await dieEverywhere(async (world, run) => {
      world.at(5);
      const batch = world.seen(sightingOf(ANN, [held('shelf', 0, 5)]));
      await run((instead) => world.track(batch, instead));
      world.at(30);
      await run((instead) => world.close(instead));
      world.at(31);
      const staff = world.seen(sightingOf(CLERK, [held('shelf', 1, 3)]));
      await run((instead) => world.track(staff, instead));
      world.at(32);
      await run((instead) => world.close(instead));
      world.at(33);
      await world.close();
    });
  });
});

describe('figures', () => {
  it('match the evidence however it is split, repeated, delayed or interrupted by crashes', async () => {
    const minutes = fc.integer({ min: 0, max: 90 });
    const steps = fc.array(
      fc.record({
        from: fc.nat(7),
        to: fc.nat(7),
        atMinute: minutes,
        fatal: fc.integer({ min: 1, max: 8 }),
        isDone: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(sightings, steps, async (all, plan) => {
        const ofAnn = all.map((one) => ({ ...one, visitorId: ANN }));
        const world = visitWorld();
        const batch = world.seen(...ofAnn);
        let now = 0;
        for (const { from, to, atMinute, fatal, isDone } of plan) {
          now = Math.max(now, atMinute);
          world.at(now);
          await world.track(
            batch.slice(Math.min(from, to), Math.max(from, to) + 1),
            mortal(world, fatal, isDone),
          );
          await world.close(mortal(world, fatal, isDone));
        }
        world.at(500);
        await world.track(batch);
        await world.close();
        world.at(501);
        await world.close();
        world.at(502);
        await world.close();
        const stay = stayOf(ANN, ofAnn);
        const visits = visitsOf(stay).map((visit, index) =>
          summaryOf(visit, {
            isClosed: isClosed(visit, world.ports.nowMs()),
            isAssisted: false,
            frequency: index === 0 ? 'first' : index === 1 ? 'second' : 'regular',
            groupRole: 'leader',
          }),
        );
        const wire = visits.map(({ zones, ...visit }) => ({
          ...visit,
          zones: zones.map(({ zoneId, ...times }) => ({ zone: zoneId, ...times })),
        }));
        expect(world.figures()).toEqual(figuresOfVisits(wire));
      }),
      { numRuns: 150 },
    );
  });
});
