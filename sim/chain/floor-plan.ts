/**
 * The floor plan of a demonstration store and its sensors: a people sensor over the whole floor (centimetres), and a camera
 * each at the door and the till (pixels of their pictures).
 */
import type { SensorId, StoreId, ZoneId } from '#domain/chain/ids.ts';
import { COUNTS_AT_ONCE, type Point, type Polygon, type Sensor } from '#domain/place/visits/sensor.ts';

export const FLOOR_SENSOR = 'floor' as SensorId;
export const DOOR_CAMERA = 'cam-door' as SensorId;
export const TILL_CAMERA = 'cam-till' as SensorId;

/** Size of the cameras' pictures, pixels. */
export const FRAME_WIDTH = 1280;
export const FRAME_HEIGHT = 720;

/** A sample every two seconds, of which one may be missing. */
export const SAMPLE_EVERY_MS = 2_000;
const SAMPLE_GAP_MS_MAX = 5_000;

const rectangle = (left: number, top: number, right: number, bottom: number): Polygon => [
  { x: left, y: top },
  { x: right, y: top },
  { x: right, y: bottom },
  { x: left, y: bottom },
];

interface Area {
  readonly zoneId: ZoneId;
  readonly polygon: Polygon;
  /** The position of people in the area. */
  readonly middle: Point;
  /** Percentage of visitors who go there. */
  readonly drawPercent: number;
  /** Average dwell time, seconds. */
  readonly staySeconds: number;
}

const area = (
  zoneId: string,
  [left, top, right, bottom]: readonly [number, number, number, number],
  drawPercent: number,
  staySeconds: number,
): Area => ({
  zoneId: zoneId as ZoneId,
  polygon: rectangle(left, top, right, bottom),
  middle: { x: (left + right) / 2, y: (top + bottom) / 2 },
  drawPercent,
  staySeconds,
});

/** Twelve metres by eight; the door is in the middle of the left wall, the till beside it. */
export const DOOR = area('door', [0, 300, 200, 500], 100, 4);
export const TILL = area('till', [200, 600, 500, 800], 0, 60);
export const TABLES: readonly Area[] = [
  area('phones', [250, 250, 550, 550], 62, 70),
  area('laptops', [650, 0, 1200, 250], 34, 95),
  area('audio', [650, 550, 1200, 800], 28, 45),
  area('accessories', [200, 0, 550, 200], 22, 30),
];

/** Returns the sensors of a fully equipped store. */
export const demoSensors = (storeId: StoreId): Sensor[] => [
  {
    sensorId: FLOOR_SENSOR,
    storeId,
    kind: 'tracker',
    zones: [DOOR, TILL, ...TABLES].map(({ zoneId, polygon }) => ({ zoneId, polygon })),
    sampleGapMsMax: SAMPLE_GAP_MS_MAX,
    counts: COUNTS_AT_ONCE,
  },
  ...([DOOR_CAMERA, TILL_CAMERA] as const).map((sensorId) => ({
    sensorId,
    storeId,
    kind: 'camera' as const,
    zones: [
      {
        zoneId: (sensorId === DOOR_CAMERA ? DOOR : TILL).zoneId,
        polygon: rectangle(0, 0, FRAME_WIDTH, FRAME_HEIGHT),
      },
    ],
    sampleGapMsMax: SAMPLE_GAP_MS_MAX,
    // The tracker under the ceiling counts everyone; these recognise some of them, and give zones.
    counts: { isCounting: false, leastMs: 0 },
    drawnFor: { width: FRAME_WIDTH, height: FRAME_HEIGHT },
  })),
];
