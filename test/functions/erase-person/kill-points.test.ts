/**
 * The function crashes at any call, and its message is delivered again. What it has deleted by then is deleted, and the
 * identifiers to search for must not be lost with it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestErasure } from '#functions/erase-person/request-erasure.ts';
import { type Customer, fill, fillShared, identifiersOf, shopper } from '../../support/erasure-people.ts';
import { type Death, type ErasureWorld, erasureWorld } from '../../support/erasure-world.ts';
import { minute } from '../../support/sightings.ts';

/** A crash at each n-th call; the first test crashes after every write. */
const STEP = 53;
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

/** Returns all stored texts about the one customer, and not about the other. */
async function textsOf(one: Customer, without?: Customer): Promise<string[]> {
  const texts = [...(await world.dump()).values()].flat();
  return texts.filter((text) => holds(text, one) && !(without !== undefined && holds(text, without)));
}

/** Runs rounds until the queue is empty, each crashing as scripted; returns the number of crashes. */
async function workThrough(death: (round: number) => Death | undefined): Promise<number> {
  let deaths = 0;
  for (let round = 0; world.queue.length > 0; round++) {
    if (round > ROUNDS_MAX) throw new Error('the erasure does not end');
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

async function expectForgotten(ann: Customer, erasureId: string, bens: readonly string[], situation: string) {
  expect(await textsOf(ann), situation).toEqual([]);
  const after = new Set(await textsOf(BEN, ann));
  expect(
    bens.filter((text) => !after.has(text)),
    situation,
  ).toEqual([]);
  const erasure = await world.stores.erasures.get(erasureId);
  expect(erasure?.state, situation).toBe('done');
  expect(
    erasure?.receipt?.places.every(({ found }) => found === 0),
    situation,
  ).toBe(true);
}

describe('an erasure whose function crashes', () => {
  it(
    'completes after a crash at every change, and erases no other customer',
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
    'completes after a crash at any call',
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
