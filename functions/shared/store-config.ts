/**
 * What the doors of devices ask of the chain's set-up before they read a word: whose store it is, which sensor. What was
 * found is remembered in a warm function, for as long as the caller says.
 */
import { problem } from '#contracts/http/problems.ts';
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import type { Store } from '#domain/chain/store.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';
import type { DeviceEvent } from './device-auth.ts';
import { HttpProblem } from './http.ts';
import { cachedFor } from './ttl-cache.ts';

type StoreOf = (storeId: StoreId) => Promise<Store | undefined>;
type SensorOf = (storeId: StoreId, sensorId: SensorId) => Promise<Sensor | undefined>;

/** A store of the chain; throws 409 where it is not set up. */
export function cachedStoreReader(find: StoreOf, forMs: number): (storeId: StoreId) => Promise<Store> {
  const storeOf = cachedFor(find, forMs, Date.now);
  return async (storeId) => {
    const store = await storeOf(storeId);
    if (store !== undefined) return store;
    throw new HttpProblem(
      problem(409, 'store-not-configured', `Store ${storeId} is not set up in the chain.`),
    );
  };
}

export function cachedSensorReader(find: SensorOf, forMs: number): SensorOf {
  const sensorOf = cachedFor(
    (name: string) => {
      const [storeId, sensorId] = name.split('#') as [StoreId, SensorId];
      return find(storeId, sensorId);
    },
    forMs,
    Date.now,
  );
  return (storeId, sensorId) => sensorOf(`${storeId}#${sensorId}`);
}

/**
 * A store that switches faces off means at once, and somebody who draws a zone is watching it: what cameras and sensors
 * ask is remembered no longer than this.
 */
export const SENSOR_CONFIG_TTL_MS = 10_000;

/**
 * What has waited for a free function as long as it may run is let go of unseen: of two crowded seconds the later one is
 * worth more. With what it may still take to look, whoever is seen is answered before the gateway gives up on them, and a
 * queue of pictures never grows for longer than this. 4 MB reach it in time over 3.2 Mbit/s.
 */
const WAITED_MS_MAX = 10_000;
const CROWDED_RETRY_SECONDS = 5;

/** Throws 429 where a request has waited too long to be begun with. */
export function rejectQueuedTooLong({ requestContext }: DeviceEvent): void {
  if (Date.now() - requestContext.timeEpoch <= WAITED_MS_MAX) return;
  throw new HttpProblem(
    problem(429, 'busy', 'The request queued too long and was discarded; send fewer requests at once.'),
    { 'retry-after': String(CROWDED_RETRY_SECONDS) },
  );
}
