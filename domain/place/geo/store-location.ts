/**
 * The location of a store and the geofence around it, converted and checked.
 *
 * Everything is stored in WGS-84, the datum of phones and Amazon Location. Maps sold in China are drawn in GCJ-02, some
 * hundred metres off; a point off such a map is converted once, on input, and marked, because a reader who compares the
 * row with the map has to see why the two differ.
 */

import type { GeofenceGeometry, LngLat, Ring } from '../../chain/geometry.ts';
import type { Datum, GeofenceShape, StoreLocation } from '../../chain/location.ts';
import type { Store } from '../../chain/store.ts';
import { gcj02ToWgs84 } from './gcj02.ts';
import { distanceM, faultOfGeofence, faultOfPoint, RADIUS_M_MAX, withRfc7946Winding } from './geofence.ts';

/** The street and what lies along it: much less, and a phone between high houses does not know its place well enough. */
export const RADIUS_M_DEFAULT = 200;
/** A smaller circle cannot be entered. */
export const RADIUS_M_MIN = 1;

/** A fence further from its store than this is the fence of another, or its corners have latitude before longitude. Metres. */
const CORNER_ASIDE_M_MAX = RADIUS_M_MAX;
/** Seven decimals of a degree are a centimetre; no map is read more closely. */
const STEPS_PER_DEGREE = 1e7;

/**
 * Returns a location, given in any datum, as it is stored: converted to WGS-84, with the rings of a polygon
 * in RFC 7946 winding.
 */
export function toWgs84Location(given: LngLat, givenAs: Datum, fence: GeofenceShape): StoreLocation {
  const turn = (point: LngLat): LngLat => (givenAs === 'GCJ-02' ? rounded(gcj02ToWgs84(point)) : point);
  const turnCorner = ([lng, lat]: Ring[number]): Ring[number] => {
    const turned = turn({ lng, lat });
    return [turned.lng, turned.lat];
  };
  return {
    position: turn(given),
    givenAs,
    fence:
      fence.kind === 'circle'
        ? fence
        : { kind: 'polygon', rings: withRfc7946Winding(fence.rings).map((ring) => ring.map(turnCorner)) },
  };
}

const rounded = ({ lng, lat }: LngLat): LngLat => ({
  lng: Math.round(lng * STEPS_PER_DEGREE) / STEPS_PER_DEGREE,
  lat: Math.round(lat * STEPS_PER_DEGREE) / STEPS_PER_DEGREE,
});

/**
 * Returns what is wrong with a location, for its author; undefined where Amazon Location accepts its
 * geofence.
 */
export function faultOfLocation({
  position,
  fence,
}: Pick<StoreLocation, 'position' | 'fence'>): string | undefined {
  const fault = faultOfPoint(position);
  if (fault !== undefined) return fault;
  if (fence.kind === 'polygon') return faultOfGeofence(fence) ?? faultOfPlace(position, fence.rings);
  const { radiusM } = fence;
  if (radiusM >= RADIUS_M_MIN && radiusM <= RADIUS_M_MAX) return undefined;
  return `the radius must be from ${RADIUS_M_MIN} to ${RADIUS_M_MAX} metres`;
}

/** The fence of a street need not hold the store itself, but it is not in another town. */
function faultOfPlace(position: LngLat, [outer = []]: readonly Ring[]): string | undefined {
  const isAside = outer.some(([lng, lat]) => distanceM(position, { lng, lat }) > CORNER_ASIDE_M_MAX);
  if (!isAside) return undefined;
  return `the polygon reaches further than ${CORNER_ASIDE_M_MAX} metres from the store; corners are [longitude, latitude]`;
}

/** Returns the geofence of a store; undefined where the store has no location. */
export function geofenceOf({ location }: Pick<Store, 'location'>): GeofenceGeometry | undefined {
  if (location === undefined) return undefined;
  const { position, fence } = location;
  return fence.kind === 'circle' ? { kind: 'circle', centre: position, radiusM: fence.radiusM } : fence;
}
