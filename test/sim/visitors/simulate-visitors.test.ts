import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#domain/chain/duration.ts';
import { demoChain } from '#sim/chain/demo-chain.ts';
import { simulateTills } from '#sim/tills/simulate-tills.ts';
import { simulateVisitors } from '#sim/visitors/simulate-visitors.ts';

const NOW_MS = Date.parse('2026-11-22T15:00:00+08:00');
const MINUTES = 20;
const SPEED = 20;

/** A store with a floor sensor and no cameras, and nothing else: its clock is moved by one simulation alone. */
const store = demoChain.stores.find(({ sensors }) => sensors === 'floor');
const chain = { ...demoChain, stores: store === undefined ? [] : [store] };

/** The ports of a simulation whose clock moves when it waits; stops after so many minutes. */
function ports(answer: (body: { receipts?: unknown[]; sightings?: unknown[] }, nowMs: number) => Response) {
  const stop = new AbortController();
  let nowMs = NOW_MS;
  return {
    url: 'http://demo.test',
    keyOf: () => 'key',
    chain,
    seed: 'conversion',
    speed: SPEED,
    daysBefore: 0,
    nowMs: () => nowMs,
    post: (async (_: unknown, init?: RequestInit) =>
      answer(JSON.parse(String(init?.body)), nowMs)) as typeof fetch,
    wait: async (ms: number) => {
      nowMs += ms;
      if (nowMs > NOW_MS + MINUTES * MINUTE_MS) stop.abort();
    },
    stop: stop.signal,
  };
}

describe('the demonstration', () => {
  it('has fewer buyers than visitors from the first minute on, at any speed of its tills (F2)', async () => {
    const [sales, visits]: [number[], number[]] = [[], []];
    await simulateTills({
      ...ports(({ receipts = [] }, nowMs) => {
        sales.push(...receipts.map(() => nowMs));
        return Response.json(
          { receipts: receipts.map((_, index) => ({ status: 'accepted', index, id: 'x' })) },
          { status: 202 },
        );
      }),
      onReceipt: () => {},
    });
    await simulateVisitors({
      ...ports(({ sightings = [] }, nowMs) => {
        visits.push(...sightings.map(() => nowMs));
        return Response.json({}, { status: 202 });
      }),
      photographs: [],
    });
    const live = (times: readonly number[], minute: number): number =>
      times.filter((ms) => ms > NOW_MS && ms <= NOW_MS + minute * MINUTE_MS).length;
    for (let minute = 1; minute < MINUTES; minute++) {
      const conversion = live(sales, minute) / live(visits, minute);
      expect(conversion, `after ${minute} minutes`).toBeLessThan(0.8);
    }
    const whole = sales.length / visits.length;
    expect(whole).toBeGreaterThan(0.2);
    expect(whole).toBeLessThan(0.6);
  });
});
