/**
 * The whole local cloud with the demonstration chain in it, as one fixture for every suite that needs all of it: a start
 * costs seconds, so test/chain starts it once and the suites share it, each with stores or customers of its own.
 */
import { vi } from 'vitest';
import type { BusinessDay } from '#domain/chain/business-day.ts';
import { type Cloud, startCloud } from '#local/cloud.ts';
import { APP_SERVER, type DemoDevice, keyName, seedDemoChain } from '#local/main/seed-demo-chain.ts';
import { type DemoStore, demoChain } from '#sim/chain/demo-chain.ts';
import { businessDayNow } from '#sim/tills/simulate-tills.ts';

/** Two cores may be shared with every other test. */
const DONE_MS_MAX = 90_000;
const POLL_MS = 250;

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test reads the body of another route
  readonly body: any;
}

export interface DemoCloud {
  /** The running cloud; another one after a restart. */
  readonly cloud: Cloud;
  /** The key of a store's tills or sensors. */
  keyOf(storeId: string, device: DemoDevice): string;
  /** The key of the chain's own app server. */
  readonly appKey: string;
  /** Posts JSON with a device's key. */
  post(path: string, key: string, body: unknown): Promise<Response>;
  /** Sends a request as a member of staff, by default `boss`. */
  staff(method: string, path: string, person?: string, body?: unknown): Promise<Answer>;
  /** Restarts the cloud on the same data; keys are read again afterwards. */
  restart(): Promise<Readonly<Record<string, string>>>;
  readonly keys: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function startDemoCloud(dataDir: string): Promise<DemoCloud> {
  let cloud = await startCloud({ port: 0, dataDir });
  const keys = await seedDemoChain(cloud, demoChain, dataDir);
  const keyNamed = (name: string): string => {
    const key = keys[name];
    if (key === undefined) throw new Error(`the demonstration chain has no key ${name}`);
    return key;
  };
  return {
    get cloud() {
      return cloud;
    },
    keys,
    keyOf: (storeId, device) => keyNamed(keyName(storeId, device)),
    appKey: keyNamed(APP_SERVER),
    post: (path, key, body) =>
      fetch(cloud.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      }),
    async staff(method, path, person = 'boss', body) {
      const { access_token } = await (await fetch(`${cloud.url}/oidc/token-for?person=${person}`)).json();
      const response = await fetch(cloud.url + path, {
        method,
        headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    },
    async restart() {
      await cloud.close();
      cloud = await startCloud({ port: 0, dataDir });
      return await seedDemoChain(cloud, demoChain, dataDir);
    },
    close: () => cloud.close(),
  };
}

/** Repeats a check until it passes, for what happens behind a stream, a queue or an event. */
export const eventually = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: DONE_MS_MAX, interval: POLL_MS });

/** A store of the demonstration chain. */
export function demoStore(storeId: string): DemoStore {
  const demo = demoChain.stores.find(({ store }) => store.storeId === storeId);
  if (demo === undefined) throw new Error(`the demonstration chain has no store ${storeId}`);
  return demo;
}

export const dayOf = (storeId: string, atMs: number): BusinessDay =>
  businessDayNow(demoStore(storeId).store, atMs);
