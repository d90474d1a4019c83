/** Port: the sensors of a store. */
import type { SensorId, StoreId } from '#domain/chain/ids.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';

export interface SensorStore {
  /** The sensors of a store, by id. */
  list(storeId: StoreId): Promise<Sensor[]>;
  get(storeId: StoreId, sensorId: SensorId): Promise<Sensor | undefined>;
  /** Adds a sensor, or puts another in its place: its zones are then those of the new one. */
  put(sensor: Sensor): Promise<void>;
  /** Whether there was one to remove. */
  remove(storeId: StoreId, sensorId: SensorId): Promise<boolean>;
}
