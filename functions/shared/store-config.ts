/**
 * The chain's set-up as the endpoints of devices need it before they parse a body: the device's store and its sensors,
 * cached in a warm function; and the rejection of requests that have waited too long.
 */
import { problem } from '#contracts/http/problems.ts';
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';
import type { DeviceEvent } from './device-auth.ts';
import { HttpProblem } from './http.ts';
import { cachedFor } from './ttl-cache.ts';

type FindStore = (storeId: StoreId) => Promise<Store | undefined>;
type FindSensor = (storeId: StoreId, sensorId: SensorId) => Promise<Sensor | undefined>;

/**
 * Returns a cached look-up of stores.
 *
 * @throws HttpProblem 409 from the look-up where the store is not set up
 */
export function cachedStoreReader(find: FindStore, ttlMs: number): (storeId: StoreId) => Promise<Store> {
  const findCached = cachedFor(find, ttlMs, Date.now);
  return async (storeId) => {
    const store = await findCached(storeId);
    if (store !== undefined) return store;
    throw new HttpProblem(
      problem(409, 'store-not-configured', `Store ${storeId} is not set up in the chain.`),
    );
  };
}

/** Returns a cached look-up of sensors. */
export function cachedSensorReader(find: FindSensor, ttlMs: number): FindSensor {
  const findCached = cachedFor(
    (key: string) => {
      const [storeId, sensorId] = key.split('#') as [StoreId, SensorId];
      return find(storeId, sensorId);
    },
    ttlMs,
    Date.now,
  );
  return (storeId, sensorId) => findCached(`${storeId}#${sensorId}`);
}

/** Short, because switching faces off must take effect at once, and a zone is tried out while it is drawn. */
export const SENSOR_CONFIG_TTL_MS = 10_000;

/**
 * Requests that queued longer than the function timeout are rejected with 429: under load a fresh frame is worth more than
 * a stale one. Waiting and processing together stay within the gateway's timeout, so a queue of pictures never grows for
 * longer than this. 4 MB arrive in time over 3.2 Mbit/s.
 */
const QUEUED_MS_MAX = 10_000;
const OVERLOAD_RETRY_SECONDS = 5;

/**
 * Rejects a request that has waited too long to be processed.
 *
 * @throws HttpProblem 429
 */
export function rejectQueuedTooLong({ requestContext }: DeviceEvent): void {
  if (Date.now() - requestContext.timeEpoch <= QUEUED_MS_MAX) return;
  throw new HttpProblem(
    problem(429, 'busy', 'The request queued too long and was discarded; send fewer requests at once.'),
    { 'retry-after': String(OVERLOAD_RETRY_SECONDS) },
  );
}
