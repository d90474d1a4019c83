/**
 * A geofence is the area around a store that a phone enters: a circle, or a polygon with holes.
 *
 * All of it is WGS-84, in degrees. The earth is taken for a sphere of its mean radius: at the width of a fence that errs by a few
 * metres in a thousand, less than any phone knows its own place by, and two programs that take the same sphere agree to the
 * millimetre. Distances are haversine, which unlike the law of cosines keeps its digits where points are close. The sides of a
 * polygon are straight in degrees, as on the map they were drawn on.
 */
import type { GeofenceGeometry, LngLat, Ring } from '../../chain/geometry.ts';

/** A box in degrees, its edges included. */
export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The mean radius of the earth, (2a + b) / 3 of the WGS-84 ellipsoid, in metres (IUGG). */
export const EARTH_RADIUS_M = 6_371_008.8;

/** Amazon Location's own limits of a fence. */
export const RADIUS_M_MAX = 100_000;
export const CORNERS_MAX = 1_000;
export const RINGS_MAX = 250;
/** Three corners, and the first again. */
export const RING_LENGTH_MIN = 4;

const RADIANS = Math.PI / 180;

/** A tenth of a millimetre: rounding may not put the rim of a circle outside its own box. */
const BOX_MARGIN = 1e-9;

/**
 * Returns the distance along the sphere in metres (haversine; R. W. Sinnott, Sky & Telescope 68(2), 1984).
 */
export function distanceM(a: LngLat, b: LngLat): number {
  const sinLat = Math.sin(((b.lat - a.lat) * RADIANS) / 2);
  const sinLng = Math.sin(((b.lng - a.lng) * RADIANS) / 2);
  const square = sinLat * sinLat + Math.cos(a.lat * RADIANS) * Math.cos(b.lat * RADIANS) * sinLng * sinLng;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, square)));
}

/**
 * Returns whether a point lies in a geofence. The rim of a circle belongs to it; of polygons that share a
 * side, a point on it lies in one.
 */
export function geofenceContains(geometry: GeofenceGeometry, point: LngLat): boolean {
  return geometry.kind === 'circle'
    ? distanceM(geometry.centre, point) <= geometry.radiusM
    : isWithin(geometry.rings, point);
}

/**
 * By the even-odd rule over all rings at once: a ray to the east crosses sides an odd number of times, and one that leaves by a
 * hole crosses the hole's as well.
 */
function isWithin(rings: readonly Ring[], { lng, lat }: LngLat): boolean {
  let isInside = false;
  for (const ring of rings) {
    // By index, for this is what evaluating fences spends its time on.
    let from = ring[0];
    for (let at = 1; at < ring.length && from !== undefined; at++) {
      const to = ring[at];
      if (to === undefined) break;
      if (
        to[1] > lat !== from[1] > lat &&
        lng < ((from[0] - to[0]) * (lat - to[1])) / (from[1] - to[1]) + to[0]
      ) {
        isInside = !isInside;
      }
      from = to;
    }
  }
  return isInside;
}

/**
 * Returns the smallest box around a geofence; all longitudes where a circle holds a pole or crosses the
 * 180th meridian.
 */
export function boundsOf(geometry: GeofenceGeometry): Bounds {
  if (geometry.kind === 'circle') return boundsOfCircle(geometry.centre, geometry.radiusM);
  let [west, south, east, north] = [180, 90, -180, -90];
  // Holes lie within the outer ring.
  for (const [lng, lat] of geometry.rings[0] ?? []) {
    west = Math.min(west, lng);
    south = Math.min(south, lat);
    east = Math.max(east, lng);
    north = Math.max(north, lat);
  }
  return { west, south, east, north };
}

function boundsOfCircle({ lng, lat }: LngLat, radiusM: number): Bounds {
  const angle = radiusM / EARTH_RADIUS_M;
  const south = lat - angle / RADIANS - BOX_MARGIN;
  const north = lat + angle / RADIANS + BOX_MARGIN;
  const allAround = { west: -180, south: Math.max(-90, south), east: 180, north: Math.min(90, north) };
  if (south <= -90 || north >= 90) return allAround;
  // Where the meridian touches the circle, which is not at the latitude of its centre but nearer to the pole.
  const aside = Math.asin(Math.min(1, Math.sin(angle) / Math.cos(lat * RADIANS))) / RADIANS + BOX_MARGIN;
  if (lng - aside < -180 || lng + aside > 180) return allAround;
  return { west: lng - aside, south, east: lng + aside, north };
}

/**
 * Returns the rings in the winding that RFC 7946 §3.1.6 and Amazon Location require: the outer ring counter-
 * clockwise, holes clockwise. Many programs draw them the other way; the area is the same.
 */
export function withRfc7946Winding(rings: readonly Ring[]): Ring[] {
  return rings.map((ring, index) => (isCounterClockwise(ring) === (index === 0) ? ring : ring.toReversed()));
}

/** Returns whether a ring runs counter-clockwise, by the sign of its area. */
export const isCounterClockwise = (ring: Ring): boolean => areaOf(ring) > 0;

/**
 * Returns what is wrong with a geofence, for its author; undefined where Amazon Location accepts it once its
 * rings have the right winding.
 */
export function faultOfGeofence(geometry: GeofenceGeometry): string | undefined {
  if (geometry.kind === 'polygon') return faultOfRings(geometry.rings);
  const { centre, radiusM } = geometry;
  const fault = faultOfPoint(centre);
  if (fault !== undefined) return `the centre's ${fault}`;
  if (radiusM > 0 && radiusM <= RADIUS_M_MAX) return undefined;
  return `the radius must be above 0 and at most ${RADIUS_M_MAX} metres`;
}

