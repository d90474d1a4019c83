/**
 * Members of the demonstration chain out on the street, told over HTTPS as their phones and the chain's app server would
 * tell it: phones are bound, their owners agree to be followed or do not, they come by a store and hover at the edge of its
 * fence, and some of them open what they are sent.
 *
 * All of them have bought something before; which of them hears of it is for the cloud to decide.
 */

import { addDays } from '#domain/chain/business-day.ts';
import type { Store } from '#domain/chain/store.ts';
import type { DemoChain, DemoStore } from './demo-chain.ts';
import { type Random, seededRandom } from './random.ts';
import { planDay } from './receipts.ts';
import { businessDayNow } from './simulate-day.ts';
import { stroll } from './stroll.ts';

export interface SimulatedPhones {
  readonly url: string;
  /** Of the chain's app server. */
  readonly key: string;
  readonly chain: DemoChain;
  readonly seed: string;
  readonly nowMs: () => number;
  readonly post: typeof fetch;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** What the push service has brought a phone so far, by the phone's token; on a real phone its app is told. */
  readonly inboxOf: (pushToken: string) => readonly ReceivedPush[];
  readonly onPush?: (pushed: { readonly store: Store; readonly title: string }) => void;
}

export interface ReceivedPush {
  readonly pushId: string;
  readonly link: string;
  readonly title: string;
}

interface Walker {
  readonly member: string;
  readonly pushToken: string;
  readonly key: string;
  /** The pushes it has looked at. */
  seen: number;
}

const PHONES_PER_STORE = 12;
/** Who wants no pushes, and who wants not to be followed: one in so many. */
const NO_PUSH_EVERY = 7;
const NO_LOCATION_EVERY = 9;
const OPENS = 0.6;
const CLICKS = 0.55;
/** Between two people who set out. */
const GAP_MS = 5_000;
const STORES_WALKED_MAX = 3;
/** On their way past one store at a time. */
const WALKING_MAX = 3;
const RETRY_MS = 1_000;
const TRIES_MAX = 20;

export async function simulatePhones(phones: SimulatedPhones): Promise<void> {
  const stores = phones.chain.stores.slice(0, STORES_WALKED_MAX);
  await Promise.all(stores.map((demo) => walkBy(phones, demo)));
}

async function walkBy(phones: SimulatedPhones, demo: DemoStore): Promise<void> {
  const { store } = demo;
  const random = seededRandom(`${phones.seed}/phones/${store.storeId}`);
  const yesterday = addDays(businessDayNow(store, phones.nowMs()), -1);
  const buyers = planDay(demo, yesterday, phones.seed).flatMap(({ receipt }) => receipt.memberNo ?? []);
  const walkers: Walker[] = [];
  for (const [number, member] of [...new Set(buyers)].slice(0, PHONES_PER_STORE).entries()) {
    const walker = await bind(phones, member, number);
    if (walker !== undefined) walkers.push(walker);
  }
  const home = [...walkers];
  while (!phones.stop.aborted) {
    await phones.wait(-Math.log(1 - random.next()) * GAP_MS);
    const walker = walkers.length - home.length < WALKING_MAX ? home.shift() : undefined;
    if (walker === undefined || phones.stop.aborted) continue;
    // Nobody waits for them: others set out while they are on their way.
    void comeBy(phones, random, demo, walker).finally(() => home.push(walker));
  }
}

/** Whoever has a phone already gets another one: a demonstration that is started again on kept data has new phones. */
async function bind(phones: SimulatedPhones, member: string, number: number): Promise<Walker | undefined> {
  const at = new Date(phones.nowMs()).toISOString();
  const pushToken = `demo-${member}-${phones.nowMs().toString(36)}`;
  const consents = [
    ...((number + 1) % NO_PUSH_EVERY === 0 ? [] : ['push']),
    ...((number + 1) % NO_LOCATION_EVERY === 0 ? [] : ['location']),
  ].map((purpose) => ({ purpose, granted: true, proof: 'demo app, terms 3', at }));
  const body = {
    member,
    platform: number % 2 === 0 ? 'fcm' : 'apns',
    pushToken: number % 2 === 0 ? pushToken : hexOf(pushToken),
    language: number % 3 === 2 ? 'en' : 'zh',
    consents,
  };
  const answer = await posted(phones, '/v1/phones', phones.key, body);
  if (answer?.status !== 201) return undefined;
  const { key } = (await answer.json()) as { key: string };
  return { member, pushToken: body.pushToken, key, seen: 0 };
}

/** Apple's tokens are hexadecimal. */
const hexOf = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function comeBy(
  phones: SimulatedPhones,
  random: Random,
  { store, ground: { position, fence } }: DemoStore,
  walker: Walker,
): Promise<void> {
  if (fence.kind !== 'circle') return;
  const beganMs = phones.nowMs();
  for (const { afterMs, lng, lat, accuracyM } of stroll(random, position, fence.radiusM)) {
    await phones.wait(Math.max(0, beganMs + afterMs - phones.nowMs()));
    if (phones.stop.aborted) return;
    const at = new Date(phones.nowMs()).toISOString();
    await posted(phones, '/v1/positions', walker.key, { positions: [{ lng, lat, accuracyM, at }] });
    await look(phones, random, store, walker);
  }
}

/** Looks at what has come, as people do: at some of it, and follows some of that. */
async function look(phones: SimulatedPhones, random: Random, store: Store, walker: Walker): Promise<void> {
  const received = phones.inboxOf(walker.pushToken);
  for (const { pushId, link, title } of received.slice(walker.seen)) {
    phones.onPush?.({ store, title });
    if (!random.isTrue(OPENS)) continue;
    await posted(phones, `/v1/pushes/${pushId}/open`, walker.key, {});
    if (random.isTrue(CLICKS))
      await phones.post(link, { redirect: 'manual', signal: phones.stop }).catch(() => undefined);
  }
  walker.seen = received.length;
}

/** A post that is tried again while nobody can answer it; undefined where it is stopped. */
async function posted(
  { url, post, wait, stop }: SimulatedPhones,
  path: string,
  key: string,
  body: unknown,
): Promise<Response | undefined> {
  for (let tries = 0; tries < TRIES_MAX && !stop.aborted; tries++) {
    try {
      const response = await post(new URL(path, url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
        signal: stop,
      });
      if (response.status < 500 && response.status !== 429) return response;
    } catch {
      // What stands between has its troubles; a phone tries again.
    }
    await wait(RETRY_MS);
  }
  return undefined;
}
