/**
 * Conversion of geometries between the wire format and the domain, with AWS's rules beyond the service model.
 */
import type { GeofenceGeometry, Ring } from '#domain/chain/geometry.ts';
import { faultOfGeofence, isCounterClockwise } from '#domain/place/geo/geofence.ts';
import type { WireGeometry } from './shapes.ts';

type ParsedGeometry =
  | { readonly kind: 'valid'; readonly geometry: GeofenceGeometry }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Returns the geometry of a request, or the reason why it is invalid: not exactly one form, coordinates or
 * radius out of range, rings that cross, or rings whose winding order is not that of RFC 7946.
 */
export function parseGeometry({ Circle, Polygon, MultiPolygon, Geobuf }: WireGeometry): ParsedGeometry {
  const given = [Circle !== undefined, Polygon !== undefined, MultiPolygon, Geobuf].filter(Boolean).length;
  if (given !== 1)
    return invalid('The geometry must be exactly one of Circle, Polygon, MultiPolygon and Geobuf');
  if (Circle !== undefined) {
    const [lng = 0, lat = 0] = Circle.Center;
    return checked({ kind: 'circle', centre: { lng, lat }, radiusM: Circle.Radius });
  }
  if (Polygon === undefined) return invalid('MultiPolygon and Geobuf are not supported here');
  const rings = ringsOf(Polygon);
  const parsed = checked({ kind: 'polygon', rings });
  if (parsed.kind === 'invalid') return parsed;
  const [outer = [], ...holes] = rings;
  if (!isCounterClockwise(outer)) return invalid('the outer ring must be counter-clockwise');
  if (holes.some(isCounterClockwise)) return invalid('the rings of holes must be clockwise');
  return parsed;
}

/** Returns the rings of a polygon on the wire. */
export const ringsOf = (polygon: readonly (readonly (readonly number[])[])[]): Ring[] =>
  polygon.map((ring) => ring.map(([lng = 0, lat = 0]) => [lng, lat]));

function checked(geometry: GeofenceGeometry): ParsedGeometry {
  const reason = faultOfGeofence(geometry);
  return reason === undefined ? { kind: 'valid', geometry } : invalid(reason);
}

const invalid = (reason: string): ParsedGeometry => ({ kind: 'invalid', reason });

/** Returns a geometry in the wire format, as a circle or a polygon like the one that was put. */
export function describeGeometry(geometry: GeofenceGeometry) {
  if (geometry.kind === 'polygon') return { Polygon: geometry.rings };
  const { centre, radiusM } = geometry;
  return { Circle: { Center: [centre.lng, centre.lat], Radius: radiusM } };
}