/** Returns what is wrong with a point; undefined where it lies on the earth. */
export function faultOfPoint({ lng, lat }: LngLat): string | undefined {
  if (!isFromTo(lng, 180)) return 'longitude must be between -180 and 180 degrees';
  if (!isFromTo(lat, 90)) return 'latitude must be between -90 and 90 degrees';
  return undefined;
}

const isFromTo = (value: number, limit: number): boolean => value >= -limit && value <= limit;

function faultOfRings(rings: readonly Ring[]): string | undefined {
  const corners = rings.reduce((sum, ring) => sum + ring.length, 0);
  if (rings.length === 0) return 'the polygon has no ring';
  if (rings.length > RINGS_MAX) return `the polygon has more than ${RINGS_MAX} rings`;
  if (corners > CORNERS_MAX) return `the polygon has more than ${CORNERS_MAX} corners`;
  for (const [index, ring] of rings.entries()) {
    const fault = faultOfRing(ring);
    if (fault !== undefined) return `ring ${index + 1} of the polygon ${fault}`;
  }
  if (haveCrossing(rings)) return 'the sides cross or touch one another';
  const [outer = [], ...holes] = rings;
  if (holes.some((hole) => !isRingWithin(hole, outer))) return 'a hole lies outside the polygon';
  if (holes.some((hole) => holes.some((other) => other !== hole && isRingWithin(hole, other)))) {
    return 'a hole lies in another hole';
  }
  return undefined;
}

function faultOfRing(ring: Ring): string | undefined {
  const [first, last] = [ring[0], ring.at(-1)];
  if (first === undefined || last === undefined || ring.length < RING_LENGTH_MIN) {
    return 'must have at least three corners and the first again';
  }
  if (!isSame(first, last)) return 'must end where it begins';
  for (const [lng, lat] of ring) {
    const fault = faultOfPoint({ lng, lat });
    if (fault !== undefined) return `has a corner whose ${fault}`;
  }
  const sides = sidesOf(ring);
  if (sides.some(([a, b]) => Math.abs(a[0] - b[0]) > 180)) return 'must not cross the 180th meridian';
  if (sides.some(([a, b]) => isSame(a, b))) return 'must not name a corner twice in a row';
  return isOnOneLine(ring) ? 'must not have all its corners on one line' : undefined;
}

type Corner = Ring[number];
type Side = readonly [from: Corner, to: Corner];

const sidesOf = (ring: Ring): Side[] => ring.slice(1).map((to, index): Side => [ring[index] ?? to, to]);

const isSame = (a: Corner, b: Corner): boolean => a[0] === b[0] && a[1] === b[1];

/** Square degrees, below 0 where the ring runs clockwise (the shoelace formula, seen from the first corner to keep its digits). */
function areaOf(ring: Ring): number {
  const [x, y] = ring[0] ?? [0, 0];
  return sidesOf(ring).reduce(
    (sum, [a, b]) => sum + ((a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y)) / 2,
    0,
  );
}

/** Whether all corners lie on one line. A ring whose sides cross may have no area either, and is no line. */
function isOnOneLine(ring: Ring): boolean {
  const [a, ...rest] = ring;
  const b = rest.find((corner) => a !== undefined && !isSame(a, corner));
  return a === undefined || b === undefined || rest.every((corner) => turnOf(a, b, corner) === 0);
}

/** Returns whether any two sides of a closed ring of plane coordinates cross or touch elsewhere than at a common corner. */
export const doSidesCross = (ring: Ring): boolean => haveCrossing([ring]);

/** Whether any two sides meet elsewhere than where one follows the other. A thousand corners are half a million pairs: some ms. */
function haveCrossing(rings: readonly Ring[]): boolean {
  const all = rings.flatMap((ring) => {
    const sides = sidesOf(ring);
    return sides.map((side, index) => ({ side, next: sides[(index + 1) % sides.length] }));
  });
  return all.some(({ side, next }, index) =>
    all.slice(index + 1).some((other) => {
      if (other.side === next) return isTurnedBack(side, other.side);
      if (other.next === side) return isTurnedBack(other.side, side);
      return haveCommonPoint(side, other.side);
    }),
  );
}

/** Above 0 where c lies left of the way from a to b, below 0 right of it, 0 on its line. */
const turnOf = (a: Corner, b: Corner, c: Corner): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** Whether a side runs back over the one before it. */
function isTurnedBack([a, b]: Side, [, c]: Side): boolean {
  return turnOf(a, b, c) === 0 && (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0;
}

function haveCommonPoint([a, b]: Side, [c, d]: Side): boolean {
  const [ofC, ofD] = [turnOf(a, b, c), turnOf(a, b, d)];
  const [ofA, ofB] = [turnOf(c, d, a), turnOf(c, d, b)];
  if (((ofC > 0 && ofD < 0) || (ofC < 0 && ofD > 0)) && ((ofA > 0 && ofB < 0) || (ofA < 0 && ofB > 0)))
    return true;
  return (
    (ofC === 0 && isBetween(c, a, b)) ||
    (ofD === 0 && isBetween(d, a, b)) ||
    (ofA === 0 && isBetween(a, c, d)) ||
    (ofB === 0 && isBetween(b, c, d))
  );
}

/** Whether a point of a side's line lies on the side. */
const isBetween = (point: Corner, a: Corner, b: Corner): boolean =>
  ([0, 1] as const).every(
    (axis) => point[axis] >= Math.min(a[axis], b[axis]) && point[axis] <= Math.max(a[axis], b[axis]),
  );

/** Whether a ring lies in another that it meets nowhere: one corner decides. */
function isRingWithin(ring: Ring, outer: Ring): boolean {
  const [lng, lat] = ring[0] ?? [0, 0];
  return isWithin([outer], { lng, lat });
}
