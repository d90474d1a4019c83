/**
 * Simulates the tills of a chain over HTTPS: first posts the receipts closed so far, in batches like tills that were offline,
 * then live receipts one at a time until it is stopped.
 *
 * It has only the URL and the keys of the cloud, and retries like a till: an unanswered receipt is posted again, unchanged.
 */
import { RECEIPTS_MAX } from '#contracts/http/receipts.ts';
import { addDays, type BusinessDay, businessDayOf, offsetMinutesAt } from '#domain/chain/business-day.ts';
import { DAY_MS, MINUTE_MS } from '#domain/chain/duration.ts';
import type { Store } from '#domain/chain/store.ts';
import type { DemoChain, DemoStore } from '../chain/demo-chain.ts';
import { seededRandom } from '../random.ts';
import { trafficAt } from './arrivals.ts';
import { type PostedReceipt, planDay, receiptNow } from './receipts.ts';

export interface AcceptedReceipt {
  readonly store: Store;
  readonly receipt: PostedReceipt;
  /** Whether it closed during the simulation, rather than before its start. */
  readonly isLive: boolean;
}

export interface TillSimulation {
  /** URL of the API, such as http://127.0.0.1:4280. */
  readonly url: string;
  readonly keyOf: (store: Store) => string;
  readonly chain: DemoChain;
  readonly seed: string;
  /** Factor of the live traffic over that of a real chain of this size; 20 gives about a receipt a second. */
  readonly speed: number;
  /** Number of whole days before today to post. */
  readonly daysBefore: number;
  readonly nowMs: () => number;
  readonly post: typeof fetch;
  /** Resolves after the delay, or when stopped. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Called for every accepted receipt. */
  readonly onReceipt: (accepted: AcceptedReceipt) => void;
  /** Called when the past receipts are posted and the live ones begin. */
  readonly onLive?: () => void;
}

/** Minimum live traffic, so that a demonstration at night shows some activity. */
const TRAFFIC_MIN = 0.5;

const RETRY_MS = 500;
const RETRY_MS_MAX = 10_000;
const STORES_AT_ONCE_MAX = 3;

/** Runs until stopped. Throws where the server refuses a receipt or a key, which is a defect of the simulation. */
export async function simulateTills(simulation: TillSimulation): Promise<void> {
  await backfill(simulation);
  if (!simulation.stop.aborted) simulation.onLive?.();
  await postLive(simulation);
}

/** Posts the receipts that the tills of all stores have closed so far. */
async function backfill(simulation: TillSimulation): Promise<void> {
  const remaining = [...simulation.chain.stores];
  const worker = async (): Promise<void> => {
    for (let demo = remaining.shift(); demo !== undefined; demo = remaining.shift()) {
      await backfillStore(simulation, demo);
    }
  };
  await Promise.all(Array.from({ length: STORES_AT_ONCE_MAX }, worker));
}

async function backfillStore(simulation: TillSimulation, demo: DemoStore): Promise<void> {
  const { daysBefore, seed, stop } = simulation;
  const nowMs = simulation.nowMs();
  const today = businessDayNow(demo.store, nowMs);
  const receipts = Array.from({ length: daysBefore + 1 }, (_, index) => addDays(today, index - daysBefore))
    .flatMap((businessDay) => planDay(demo, businessDay, seed))
    .filter(({ closedAtMs }) => closedAtMs <= nowMs)
    .map(({ receipt }) => receipt);
  for (let start = 0; start < receipts.length && !stop.aborted; start += RECEIPTS_MAX) {
    await deliver(simulation, demo.store, receipts.slice(start, start + RECEIPTS_MAX), false);
  }
}

/** Posts live receipts. The gaps are exponentially distributed around the mean for the hour. */
async function postLive(simulation: TillSimulation): Promise<void> {
  const { chain, seed, speed, stop, nowMs, wait } = simulation;
  const random = seededRandom(`${seed}/live`);
  const perDay = chain.stores.reduce((sum, demo) => sum + demo.receiptsPerDay, 0);
  while (!stop.aborted) {
    const traffic = Math.max(trafficAt(hourNow(simulation)), TRAFFIC_MIN);
    const meanGapMs = DAY_MS / (perDay * speed * traffic);
    await wait(-Math.log(1 - random.next()) * meanGapMs);
    if (stop.aborted) return;
    const demo = random.pick(chain.stores, ({ receiptsPerDay }) => receiptsPerDay);
    await deliver(simulation, demo.store, [receiptNow(random, demo, nowMs())], true);
  }
}

/** Posts receipts of a store until each is accepted. Throws where one is refused. */
async function deliver(
  simulation: TillSimulation,
  store: Store,
  receipts: readonly PostedReceipt[],
  isLive: boolean,
): Promise<void> {
  let retryMs = RETRY_MS;
  for (let open = receipts; open.length > 0 && !simulation.stop.aborted; ) {
    const result = await postOnce(simulation, store, open);
    if (result?.kind === 'refused') {
      throw new Error(`a request of the simulated tills of ${store.storeId} was refused: ${result.detail}`);
    }
    const accepted = new Set(result?.accepted);
    open.forEach((receipt, index) => {
      if (accepted.has(index)) simulation.onReceipt({ store, receipt, isLive });
    });
    open = open.filter((_, index) => !accepted.has(index));
    if (open.length === 0) return;
    await simulation.wait(retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  }
}

type PostResult =
  | { readonly kind: 'answered'; readonly accepted: readonly number[] }
  | { readonly kind: 'refused'; readonly detail: string };

/** Posts once. Returns undefined where the server is unreachable, failing or throttling. */
async function postOnce(
  { url, keyOf, post, stop }: TillSimulation,
  store: Store,
  receipts: readonly PostedReceipt[],
): Promise<PostResult | undefined> {
  try {
    const response = await post(new URL('/v1/receipts', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf(store)}` },
      body: JSON.stringify({ receipts }),
      signal: stop,
    });
    const body = (await response.json()) as { receipts?: { status: string; index: number }[] };
    if (response.status >= 500) return undefined;
    const refused = body.receipts?.find(({ status }) => status === 'refused');
    if (refused !== undefined) return { kind: 'refused', detail: JSON.stringify(refused) };
    if (body.receipts === undefined) {
      return response.status === 429
        ? undefined
        : { kind: 'refused', detail: `${response.status} ${JSON.stringify(body)}` };
    }
    const accepted = body.receipts.filter(({ status }) => status === 'accepted').map(({ index }) => index);
    return { kind: 'answered', accepted };
  } catch {
    // Network errors and responses without JSON (from proxies) are retried.
    return undefined;
  }
}

const hourNow = ({ chain, nowMs }: TillSimulation): number => {
  const zone = chain.stores[0]?.store.timeZone ?? 'UTC';
  const instantMs = nowMs();
  return new Date(instantMs + offsetMinutesAt(instantMs, zone) * MINUTE_MS).getUTCHours();
};

/** Returns a store's current business day. */
export function businessDayNow(store: Store, nowMs: number): BusinessDay {
  const offsetMinutes = offsetMinutesAt(nowMs, store.timeZone);
  return businessDayOf({ instantMs: nowMs, offsetMinutes }, store.dayCutMinutes);
}
