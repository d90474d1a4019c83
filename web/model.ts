/**
 * State of the live page as signals, and the loop that updates it: it queries the stores, the figures and the product
 * ranking, each as often as it can change.
 */
import { type ReadonlySignal, signal } from '@preact/signals';
import type { FiguresResponse, RankingResponse, StoresResponse } from '#contracts/http/figures.ts';
import type { Connection } from './view/data-status.ts';
import { dayOf, firstChoice, type ScopeDay, scopeChoices, storesOf } from './view/scopes.ts';
import { WORDS } from './view/words.ts';
import type { Api, ApiResult } from './wire/api.ts';
import { type PageEnvironment, type Poll, type PollState, type Round, startPoll } from './wire/poll.ts';

/** Stores change rarely, but the page must notice the change of the business day soon. */
const STORES_EVERY_MS = 30_000;

/** Rankings above the store are rolled up every half minute. */
const PRODUCTS_EVERY_MS = 10_000;

const PRODUCTS_SHOWN_MAX = 10;

/** A Date header has whole seconds and arrives late, so a smaller difference is no clock error. */
const CLOCK_SKEW_MS_MIN = 3_000;

export interface Model {
  readonly stores: ReadonlySignal<StoresResponse | undefined>;
  readonly scope: ReadonlySignal<string | undefined>;
  readonly day: ReadonlySignal<ScopeDay | undefined>;
  readonly figures: ReadonlySignal<FiguresResponse | undefined>;
  readonly products: ReadonlySignal<RankingResponse | undefined>;
  readonly connection: ReadonlySignal<Connection>;
  /** When the last figures arrived, by the service's clock. */
  readonly updatedAtMs: ReadonlySignal<number | undefined>;
  /** The service's clock, estimated; advanced by `tick`. */
  readonly nowMs: ReadonlySignal<number>;
  readonly isSignedOut: ReadonlySignal<boolean>;
  chooseScope(scope: string): void;
  /** Advances `nowMs`; called once a second. */
  tick(): void;
  start(): void;
  /** Updates at once, after the page became visible or online. */
  wake(): void;
  stop(): void;
}

export interface ModelOptions {
  readonly api: Api;
  readonly environment: PageEnvironment;
  readonly clockMs: () => number;
  readonly lastScope: () => string | null;
  readonly saveScope: (scope: string) => void;
  /** Called when the service rejects the token. */
  readonly onSignedOut: () => void;
}

/** The service's clock: the device's, corrected by the Date headers of the responses. */
function createServiceClock(clockMs: () => number) {
  let skewMs = 0;
  return {
    nowMs: () => clockMs() + skewMs,
    correct(serverNowMs: number | undefined): void {
      if (serverNowMs === undefined) return;
      const differenceMs = serverNowMs - clockMs();
      skewMs = Math.abs(differenceMs) < CLOCK_SKEW_MS_MIN ? 0 : differenceMs;
    },
  };
}

type ServiceClock = ReturnType<typeof createServiceClock>;

const createState = (nowMs: number) => ({
  stores: signal<StoresResponse | undefined>(undefined),
  scope: signal<string | undefined>(undefined),
  day: signal<ScopeDay | undefined>(undefined),
  figures: signal<FiguresResponse | undefined>(undefined),
  products: signal<RankingResponse | undefined>(undefined),
  connection: signal<Connection>({ kind: 'connecting' }),
  updatedAtMs: signal<number | undefined>(undefined),
  isSignedOut: signal(false),
  nowMs: signal(nowMs),
  /** When each was last queried, by the device's clock. */
  queriedAtMs: { stores: Number.NEGATIVE_INFINITY, products: Number.NEGATIVE_INFINITY },
});

type State = ReturnType<typeof createState>;

