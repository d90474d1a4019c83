/** A small store's sensors: a tracker under the ceiling with two zones, and a counter at the door. */
import type { SensorId, StoreId, ZoneId } from '#domain/chain/ids.ts';
import { COUNTS_AT_ONCE, type Sensor } from '#domain/place/visits/sensor.ts';

export const CEILING: Sensor = {
  sensorId: 'ceiling-1' as SensorId,
  storeId: 'sz01' as StoreId,
  kind: 'tracker',
  zones: [
    {
      zoneId: 'window' as ZoneId,
      polygon: [
        { x: 0, y: 0 },
        { x: 100.5, y: 0 },
        { x: 100.5, y: 100 },
        { x: 0, y: 100 },
      ],
    },
    {
      zoneId: 'shelf' as ZoneId,
      polygon: [
        { x: 200, y: 0 },
        { x: 300, y: 0 },
        { x: 250, y: 99.25 },
      ],
    },
  ],
  sampleGapMsMax: 1_000,
  counts: COUNTS_AT_ONCE,
};

export const DOOR: Sensor = {
  sensorId: 'door-1' as SensorId,
  storeId: 'sz01' as StoreId,
  kind: 'door',
  zones: [],
  sampleGapMsMax: 1_000,
  counts: COUNTS_AT_ONCE,
};

export const CAMERA: Sensor = { ...CEILING, sensorId: 'camera-1' as SensorId, kind: 'camera', zones: [] };
