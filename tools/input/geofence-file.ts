/**
 * Reads a geofence drawn on a map, as GeoJSON: one polygon, either as a bare geometry or as the only feature of a file, which
 * is how the usual drawing programs save it.
 */
import * as v from 'valibot';
import type { Ring } from '#domain/chain/geometry.ts';
import { readJson } from '../cloud.ts';
import { UserError } from '../command.ts';

/** Longitude and latitude; an altitude is ignored. */
const Corner = v.pipe(
  v.tupleWithRest([v.number(), v.number()], v.number()),
  v.transform(([lng, lat]): Ring[number] => [lng, lat]),
);
const Polygon = v.object({ type: v.literal('Polygon'), coordinates: v.array(v.array(Corner)) });
const Feature = v.object({ type: v.literal('Feature'), geometry: Polygon });
const Collection = v.object({ type: v.literal('FeatureCollection'), features: v.strictTuple([Feature]) });

const GeofenceFile = v.union([
  v.pipe(
    Polygon,
    v.transform(({ coordinates }) => coordinates),
  ),
  v.pipe(
    Feature,
    v.transform(({ geometry }) => geometry.coordinates),
  ),
  v.pipe(
    Collection,
    v.transform(({ features: [{ geometry }] }) => geometry.coordinates),
  ),
]);

/**
 * Returns the rings of the polygon in a file, with the winding of the file.
 *
 * @throws UserError where the file is missing or does not contain exactly one polygon
 */
export function readGeofenceFile(path: string): Ring[] {
  const parsed = v.safeParse(GeofenceFile, readJson(path));
  if (parsed.success) return parsed.output;
  throw new UserError(
    `${path} is not GeoJSON of one Polygon: a geometry, a Feature, or a FeatureCollection with one Feature`,
  );
}
