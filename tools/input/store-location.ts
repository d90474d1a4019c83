/** A store's location and geofence as operators type them: degrees, datum, radius. */

import type { LngLat } from '#domain/chain/geometry.ts';
import { DATUMS, type Datum, type GeofenceShape, type StoreLocation } from '#domain/chain/location.ts';
import { faultOfLocation, RADIUS_M_DEFAULT, toWgs84Location } from '#domain/place/geo/store-location.ts';
import { UserError } from '../command.ts';

const DEGREES = /^-?\d{1,3}(?:\.\d{1,15})?$/;
const METRES = /^\d{1,6}(?:\.\d{1,3})?$/;

/** Parses a latitude and a longitude in degrees. Throws a UserError where one is not a number. */
export function readPosition(lat: string, lng: string): LngLat {
  for (const [name, text] of [
    ['lat', lat],
    ['lng', lng],
  ]) {
    if (!DEGREES.test(text ?? ''))
      throw new UserError(`${name} "${text}" is not a number of degrees such as 22.5198`);
  }
  return { lng: Number(lng), lat: Number(lat) };
}

/** Parses a geodetic datum; WGS-84 for an empty text. Throws a UserError for an unknown datum. */
export function readDatum(text: string): Datum {
  const found = DATUMS.find((datum) => datum === (text || 'WGS-84').toUpperCase());
  if (found === undefined) throw new UserError(`datum "${text}" is not one of ${DATUMS.join(', ')}`);
  return found;
}

/** Parses the radius of a circular geofence in metres. Throws a UserError where it is not a number. */
export function readCircle(text: string): GeofenceShape {
  if (!METRES.test(text))
    throw new UserError(`radius "${text}" is not a number of metres such as ${RADIUS_M_DEFAULT}`);
  return { kind: 'circle', radiusM: Number(text) };
}

/** Returns the store location in WGS-84. Throws a UserError where position or geofence is out of bounds or malformed. */
export function locationOf(position: LngLat, datum: Datum, fence: GeofenceShape): StoreLocation {
  const fault = faultOfLocation({ position, fence });
  if (fault !== undefined) throw new UserError(fault);
  return toWgs84Location(position, datum, fence);
}

/** The location columns of a stores table; empty where a row leaves them out. */
interface LocationText {
  readonly lat: string;
  readonly lng: string;
  readonly datum: string;
  readonly radius: string;
}

/**
 * Returns the location of a row; undefined where it has none. A row without radius keeps the geofence of a store that has
 * not moved, and gives any other store a circle of the default radius.
 *
 * @param existing location of the store so far
 * @throws UserError where the columns are incomplete or invalid
 */
export function readLocationRow(
  { lat, lng, datum, radius }: LocationText,
  existing: StoreLocation | undefined,
): StoreLocation | undefined {
  if (lat === '' && lng === '') {
    if (datum === '' && radius === '') return undefined;
    throw new UserError('datum and radius need lat and lng');
  }
  if (lat === '' || lng === '') throw new UserError('lat and lng must be given together');
  const circle = readCircle(radius || String(RADIUS_M_DEFAULT));
  const location = locationOf(readPosition(lat, lng), readDatum(datum), circle);
  const hasMoved =
    existing?.position.lng !== location.position.lng || existing.position.lat !== location.position.lat;
  return radius === '' && !hasMoved ? { ...location, fence: existing.fence } : location;
}

/** Returns position and geofence as text: `22.5198, 113.9412` and `circle of 200 m`. */
export function describeLocation({ position, fence }: StoreLocation): [position: string, fence: string] {
  const corners = fence.kind === 'circle' ? 0 : fence.rings.reduce((sum, ring) => sum + ring.length - 1, 0);
  return [
    `${position.lat}, ${position.lng}`,
    fence.kind === 'circle' ? `circle of ${fence.radiusM} m` : `polygon of ${corners} corners`,
  ];
}
