/** Port: the sensors of a store. */
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';

export interface SensorStore {
  /** Returns the sensors of a store, sorted by id. */
  list(storeId: StoreId): Promise<Sensor[]>;
  get(storeId: StoreId, sensorId: SensorId): Promise<Sensor | undefined>;
  /** Creates or replaces a sensor, including its zones. */
  put(sensor: Sensor): Promise<void>;
  /** Removes a sensor; returns whether it existed. */
  remove(storeId: StoreId, sensorId: SensorId): Promise<boolean>;
}
