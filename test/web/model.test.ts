import { describe, expect, it } from 'vitest';
import type { FiguresAnswer } from '#contracts/figures.ts';
import { type Model, modelOf } from '#web/model.ts';
import type { Api, Asked } from '#web/wire/api.ts';
import { DAY, figuresAnswer, rankingAnswer, store, storesAnswer } from './fixtures.ts';

const START_MS = Date.parse(`${DAY}T07:00:00Z`);

function setUp(overrides: Partial<Api> = {}, lastScope: string | null = null) {
  const asked: string[] = [];
  const timers = new Set<() => void>();
  const state = { nowMs: START_MS, signedOut: 0, stores: storesAnswer(), remembered: '' };
  const answered = <Body>(body: Body): Promise<Asked<Body>> => Promise.resolve({ kind: 'answered', body });
  const api: Api = {
    stores: () => {
      asked.push('stores');
      return answered(state.stores);
    },
    figures: (scope, day) => {
      asked.push(`figures ${scope} ${day}`);
      return answered(figuresAnswer({ scope }));
    },
    topProducts: (scope) => {
      asked.push(`products ${scope}`);
      return answered(rankingAnswer());
    },
    ...overrides,
  };
  const model = modelOf({
    api,
    surroundings: {
      isVisible: () => true,
      isOnline: () => true,
      after(_ms, run) {
        timers.add(run);
        return () => timers.delete(run);
      },
    },
    clockMs: () => state.nowMs,
    lastScope: () => lastScope,
    rememberScope: (scope) => {
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
  return { model, asked, state, settle, pass };
}

const started = async (...setup: Parameters<typeof setUp>) => {
  const all = setUp(...setup);
  all.model.start();
  await all.settle();
  return all;
};

const netSales = (model: Model) => model.figures.value?.total.figures['netSales']?.value;

describe('the live page', () => {
  it('begins with the widest scope, or where one was last', async () => {
    const first = await started();
    expect(first.asked).toEqual(['stores', `figures chain ${DAY}`, 'products chain']);
    expect(first.model.connection.value).toEqual({ kind: 'live' });
    const again = await started({}, 'store:gz01');
    expect(again.asked[1]).toBe(`figures store:gz01 ${DAY}`);
  });

  it('asks for figures each time, for products and stores now and then', async () => {
    const { asked, pass } = await started();
    for (let n = 0; n < 15; n++) await pass(2_000);
    const count = (start: string) => asked.filter((one) => one.startsWith(start)).length;
    expect([count('figures'), count('products'), count('stores')]).toEqual([16, 4, 2]);
  });

  it('never shows one store’s figures under another one’s name', async () => {
    const { model, asked, state, settle } = await started();
    model.chooseScope('store:sz02');
    expect([model.figures.value, model.products.value, model.heardAtMs.value]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await settle();
    expect(model.figures.value?.scope).toBe('store:sz02');
    expect(asked.slice(3)).toEqual([`figures store:sz02 ${DAY}`, 'products store:sz02']);
    expect(state.remembered).toBe('store:sz02');
  });

  it('drops an answer that comes after another store was chosen', async () => {
    let late: ((asked: Asked<FiguresAnswer>) => void) | undefined;
    const { model, settle } = await started({
      figures: (scope) =>
        scope === 'chain'
          ? new Promise((resolve) => {
              late = resolve;
            })
          : Promise.resolve({ kind: 'answered', body: figuresAnswer({ scope }) }),
    });
    model.chooseScope('store:sz01');
    await settle();
    late?.({ kind: 'answered', body: figuresAnswer({ scope: 'chain' }) });
    await settle();
    expect(model.figures.value?.scope).toBe('store:sz01');
  });

  it('goes on to the next business day when the store does', async () => {
    const { model, asked, state, pass } = await started({}, 'store:sz01');
    state.stores = storesAnswer(['chain'], [store('sz01', { today: '2026-11-23' })]);
    await pass(30_000);
    expect(model.day.value?.day).toBe('2026-11-23');
    expect(asked).toContain('figures store:sz01 2026-11-23');
  });

  it('keeps the last figures when the service fails, and says so', async () => {
    const failures: Array<Asked<never>> = [];
    const { model, pass } = await started({
      figures: () =>
        Promise.resolve(failures.shift() ?? { kind: 'answered', body: figuresAnswer({ scope: 'chain' }) }),
    });
    failures.push({ kind: 'failed', detail: 'HTTP 502' });
    await pass(2_000);
    expect(model.connection.value).toEqual({ kind: 'retrying', detail: 'HTTP 502' });
    expect(netSales(model)).toBe('12444.60');
    await pass(4_000);
    expect(model.connection.value).toEqual({ kind: 'live' });
  });

  it('asks to sign in again when the token is not taken any more, once', async () => {
    const { model, state, asked, settle } = await started({
      figures: () => Promise.resolve({ kind: 'signed out' }),
    });
    expect([model.isSignedOut.value, state.signedOut]).toEqual([true, 1]);
    expect(model.connection.value).toEqual({ kind: 'signed out' });
    model.wake();
    await settle();
    expect(asked).toEqual(['stores']);
  });

  it('says why it is refused', async () => {
    const { model } = await started({
      figures: () => Promise.resolve({ kind: 'refused', detail: 'not yours' }),
    });
    expect(model.connection.value).toEqual({ kind: 'refused', detail: 'not yours' });
  });

  it('asks for no figures where no store has been given to the person', async () => {
    const { model, asked } = await started({
      stores: () => Promise.resolve({ kind: 'answered', body: storesAnswer([], []) }),
    });
    expect(asked).toEqual([]);
    expect([model.scope.value, model.connection.value.kind]).toEqual([undefined, 'live']);
  });

  it('goes by the service’s clock where the phone’s is wrong', async () => {
    const serverNowMs = START_MS + 600_000;
    const { model } = await started({
      figures: () => Promise.resolve({ kind: 'answered', body: figuresAnswer(), serverNowMs }),
    });
    expect(model.nowMs.value).toBe(serverNowMs);
    const close = await started({
      figures: () =>
        Promise.resolve({ kind: 'answered', body: figuresAnswer(), serverNowMs: START_MS + 1_000 }),
    });
    expect(close.model.nowMs.value).toBe(START_MS);
  });
});
