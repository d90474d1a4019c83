/**
 * The function dies, at any call, and its message comes again. What it has done by then is done, and nothing that it has to
 * search for may be forgotten with it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestErasure } from '#functions/erase-person/request-erasure.ts';
import { fill, fillShared, identifiersOf, type Customer, shopper } from '../../support/erasure-people.ts';
import { type Death, type ErasureWorld, erasureWorld } from '../../support/erasure-world.ts';
import { minute } from '../../support/sightings.ts';

/** Every so manieth call is died at; the first test dies after every write. */
const STEP = 37;
/** Thousands of calls over the wire. */
const LONG_MS = 180_000;

const BEN = shopper(1);
let place = 1;
let world: ErasureWorld;
beforeAll(async () => {
  world = await erasureWorld(minute(60));
  await fill(world, BEN);
});
afterAll(() => world.close());

async function asked(): Promise<{ ann: Customer; erasureId: string }> {
  const ann = shopper(++place);
  await fill(world, ann);
  await fillShared(world, ann, BEN);
  const { people, erasures } = world.stores;
  const erasure = await requestErasure({ ...world.ports, people, erasures }, ann.personId);
  return { ann, erasureId: erasure?.erasureId ?? '' };
}

const holds = (text: string, one: Customer): boolean =>
  identifiersOf(one).some((identifier) => text.includes(identifier));

/** Everything there is of the one, and of the other alone. */
async function textsOf(one: Customer, without?: Customer): Promise<string[]> {
  const texts = [...(await world.dump()).values()].flat();
  return texts.filter((text) => holds(text, one) && !(without !== undefined && holds(text, without)));
}

/** Lets rounds begin until the queue is empty, each dying as it is told; how many did. */
async function workThrough(death: (round: number) => Death | undefined): Promise<number> {
  let deaths = 0;
  for (let round = 0; world.queue.length > 0; round++) {
    if (round > ROUNDS_MAX) throw new Error('it does not end');
    world.dieNext(death(round));
    try {
      await world.work(world.ports, 1);
    } catch (error) {
      expect((error as Error).message).toBe('the process is gone');
      deaths++;
    }
  }
  return deaths;
}
const ROUNDS_MAX = 400;

async function expectForgotten(ann: Customer, erasureId: string, bens: readonly string[], told: string) {
  expect(await textsOf(ann), told).toEqual([]);
  const after = new Set(await textsOf(BEN, ann));
  expect(
    bens.filter((text) => !after.has(text)),
    told,
  ).toEqual([]);
  const erasure = await world.stores.erasures.get(erasureId);
  expect(erasure?.state, told).toBe('done');
  expect(
    erasure?.receipt?.places.every(({ found }) => found === 0),
    told,
  ).toBe(true);
}

describe('a function that forgets somebody, and dies', () => {
  it(
    'after every single thing it does, and still forgets them, and nobody else',
    async () => {
      const { ann, erasureId } = await asked();
      const bens = await textsOf(BEN, ann);
      const deaths = await workThrough(() => 'after anything new');
      expect(deaths).toBeGreaterThan(50);
      await expectForgotten(ann, erasureId, bens, 'dying after each change');
    },
    LONG_MS,
  );

  it(
    'at one call of any kind, and is done by the next that comes',
    async () => {
      const whole = await asked();
      let calls = 0;
      while (world.queue.length > 0) {
        await world.work(world.ports, 1);
        calls += world.calls();
      }
      await expectForgotten(whole.ann, whole.erasureId, [], 'whole');
      expect(calls).toBeGreaterThan(150);

      for (let at = STEP; at < calls; at += STEP) {
        const { ann, erasureId } = await asked();
        const bens = await textsOf(BEN, ann);
        let left = at;
        const deaths = await workThrough((round) => {
          if (round > 0) left -= world.calls();
          return left > 0 ? { atCall: left } : undefined;
        });
        expect(deaths, `at call ${at}`).toBeLessThanOrEqual(1);
        await expectForgotten(ann, erasureId, bens, `dying at call ${at}`);
      }
    },
    LONG_MS,
  );
});
