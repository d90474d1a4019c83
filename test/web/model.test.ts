import { describe, expect, it } from 'vitest';
import type { FiguresResponse } from '#contracts/http/figures.ts';
import { createModel, type Model } from '#web/model.ts';
import type { Api, ApiResult } from '#web/wire/api.ts';
import { DAY, figuresAnswer, rankingAnswer, store, storesAnswer } from './support/fixtures.ts';

const START_MS = Date.parse(`${DAY}T07:00:00Z`);

function setUp(overrides: Partial<Api> = {}, lastScope: string | null = null) {
  const queries: string[] = [];
  const timers = new Set<() => void>();
  const state = { nowMs: START_MS, signedOut: 0, stores: storesAnswer(), remembered: '' };
  const ok = <Body>(body: Body): Promise<ApiResult<Body>> => Promise.resolve({ kind: 'ok', body });
  const api: Api = {
    stores: () => {
      queries.push('stores');
      return ok(state.stores);
    },
    figures: (scope, day) => {
      queries.push(`figures ${scope} ${day}`);
      return ok(figuresAnswer({ scope }));
    },
    topProducts: (scope) => {
      queries.push(`products ${scope}`);
      return ok(rankingAnswer());
    },
    ...overrides,
  };
  const model = createModel({
    api,
    environment: {
      isVisible: () => true,
      isOnline: () => true,
      after(_ms, run) {
        timers.add(run);
        return () => timers.delete(run);
      },
    },
    clockMs: () => state.nowMs,
    lastScope: () => lastScope,
    saveScope: (scope) => {
      state.remembered = scope;
    },
    onSignedOut: () => {
      state.signedOut++;
    },
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const pass = async (ms: number) => {
    state.nowMs += ms;
    const [run] = timers;
    if (run !== undefined) {
      timers.delete(run);
      run();
    }
    await settle();
  };
  return { model, queries, state, settle, pass };
}

const started = async (...setup: Parameters<typeof setUp>) => {
  const all = setUp(...setup);
  all.model.start();
  await all.settle();
  return all;
};

const netSales = (model: Model) => model.figures.value?.total.figures['netSales']?.value;

describe('the model of the live page', () => {
  it('starts with the last scope, or the widest', async () => {
    const first = await started();
    expect(first.queries).toEqual(['stores', `figures chain ${DAY}`, 'products chain']);
    expect(first.model.connection.value).toEqual({ kind: 'live' });
    const again = await started({}, 'store:gz01');
    expect(again.queries[1]).toBe(`figures store:gz01 ${DAY}`);
  });

  it('queries figures in every round, products and stores less often', async () => {
    const { queries, pass } = await started();
    for (let n = 0; n < 15; n++) await pass(2_000);
    const count = (start: string) => queries.filter((query) => query.startsWith(start)).length;
    expect([count('figures'), count('products'), count('stores')]).toEqual([16, 4, 2]);
  });

  it('clears the figures when another scope is chosen', async () => {
    const { model, queries, state, settle } = await started();
    model.chooseScope('store:sz02');
    expect([model.figures.value, model.products.value, model.updatedAtMs.value]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await settle();
    expect(model.figures.value?.scope).toBe('store:sz02');
    expect(queries.slice(3)).toEqual([`figures store:sz02 ${DAY}`, 'products store:sz02']);
    expect(state.remembered).toBe('store:sz02');
  });

  it('discards a response that arrives after another scope was chosen', async () => {
    let late: ((result: ApiResult<FiguresResponse>) => void) | undefined;
    const { model, settle } = await started({
      figures: (scope) =>
        scope === 'chain'
          ? new Promise((resolve) => {
              late = resolve;
            })
          : Promise.resolve({ kind: 'ok', body: figuresAnswer({ scope }) }),
    });
    model.chooseScope('store:sz01');
    await settle();
    late?.({ kind: 'ok', body: figuresAnswer({ scope: 'chain' }) });
    await settle();
    expect(model.figures.value?.scope).toBe('store:sz01');
  });

  it('switches to the next business day when the store does', async () => {
    const { model, queries, state, pass } = await started({}, 'store:sz01');
    state.stores = storesAnswer(['chain'], [store('sz01', { today: '2026-11-23' })]);
    await pass(30_000);
    expect(model.day.value?.day).toBe('2026-11-23');
    expect(queries).toContain('figures store:sz01 2026-11-23');
  });

  it('keeps the last figures when the service fails, and reports the failure', async () => {
    const failures: Array<ApiResult<never>> = [];
    const { model, pass } = await started({
      figures: () =>
        Promise.resolve(failures.shift() ?? { kind: 'ok', body: figuresAnswer({ scope: 'chain' }) }),
    });
    failures.push({ kind: 'failed', detail: 'HTTP 502' });
    await pass(2_000);
    expect(model.connection.value).toEqual({ kind: 'retrying', detail: 'HTTP 502' });
    expect(netSales(model)).toBe('12444.60');
    await pass(4_000);
    expect(model.connection.value).toEqual({ kind: 'live' });
  });

  it('reports once that the token is rejected, and stops polling', async () => {
    const { model, state, queries, settle } = await started({
      figures: () => Promise.resolve({ kind: 'signed out' }),
    });
    expect([model.isSignedOut.value, state.signedOut]).toEqual([true, 1]);
    expect(model.connection.value).toEqual({ kind: 'signed out' });
    model.wake();
    await settle();
    expect(queries).toEqual(['stores']);
  });

  it('reports the reason of a rejected request', async () => {
    const { model } = await started({
      figures: () => Promise.resolve({ kind: 'rejected', detail: 'not yours' }),
    });
    expect(model.connection.value).toEqual({ kind: 'rejected', detail: 'not yours' });
  });

  it('queries no figures for a user without stores', async () => {
    const { model, queries } = await started({
      stores: () => Promise.resolve({ kind: 'ok', body: storesAnswer([], []) }),
    });
    expect(queries).toEqual([]);
    expect([model.scope.value, model.connection.value.kind]).toEqual([undefined, 'live']);
  });

  it("uses the service's clock where the device's is wrong", async () => {
    const serverNowMs = START_MS + 600_000;
    const { model } = await started({
      figures: () => Promise.resolve({ kind: 'ok', body: figuresAnswer(), serverNowMs }),
    });
    expect(model.nowMs.value).toBe(serverNowMs);
    const close = await started({
      figures: () => Promise.resolve({ kind: 'ok', body: figuresAnswer(), serverNowMs: START_MS + 1_000 }),
    });
    expect(close.model.nowMs.value).toBe(START_MS);
  });
});
