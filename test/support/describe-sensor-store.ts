/** Contract of every sensor store. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { SensorStore } from '#application/ports/sensor-store.ts';
import type { SensorId, StoreId, ZoneId } from '#domain/chain/ids.ts';
import { CORNERS_PER_ZONE_MAX, type Sensor, ZONES_PER_SENSOR_MAX } from '#domain/place/visits/sensor.ts';
import { CEILING, DOOR } from './sensors.ts';

const SZ02 = 'sz02' as StoreId;

export function describeSensorStore(name: string, create: () => Promise<SensorStore>): void {
  describe(`a sensor store: ${name}`, () => {
    let store: SensorStore;
    beforeEach(async () => {
      store = await create();
    });

    it('starts without sensors', async () => {
      expect(await store.list(CEILING.storeId)).toEqual([]);
      expect(await store.get(CEILING.storeId, CEILING.sensorId)).toBeUndefined();
      expect(await store.remove(CEILING.storeId, CEILING.sensorId)).toBe(false);
    });

    it("returns a store's sensors as they were put, decimals included, and no other store's", async () => {
      for (const sensor of [DOOR, CEILING, { ...CEILING, storeId: SZ02 }]) await store.put(sensor);
      expect(await store.list(CEILING.storeId)).toEqual([CEILING, DOOR]);
      expect(await store.get(SZ02, CEILING.sensorId)).toEqual({ ...CEILING, storeId: SZ02 });
      expect(await store.get(SZ02, DOOR.sensorId)).toBeUndefined();
    });

    it('replaces a sensor, zones included', async () => {
      await store.put(CEILING);
      const moved: Sensor = { ...CEILING, kind: 'camera', zones: [], sampleGapMsMax: 5_000 };
      await store.put(moved);
      expect(await store.list(CEILING.storeId)).toEqual([moved]);
    });

    it('removes one sensor and no other', async () => {
      for (const sensor of [DOOR, CEILING]) await store.put(sensor);
      expect(await store.remove(DOOR.storeId, DOOR.sensorId)).toBe(true);
      expect(await store.list(CEILING.storeId)).toEqual([CEILING]);
      expect(await store.remove(DOOR.storeId, DOOR.sensorId)).toBe(false);
    });

    it('holds the maximum number of sensors and corners', async () => {
      const polygon = Array.from({ length: CORNERS_PER_ZONE_MAX }, (_, index) => ({
        x: -123_456.123_456_789 - index,
        y: 654_321.987_654_321 + index,
      }));
      const zones = Array.from({ length: ZONES_PER_SENSOR_MAX }, (_, index) => ({
        zoneId: `${index}${'z'.repeat(60)}` as ZoneId,
        polygon,
      }));
      const sensors = Array.from(
        { length: 8 },
        (_, index): Sensor => ({
          ...CEILING,
          sensorId: `s${index}` as SensorId,
          zones,
        }),
      );
      for (const sensor of sensors) await store.put(sensor);
      expect(await store.list(CEILING.storeId)).toEqual(sensors);
    });
  });
}
