/** A sensor store in memory that fulfils the contract suite and nothing more. */
import type { SensorStore } from '#application/ports/sensor-store.ts';
import type { Sensor } from '#domain/place/visits/sensor.ts';

export function memorySensorStore(seed: readonly Sensor[] = []): SensorStore {
  const nameOf = ({ storeId, sensorId }: Pick<Sensor, 'storeId' | 'sensorId'>): string =>
    `${storeId}#${sensorId}`;
  const sensors = new Map(seed.map((sensor) => [nameOf(sensor), sensor]));
  return {
    list: async (storeId) =>
      [...sensors.values()]
        .filter((sensor) => sensor.storeId === storeId)
        .sort((a, b) => (a.sensorId < b.sensorId ? -1 : 1)),
    get: async (storeId, sensorId) => sensors.get(nameOf({ storeId, sensorId })),
    put: async (sensor) => void sensors.set(nameOf(sensor), sensor),
    remove: async (storeId, sensorId) => sensors.delete(nameOf({ storeId, sensorId })),
  };
}
