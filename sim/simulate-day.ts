/**
 * A day of a chain, posted over HTTPS as its tills would: first what they have closed so far, in batches, like
 * tills that were offline; then customers as they come, one receipt at a time, until it is stopped.
 *
 * It knows nothing of the cloud it posts to but the address and the keys, and waits and retries like a
 * till: a receipt is posted again, unchanged, until it is answered.
 */
import { RECEIPTS_MAX } from '#contracts/http/receipts.ts';
import { addDays, type BusinessDay, businessDayOf, offsetMinutesAt } from '#domain/chain/business-day.ts';
import type { Store } from '#domain/chain/store.ts';
import { livelinessAt } from './day-curve.ts';
import type { DemoChain, DemoStore } from './demo-chain.ts';
import { seededRandom } from './random.ts';
import { type PostedReceipt, planDay, receiptNow } from './receipts.ts';

export interface PostedOf {
  readonly store: Store;
  readonly receipt: PostedReceipt;
  /** Closed just now, and not in the hours or days before. */
  readonly isLive: boolean;
}

export interface SimulatedDay {
  /** Where the API is: http://127.0.0.1:4280 */
  readonly url: string;
  readonly keyOf: (store: Store) => string;
  readonly chain: DemoChain;
  readonly seed: string;
  /** How many times livelier the live part is than a real chain of this size: at 20, about a receipt a second. */
  readonly speed: number;
  /** Whole days that are filled in before today. */
  readonly daysBefore: number;
  readonly nowMs: () => number;
  readonly post: typeof fetch;
  /** Resolves after a while, or as soon as it is stopped. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Told of every receipt that was accepted. */
  readonly onReceipt: (posted: PostedOf) => void;
  /** Told when the past is posted and the live part begins. */
  readonly onLive?: () => void;
}

/** Live customers come by night as well, only fewer: a demonstration in which nothing happens shows nothing. */
const LIVELINESS_MIN = 0.5;

const DAY_MS = 86_400_000;
const RETRY_MS = 500;
const RETRY_MS_MAX = 10_000;
const STORES_AT_ONCE_MAX = 3;

export async function simulateDay(day: SimulatedDay): Promise<void> {
  await backFill(day);
  if (!day.stop.aborted) day.onLive?.();
  await goLive(day);
}

/** Posts what the tills of all stores have closed until now. */
async function backFill(day: SimulatedDay): Promise<void> {
  const open = [...day.chain.stores];
  const worker = async (): Promise<void> => {
    for (let demo = open.shift(); demo !== undefined; demo = open.shift()) await backFillStore(day, demo);
  };
  await Promise.all(Array.from({ length: STORES_AT_ONCE_MAX }, worker));
}

async function backFillStore(day: SimulatedDay, demo: DemoStore): Promise<void> {
  const nowMs = day.nowMs();
  const today = businessDayNow(demo.store, nowMs);
  const receipts = Array.from({ length: day.daysBefore + 1 }, (_, index) =>
    addDays(today, index - day.daysBefore),
  )
    .flatMap((businessDay) => planDay(demo, businessDay, day.seed))
    .filter(({ closedAtMs }) => closedAtMs <= nowMs)
    .map(({ receipt }) => receipt);
  for (let start = 0; start < receipts.length && !day.stop.aborted; start += RECEIPTS_MAX) {
    await deliver(day, demo.store, receipts.slice(start, start + RECEIPTS_MAX), false);
  }
}

/** Customers as they come, each at the chain's pace at that hour, which is the mean of an exponential gap. */
async function goLive(day: SimulatedDay): Promise<void> {
  const random = seededRandom(`${day.seed}/live`);
  const perDay = day.chain.stores.reduce((sum, demo) => sum + demo.receiptsPerDay, 0);
  while (!day.stop.aborted) {
    const liveliness = Math.max(livelinessAt(hourNow(day)), LIVELINESS_MIN);
    const meanGapMs = DAY_MS / (perDay * day.speed * liveliness);
    await day.wait(-Math.log(1 - random.next()) * meanGapMs);
    if (day.stop.aborted) return;
    const demo = random.pick(day.chain.stores, ({ receiptsPerDay }) => receiptsPerDay);
    await deliver(day, demo.store, [receiptNow(random, demo, day.nowMs())], true);
  }
}

/** Posts receipts of a store until each is answered; what is refused would be a fault of the simulation, and is thrown. */
async function deliver(
  day: SimulatedDay,
  store: Store,
  receipts: readonly PostedReceipt[],
  isLive: boolean,
): Promise<void> {
  let retryMs = RETRY_MS;
  for (let open = receipts; open.length > 0 && !day.stop.aborted; ) {
    const answer = await posted(day, store, open);
    if (answer?.kind === 'refused') {
      throw new Error(`the simulated till of ${store.storeId} was refused: ${answer.detail}`);
    }
    const accepted = new Set(answer?.accepted);
    open.forEach((receipt, index) => {
      if (accepted.has(index)) day.onReceipt({ store, receipt, isLive });
    });
    open = open.filter((_, index) => !accepted.has(index));
    if (open.length === 0) return;
    await day.wait(retryMs);
    retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  }
}

type Answered =
  | { readonly kind: 'answered'; readonly accepted: readonly number[] }
  | { readonly kind: 'refused'; readonly detail: string };

/** One try; undefined where nobody answered or was able to. */
async function posted(
  { url, keyOf, post, stop }: SimulatedDay,
  store: Store,
  receipts: readonly PostedReceipt[],
): Promise<Answered | undefined> {
  try {
    const response = await post(new URL('/v1/receipts', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf(store)}` },
      body: JSON.stringify({ receipts }),
      signal: stop,
    });
    const body = (await response.json()) as { receipts?: { status: string; index: number }[] };
    if (response.status >= 500) return undefined;
    const refused = body.receipts?.find((one) => one.status === 'refused');
    if (refused !== undefined) return { kind: 'refused', detail: JSON.stringify(refused) };
    if (body.receipts === undefined) {
      return response.status === 429
        ? undefined
        : { kind: 'refused', detail: `${response.status} ${JSON.stringify(body)}` };
    }
    const accepted = body.receipts.filter((one) => one.status === 'accepted').map((one) => one.index);
    return { kind: 'answered', accepted };
  } catch {
    // The network's trouble, and answers that are no JSON, come from what stands between; a till tries again.
    return undefined;
  }
}

const hourNow = ({ chain, nowMs }: SimulatedDay): number => {
  const zone = chain.stores[0]?.store.timeZone ?? 'UTC';
  const instantMs = nowMs();
  return new Date(instantMs + offsetMinutesAt(instantMs, zone) * 60_000).getUTCHours();
};

/** The business day a store is living in. */
export function businessDayNow(store: Store, nowMs: number): BusinessDay {
  const offsetMinutes = offsetMinutesAt(nowMs, store.timeZone);
  return businessDayOf({ instantMs: nowMs, offsetMinutes }, store.dayCutMinutes);
}
