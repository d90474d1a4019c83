/**
 * Seeds the demonstration chain: the chain, its stores, their locations, sensors and targets in the tables, a
 * campaign for earlier buyers who walk by, a key for the tills and one for the sensors of each store, and one
 * for the chain's own app server. A key can be read once only, so with kept data the keys are stored beside
 * it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoDeviceStore } from '#adapters/dynamodb/device-store.ts';
import { dynamoSensorStore } from '#adapters/dynamodb/sensor-store.ts';
import { CloudFile } from '#contracts/cloud-file.ts';
import { addDays } from '#domain/chain/business-day.ts';
import type { DeviceKind } from '#domain/chain/device-key.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import { type DemoChain, demoCampaign, demoLaw, demoTargets } from '#sim/chain/demo-chain.ts';
import { demoSensors } from '#sim/chain/floor-plan.ts';
import { businessDayNow } from '#sim/tills/simulate-tills.ts';
import { issueKey } from '#tools/issue-key.ts';
import type { Cloud } from '../cloud.ts';

/** Targets cover the days that the app shows, and the rest of the month. */
const TARGET_DAYS_BEFORE = 31;
const TARGET_DAYS = 90;
const KEYS_FILE = 'demo-keys.json';

const Keys = v.record(v.string(), v.string());

/** The devices of each store that have a key, and what the key may post. */
const DEVICES = {
  tills: ['receipts'],
  sensors: ['sightings', 'frames'],
} as const satisfies Record<string, readonly DeviceKind[]>;

export type DemoDevice = keyof typeof DEVICES;

/** The name of the key of the chain's app server. */
export const APP_SERVER = 'app-server';

/** Returns the name of the key of a store's tills or sensors. */
export const keyName = (storeId: string, device: DemoDevice): string => `${storeId}-${device}`;

/**
 * Seeds the chain and returns its keys by name (`keyName`, `APP_SERVER`). Repeatable: a second run on the
 * same data returns the same keys and keeps the campaign as it is.
 */
export async function seedDemoChain(
  cloud: Cloud,
  chain: DemoChain,
  dataDir: string | undefined,
): Promise<Record<string, string>> {
  const { tables, endpoints, region } = v.parse(CloudFile, JSON.parse(readFileSync(cloud.cloudFile, 'utf8')));
  const client = documentClient({
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    ...(endpoints && { endpoint: endpoints.dynamodb }),
  });
  const chains = dynamoChainStore(client, tables.chain ?? '');
  const { name, currency, country } = chain;
  await chains.putChain({ name, currency, country });
  const sensors = dynamoSensorStore(client, tables.chain ?? '');
  for (const demo of chain.stores) {
    await chains.putStore(demo.store);
    await chains.putLocation(demo.store.storeId, demo.location);
    if (demo.sensors === 'none') continue;
    for (const sensor of demoSensors(demo.store.storeId)) await sensors.put(sensor);
    const law = demoLaw(demo, businessDayNow(demo.store, Date.now()));
    if (law !== undefined) await chains.putLaw(demo.store.storeId, law);
  }
  // Written once: a user may have changed the campaign before a restart on kept data.
  await dynamoCampaignStore(client, tables.campaigns ?? '').put(demoCampaign(Date.now()), 0);
  const [first] = chain.stores;
  if (first) {
    const from = addDays(businessDayNow(first.store, Date.now()), -TARGET_DAYS_BEFORE);
    await chains.putTargets(demoTargets(chain, from, TARGET_DAYS));
  }

  const file = dataDir === undefined ? undefined : join(dataDir, KEYS_FILE);
  if (file && existsSync(file)) return v.parse(Keys, JSON.parse(readFileSync(file, 'utf8')));
  const devices = dynamoDeviceStore(client, tables.devices ?? '');
  const keys: Record<string, string> = {};
  for (const { store } of chain.stores) {
    for (const [device, kinds] of Object.entries(DEVICES)) {
      const deviceId = keyName(store.storeId, device as DemoDevice) as DeviceId;
      keys[deviceId] = await issueKey(devices, { deviceId, storeId: store.storeId, kinds }, Date.now());
    }
  }
  const app = { deviceId: APP_SERVER as DeviceId, kinds: ['people'] } as const;
  keys[APP_SERVER] = await issueKey(devices, app, Date.now());
  if (file) writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  client.destroy();
  return keys;
}
