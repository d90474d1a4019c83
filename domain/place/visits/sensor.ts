/**
 * A sensor is what sees people in a store: a camera that sends frames, a device that tracks by itself, a door counter.
 *
 * Each has its own picture or floor, so zones are drawn in its own coordinates: pixels of a camera's frame,
 * centimetres of a 3D sensor. The same zone may be drawn for several sensors; what they see of it is joined, not added.
 */
import type { SensorId, StoreId, ZoneId } from '../../chain/ids.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Three corners or more; the last is joined to the first. */
export type Polygon = readonly Point[];

export interface Zone {
  readonly zoneId: ZoneId;
  readonly polygon: Polygon;
}

export const SENSOR_KINDS = ['camera', 'tracker', 'door'] as const;
export type SensorKind = (typeof SENSOR_KINDS)[number];

/** `opt-in`: the sensor sees nothing but a lane or a counter for people who have agreed to their faces being compared. */
export const SENSOR_LANES = ['opt-in'] as const;
export type SensorLane = (typeof SENSOR_LANES)[number];

export interface Sensor {
  readonly sensorId: SensorId;
  readonly storeId: StoreId;
  readonly kind: SensorKind;
  readonly zones: readonly Zone[];
  /** Two samples of one track further apart than this say nothing of the time between them. Milliseconds. */
  readonly sampleGapMsMax: number;
  readonly counts: SensorCounting;
  /** The picture or floor that the zones are drawn in; its own coordinates where absent. */
  readonly drawnFor?: PictureSize;
  /** Absent for a sensor that sees a public floor. */
  readonly lane?: SensorLane;
}

/** Whether visitors are counted by a sensor, or by another that sees them, too. */
export interface SensorCounting {
  /** False for a sensor that only gives zones. */
  readonly isCounting: boolean;
  /** A stay shorter than this is a shadow or a reflection and counts as no visitor. Milliseconds. */
  readonly leastMs: number;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export const COUNTS_AT_ONCE: SensorCounting = { isCounting: true, leastMs: 0 };
/** Longer than this a blip does not last. */
export const LEAST_MS_MAX = 60_000;

export const SAMPLE_GAP_MS_DEFAULT = 1_000;
export const SAMPLE_GAP_MS_MAX = 60_000;
export const ZONES_PER_SENSOR_MAX = 64;
export const CORNERS_PER_ZONE_MAX = 64;

/** Returns the sensors that count visitors; where there are two, a visitor whom both see counts twice. */
export const countingSensorsOf = (sensors: readonly Sensor[]): Sensor[] =>
  sensors.filter(({ kind, counts }) => kind !== 'door' && counts.isCounting);

/**
 * Returns whether a point lies in a polygon, by the even-odd rule: a ray to the right crosses the edge an
 * odd number of times. Of two polygons that share an edge, a point on the edge lies in exactly one.
 */
export function polygonContains(polygon: Polygon, { x, y }: Point): boolean {
  let isInside = false;
  let before = polygon.at(-1);
  for (const corner of polygon) {
    if (before !== undefined && corner.y > y !== before.y > y) {
      const crossingX = ((before.x - corner.x) * (y - corner.y)) / (before.y - corner.y) + corner.x;
      if (x < crossingX) isInside = !isInside;
    }
    before = corner;
  }
  return isInside;
}

/** Returns the zones of a sensor that contain a point, in the order in which they were drawn. */
export const zonesAt = (sensor: Pick<Sensor, 'zones'>, point: Point): ZoneId[] =>
  sensor.zones.filter(({ polygon }) => polygonContains(polygon, point)).map(({ zoneId }) => zoneId);