/** Creates the model of the live page; `start` begins to query the API. */
export function createModel(options: ModelOptions): Model {
  const clock = createServiceClock(options.clockMs);
  const state = createState(clock.nowMs());
  let poll: Poll | undefined;

  function report(pollState: PollState): void {
    if (state.isSignedOut.value) return;
    state.connection.value =
      typeof pollState === 'string' ? { kind: pollState } : { kind: 'retrying', detail: pollState.retrying };
  }

  return {
    ...state,
    chooseScope(chosen) {
      if (chosen === state.scope.value) return;
      state.scope.value = chosen;
      options.saveScope(chosen);
      clearFigures(state);
      if (state.stores.value !== undefined) state.day.value = dayOf(storesOf(state.stores.value, chosen));
      state.connection.value = { kind: 'connecting' };
      poll?.wake();
    },
    tick() {
      state.nowMs.value = clock.nowMs();
    },
    start() {
      const round = (signal: AbortSignal) => updateOnce(state, options, clock, signal);
      poll = startPoll({ round, report, environment: options.environment });
    },
    wake() {
      if (!state.isSignedOut.value) poll?.wake();
    },
    stop() {
      poll?.stop();
    },
  };
}

/** Runs one round of queries and returns its outcome. Results of an aborted round are discarded. */
async function updateOnce(
  state: State,
  options: ModelOptions,
  clock: ServiceClock,
  signal: AbortSignal,
): Promise<Round> {
  const { api, clockMs, lastScope } = options;
  if (clockMs() - state.queriedAtMs.stores >= STORES_EVERY_MS) {
    const stores = bodyOrEnd(state, options, clock, await api.stores(signal));
    if ('end' in stores) return stores.end;
    state.queriedAtMs.stores = clockMs();
    setStores(state, stores.body, lastScope());
  }
  const [scope, day] = [state.scope.value, state.day.value?.day];
  if (scope === undefined || day === undefined) return { kind: 'done' };
  const figures = bodyOrEnd(state, options, clock, await api.figures(scope, day, signal));
  if ('end' in figures) return figures.end;
  if (signal.aborted) return { kind: 'suspended' };
  state.figures.value = figures.body;
  state.updatedAtMs.value = clock.nowMs();
  state.nowMs.value = clock.nowMs();
  if (clockMs() - state.queriedAtMs.products >= PRODUCTS_EVERY_MS) {
    const ranking = bodyOrEnd(
      state,
      options,
      clock,
      await api.topProducts(scope, day, PRODUCTS_SHOWN_MAX, signal),
    );
    if ('end' in ranking) return ranking.end;
    if (signal.aborted) return { kind: 'suspended' };
    state.queriedAtMs.products = clockMs();
    state.products.value = ranking.body;
  }
  return { kind: 'done' };
}

/** Returns the body of a successful result, or the outcome with which any other result ends the round. */
function bodyOrEnd<Body>(
  state: State,
  { onSignedOut }: ModelOptions,
  clock: ServiceClock,
  result: ApiResult<Body>,
): { readonly body: Body } | { readonly end: Round } {
  switch (result.kind) {
    case 'ok':
      clock.correct(result.serverNowMs);
      return { body: result.body };
    case 'signed out':
      state.isSignedOut.value = true;
      state.connection.value = { kind: 'signed out' };
      onSignedOut();
      return { end: { kind: 'suspended' } };
    case 'rejected':
      state.connection.value = { kind: 'rejected', detail: result.detail };
      return { end: { kind: 'rejected' } };
    case 'failed':
      return { end: result };
    case 'aborted':
      return { end: { kind: 'suspended' } };
  }
}

/** Sets the stores, and clears the figures if the scope or its business day changes with them. */
function setStores(state: State, stores: StoresResponse, lastScope: string | null): void {
  state.stores.value = stores;
  const next = firstChoice(scopeChoices(stores, 'en', WORDS.en), state.scope.value ?? lastScope);
  if (next !== state.scope.value) clearFigures(state);
  state.scope.value = next;
  const day = next === undefined ? undefined : dayOf(storesOf(stores, next));
  if (day?.day !== state.day.value?.day) clearFigures(state);
  state.day.value = day;
}

/** Figures of another scope or day must never be shown under the name of the current one. */
function clearFigures(state: State): void {
  state.figures.value = undefined;
  state.products.value = undefined;
  state.updatedAtMs.value = undefined;
  state.queriedAtMs.products = Number.NEGATIVE_INFINITY;
}
