/**
 * The state of the live page, and what moves it: one loop that asks for the stores, the figures and the products,
 * each as often as it can change.
 */
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FiguresAnswer, RankingAnswer, StoresAnswer } from '#contracts/figures.ts';
import { dayOf, firstChoice, type ScopeDay, scopeChoices, storesOf } from './view/scopes.ts';
import type { Connection } from './view/trust.ts';
import { WORDS } from './view/words.ts';
import type { Api, Asked } from './wire/api.ts';
import { type Poll, type Round, type Surroundings, startPoll } from './wire/poll.ts';

/** Stores change rarely, but their business day changes once a day, and the page should notice soon. */
const STORES_EVERY_MS = 30_000;

/** Above the store the rankings are summed every half minute. */
const PRODUCTS_EVERY_MS = 10_000;

const PRODUCTS_SHOWN_MAX = 10;

/** A header tells whole seconds after a journey of its own; a smaller difference is no wrong clock. */
const CLOCK_OFF_MS_MIN = 3_000;

export interface Model {
  readonly stores: ReadonlySignal<StoresAnswer | undefined>;
  readonly scope: ReadonlySignal<string | undefined>;
  readonly day: ReadonlySignal<ScopeDay | undefined>;
  readonly figures: ReadonlySignal<FiguresAnswer | undefined>;
  readonly products: ReadonlySignal<RankingAnswer | undefined>;
  readonly connection: ReadonlySignal<Connection>;
  readonly heardAtMs: ReadonlySignal<number | undefined>;
  /** The service's clock as far as it is known; ticks once a second. */
  readonly nowMs: ReadonlySignal<number>;
  readonly isSignedOut: ReadonlySignal<boolean>;
  chooseScope(scope: string): void;
  tick(): void;
  start(): void;
  wake(): void;
  stop(): void;
}

export interface ModelParts {
  readonly api: Api;
  readonly surroundings: Surroundings;
  readonly clockMs: () => number;
  readonly lastScope: () => string | null;
  readonly rememberScope: (scope: string) => void;
  /** Called when the service no longer takes the token. */
  readonly onSignedOut: () => void;
}

export function modelOf(parts: ModelParts): Model {
  const { api, clockMs } = parts;
  const stores = signal<StoresAnswer | undefined>(undefined);
  const scope = signal<string | undefined>(undefined);
  const day = signal<ScopeDay | undefined>(undefined);
  const figures = signal<FiguresAnswer | undefined>(undefined);
  const products = signal<RankingAnswer | undefined>(undefined);
  const connection = signal<Connection>({ kind: 'connecting' });
  const heardAtMs = signal<number | undefined>(undefined);
  const isSignedOut = signal(false);
  let clockOffMs = 0;
  const serviceClockMs = () => clockMs() + clockOffMs;
  const nowMs = signal(serviceClockMs());
  let storesAskedAtMs = Number.NEGATIVE_INFINITY;
  let productsAskedAtMs = Number.NEGATIVE_INFINITY;
  let poll: Poll | undefined;

  /** A step of a round: its answer, or the way in which the round ends. */
  function settled<Body>(asked: Asked<Body>): { readonly body: Body } | { readonly ends: Round } {
    switch (asked.kind) {
      case 'answered':
        noteClock(asked.serverNowMs);
        return { body: asked.body };
      case 'signed out':
        isSignedOut.value = true;
        connection.value = { kind: 'signed out' };
        parts.onSignedOut();
        return { ends: { kind: 'pointless' } };
      case 'refused':
        connection.value = { kind: 'refused', detail: asked.detail };
        return { ends: { kind: 'refused' } };
      case 'failed':
        return { ends: asked };
      case 'dropped':
        return { ends: { kind: 'pointless' } };
    }
  }

  function noteClock(serverNowMs: number | undefined): void {
    if (serverNowMs === undefined) return;
    const offMs = serverNowMs - clockMs();
    clockOffMs = Math.abs(offMs) < CLOCK_OFF_MS_MIN ? 0 : offMs;
  }

  function placeIn(answer: StoresAnswer): void {
    stores.value = answer;
    const choices = scopeChoices(answer, 'en', WORDS.en);
    const current = scope.value ?? parts.lastScope();
    const next = firstChoice(choices, current);
    if (next !== scope.value) forget();
    scope.value = next;
    const today = next === undefined ? undefined : dayOf(storesOf(answer, next));
    if (today?.day !== day.value?.day) forget();
    day.value = today;
  }

  /** Figures of another scope or day must not stand under this one's name for even a moment. */
  function forget(): void {
    figures.value = undefined;
    products.value = undefined;
    heardAtMs.value = undefined;
    productsAskedAtMs = Number.NEGATIVE_INFINITY;
  }

  async function round(signal: AbortSignal): Promise<Round> {
    if (clockMs() - storesAskedAtMs >= STORES_EVERY_MS) {
      const answer = settled(await api.stores(signal));
      if ('ends' in answer) return answer.ends;
      storesAskedAtMs = clockMs();
      placeIn(answer.body);
    }
    const [where, today] = [scope.value, day.value?.day];
    if (where === undefined || today === undefined) return { kind: 'done' };
    const answer = settled(await api.figures(where, today, signal));
    if ('ends' in answer) return answer.ends;
    if (signal.aborted) return { kind: 'pointless' };
    figures.value = answer.body;
    heardAtMs.value = serviceClockMs();
    nowMs.value = serviceClockMs();
    if (clockMs() - productsAskedAtMs >= PRODUCTS_EVERY_MS) {
      const ranking = settled(await api.topProducts(where, today, PRODUCTS_SHOWN_MAX, signal));
      if ('ends' in ranking) return ranking.ends;
      if (signal.aborted) return { kind: 'pointless' };
      productsAskedAtMs = clockMs();
      products.value = ranking.body;
    }
    return { kind: 'done' };
  }

  function tell(state: 'live' | 'paused' | 'offline' | { readonly retrying: string }): void {
    if (isSignedOut.value) return;
    connection.value =
      typeof state === 'string' ? { kind: state } : { kind: 'retrying', detail: state.retrying };
  }

  return {
    stores,
    scope: scope as Signal<string | undefined>,
    day,
    figures,
    products,
    connection,
    heardAtMs,
    nowMs,
    isSignedOut,
    chooseScope(chosen) {
      if (chosen === scope.value) return;
      scope.value = chosen;
      parts.rememberScope(chosen);
      forget();
      if (stores.value !== undefined) day.value = dayOf(storesOf(stores.value, chosen));
      connection.value = { kind: 'connecting' };
      poll?.wake();
    },
    tick() {
      nowMs.value = serviceClockMs();
    },
    start() {
      poll = startPoll({ round, tell, surroundings: parts.surroundings });
    },
    wake() {
      if (!isSignedOut.value) poll?.wake();
    },
    stop() {
      poll?.stop();
    },
  };
}
