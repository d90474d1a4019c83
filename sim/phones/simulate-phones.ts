/**
 * Simulates members with phones on the street over HTTPS, as the chain's app server and its app post: phones are bound, with
 * or without consents, pass a store along the edge of its geofence, and open some of the pushes they receive.
 *
 * All of these members have bought before; the cloud decides which of them get a push.
 */

import { addDays } from '#domain/chain/business-day.ts';
import type { Store } from '#domain/chain/store.ts';
import type { DemoChain, DemoStore } from '../chain/demo-chain.ts';
import { type Random, seededRandom } from '../random.ts';
import { planDay } from '../tills/receipts.ts';
import { businessDayNow } from '../tills/simulate-tills.ts';
import { phoneTrack } from './phone-track.ts';

export interface PhoneSimulation {
  readonly url: string;
  /** Key of the chain's app server. */
  readonly key: string;
  readonly chain: DemoChain;
  readonly seed: string;
  readonly nowMs: () => number;
  readonly post: typeof fetch;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Returns the pushes a phone has received so far, by its push token. */
  readonly inboxOf: (pushToken: string) => readonly ReceivedPush[];
  readonly onPush?: (push: { readonly store: Store; readonly title: string }) => void;
}

export interface ReceivedPush {
  readonly pushId: string;
  readonly link: string;
  readonly title: string;
}

interface Phone {
  readonly pushToken: string;
  readonly key: string;
  /** Number of pushes already handled. */
  handled: number;
}

const PHONES_PER_STORE = 12;
/** One in so many members gives no consent to pushes, or to location. */
const NO_PUSH_EVERY = 7;
const NO_LOCATION_EVERY = 9;
/** Share of received pushes that are opened, and of opened ones that are clicked. */
const OPEN_RATE = 0.6;
const CLICK_RATE = 0.55;
/** Mean gap between two departures. */
const GAP_MS = 5_000;
const STORES_MAX = 3;
/** Maximum number of phones passing one store at a time. */
const PASSING_MAX = 3;
const RETRY_MS = 1_000;
const TRIES_MAX = 20;

/** Runs until stopped. */
export async function simulatePhones(simulation: PhoneSimulation): Promise<void> {
  const stores = simulation.chain.stores.slice(0, STORES_MAX);
  await Promise.all(stores.map((demo) => simulateStore(simulation, demo)));
}

async function simulateStore(simulation: PhoneSimulation, demo: DemoStore): Promise<void> {
  const { store } = demo;
  const { seed, stop, nowMs, wait } = simulation;
  const random = seededRandom(`${seed}/phones/${store.storeId}`);
  const yesterday = addDays(businessDayNow(store, nowMs()), -1);
  const buyers = planDay(demo, yesterday, seed).flatMap(({ receipt }) => receipt.memberNo ?? []);
  const phones: Phone[] = [];
  for (const [number, member] of [...new Set(buyers)].slice(0, PHONES_PER_STORE).entries()) {
    const phone = await bindPhone(simulation, member, number);
    if (phone !== undefined) phones.push(phone);
  }
  const idle = [...phones];
  while (!stop.aborted) {
    await wait(-Math.log(1 - random.next()) * GAP_MS);
    const phone = phones.length - idle.length < PASSING_MAX ? idle.shift() : undefined;
    if (phone === undefined || stop.aborted) continue;
    // Not awaited, so that several phones pass at the same time.
    void passStore(simulation, random, demo, phone).finally(() => idle.push(phone));
  }
}

/** Binds a new phone to a member. A demonstration restarted on kept data binds further phones. */
async function bindPhone(
  simulation: PhoneSimulation,
  member: string,
  number: number,
): Promise<Phone | undefined> {
  const at = new Date(simulation.nowMs()).toISOString();
  const pushToken = `demo-${member}-${simulation.nowMs().toString(36)}`;
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
  const response = await post(simulation, '/v1/phones', simulation.key, body);
  if (response?.status !== 201) return undefined;
  const { key } = (await response.json()) as { key: string };
  return { pushToken: body.pushToken, key, handled: 0 };
}

/** Returns a text as hexadecimal, the form of Apple's push tokens. */
const hexOf = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Posts the positions of one way past a store, and handles the pushes that arrive on it. */
async function passStore(
  simulation: PhoneSimulation,
  random: Random,
  { store, location: { position, fence } }: DemoStore,
  phone: Phone,
): Promise<void> {
  if (fence.kind !== 'circle') return;
  const { nowMs, wait, stop } = simulation;
  const startedAtMs = nowMs();
  for (const { afterMs, lng, lat, accuracyM } of phoneTrack(random, position, fence.radiusM)) {
    await wait(Math.max(0, startedAtMs + afterMs - nowMs()));
    if (stop.aborted) return;
    const at = new Date(nowMs()).toISOString();
    await post(simulation, '/v1/positions', phone.key, { positions: [{ lng, lat, accuracyM, at }] });
    await handlePushes(simulation, random, store, phone);
  }
}

/** Opens some of the new pushes, and clicks some of the opened ones. */
async function handlePushes(
  simulation: PhoneSimulation,
  random: Random,
  store: Store,
  phone: Phone,
): Promise<void> {
  const received = simulation.inboxOf(phone.pushToken);
  for (const { pushId, link, title } of received.slice(phone.handled)) {
    simulation.onPush?.({ store, title });
    if (!random.isTrue(OPEN_RATE)) continue;
    await post(simulation, `/v1/pushes/${pushId}/open`, phone.key, {});
    if (random.isTrue(CLICK_RATE))
      await simulation.post(link, { redirect: 'manual', signal: simulation.stop }).catch(() => undefined);
  }
  phone.handled = received.length;
}

/** Posts, and retries while the server is unreachable, failing or throttling. Returns undefined when stopped or after TRIES_MAX. */
async function post(
  { url, post: fetchOnce, wait, stop }: PhoneSimulation,
  path: string,
  key: string,
  body: unknown,
): Promise<Response | undefined> {
  for (let tries = 0; tries < TRIES_MAX && !stop.aborted; tries++) {
    try {
      const response = await fetchOnce(new URL(path, url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
        signal: stop,
      });
      if (response.status < 500 && response.status !== 429) return response;
    } catch {
      // Network errors are retried.
    }
    await wait(RETRY_MS);
  }
  return undefined;
}
