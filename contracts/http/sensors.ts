/**
 * The file of a store's sensors: a JSON list, each sensor with the zones drawn in its picture or on its floor. A corner is
 * `[x, y]`, as drawing tools export it.
 */
import * as v from 'valibot';
import type { SensorId, ZoneId } from '#domain/chain/ids.ts';
import { doSidesCross } from '#domain/place/geo/geofence.ts';
import {
  CORNERS_PER_ZONE_MAX,
  LEAST_MS_MAX,
  type Point,
  SAMPLE_GAP_MS_DEFAULT,
  SAMPLE_GAP_MS_MAX,
  SENSOR_KINDS,
  SENSOR_LANES,
  ZONES_PER_SENSOR_MAX,
} from '#domain/place/visits/sensor.ts';
import { placeId } from '../primitives.ts';
import { strictObjectMessage } from './strict-object-message.ts';

export const SENSORS_MAX = 1_000;
/** Pixels or centimetres; no shop floor is longer than a kilometre. */
export const COORDINATE_MAX = 1_000_000;

export const coordinate = v.pipe(
  v.number('must be a number'),
  v.minValue(-COORDINATE_MAX, `must not be below -${COORDINATE_MAX}`),
  v.maxValue(COORDINATE_MAX, `must not be above ${COORDINATE_MAX}`),
);

const corner = v.pipe(
  v.strictTuple([coordinate, coordinate], 'must be a corner: [x, y]'),
  v.transform(([x, y]): Point => ({ x, y })),
);

/** Reports whether corners enclose an area: they do not all lie on one line. */
function areSpread(corners: readonly Point[]): boolean {
  const [a, ...rest] = corners;
  const b = rest.find(({ x, y }) => x !== a?.x || y !== a.y);
  if (a === undefined || b === undefined) return false;
  return rest.some((c) => (b.x - a.x) * (c.y - a.y) !== (b.y - a.y) * (c.x - a.x));
}

/** Returns corners as a closed ring, without those that are named twice in a row. */
function ringOf(corners: readonly Point[]): Array<readonly [number, number]> {
  const ring = [...corners, ...corners.slice(0, 1)].map(({ x, y }) => [x, y] as const);
  return ring.filter(
    ([x, y], index) => index === 0 || x !== ring[index - 1]?.[0] || y !== ring[index - 1]?.[1],
  );
}

const zone = v.strictObject(
  {
    /** The same id at two sensors is one zone, whose sightings are joined. */
    id: placeId<ZoneId>(),
    polygon: v.pipe(
      v.array(corner, 'must be a list of corners'),
      v.minLength(3, 'must have at least 3 corners'),
      v.maxLength(CORNERS_PER_ZONE_MAX, `must not have more than ${CORNERS_PER_ZONE_MAX} corners`),
      v.check((corners) => areSpread(corners), 'must not have all its corners on one line'),
      v.check(
        (corners) => !areSpread(corners) || !doSidesCross(ringOf(corners)),
        'must not have sides that cross: the sides cross',
      ),
    ),
  },
  strictObjectMessage('a zone'),
);

const isEachOnce = (ids: readonly string[]): boolean => new Set(ids).size === ids.length;

const side = v.pipe(
  v.number('must be a number'),
  v.minValue(1, 'must not be below 1'),
  v.maxValue(COORDINATE_MAX, `must not be above ${COORDINATE_MAX}`),
);

interface Drawing {
  readonly kind: string;
  readonly zones: ReadonlyArray<{ readonly id: string; readonly polygon: readonly Point[] }>;
  readonly size?: readonly [number, number] | undefined;
}

/** Returns why zones can hold no one: they lie outside the picture that they are drawn for, or are fractions without a size. */
function faultsOfDrawing({ kind, zones, size }: Drawing): string[] {
  if (kind !== 'camera') return [];
  const isWithin = (polygon: readonly Point[], [width, height]: readonly [number, number]): boolean =>
    polygon.every(({ x, y }) => x >= 0 && x <= width && y >= 0 && y <= height);
  return zones.flatMap(({ id, polygon }) => {
    if (size === undefined) {
      return isWithin(polygon, [1, 1]) ? [`has zone ${id} drawn in fractions; add "size": [1, 1]`] : [];
    }
    return isWithin(polygon, size) ? [] : [`has zone ${id} outside its picture of ${size[0]} × ${size[1]}`];
  });
}

export const SensorInput = v.pipe(
  v.strictObject(
    {
      /** The id that the sensor sends. */
      sensor: placeId<SensorId>(),
      kind: v.picklist(SENSOR_KINDS, `must be one of: ${SENSOR_KINDS.join(', ')}`),
      zones: v.optional(
        v.pipe(
          v.array(zone, 'must be a list of zones'),
          v.maxLength(ZONES_PER_SENSOR_MAX, `must not hold more than ${ZONES_PER_SENSOR_MAX} zones`),
          v.check((zones) => isEachOnce(zones.map(({ id }) => id)), 'must not hold two zones of one id'),
        ),
        [],
      ),
      sampleGapMsMax: v.optional(
        v.pipe(
          v.number('must be a whole number of milliseconds'),
          v.safeInteger('must be a whole number of milliseconds'),
          v.minValue(1, 'must not be below 1'),
          v.maxValue(SAMPLE_GAP_MS_MAX, `must not be above ${SAMPLE_GAP_MS_MAX}`),
        ),
        SAMPLE_GAP_MS_DEFAULT,
      ),
      /** False for a sensor that only gives zones, where another one at the door counts the same visitors. */
      counts: v.optional(v.boolean('must be true or false'), true),
      /** The shortest stay that counts as a visitor. */
      trackMsMin: v.optional(
        v.pipe(
          v.number('must be a whole number of milliseconds'),
          v.safeInteger('must be a whole number of milliseconds'),
          v.minValue(0, 'must not be below 0'),
          v.maxValue(LEAST_MS_MAX, `must not be above ${LEAST_MS_MAX}`),
        ),
        0,
      ),
      /** Width and height of the picture in which the zones of a camera are drawn; frames of any size are scaled to it. */
      size: v.optional(v.strictTuple([side, side], 'must be a size: [width, height]')),
      lane: v.optional(v.picklist(SENSOR_LANES, `must be: ${SENSOR_LANES.join(', ')}`)),
    },
    strictObjectMessage('a sensor'),
  ),
  v.forward(
    v.check(({ kind, size }) => size === undefined || kind === 'camera', 'is of cameras only'),
    ['size'],
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const message of faultsOfDrawing(dataset.value)) addIssue({ message });
  }),
  v.metadata({ title: 'Sensor' }),
);

export const SensorsFile = v.pipe(
  v.array(SensorInput, 'must be a list of sensors'),
  v.minLength(1, 'must hold at least one sensor'),
  v.maxLength(SENSORS_MAX, `must not hold more than ${SENSORS_MAX} sensors`),
  v.check(
    (sensors) => isEachOnce(sensors.map(({ sensor }) => sensor)),
    'must not hold two sensors of one id',
  ),
);
