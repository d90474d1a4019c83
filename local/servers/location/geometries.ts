/** Geometries as they come over the wire and as they are kept: what AWS says of them beyond their shape. */
import { type FenceGeometry, faultOfFence, isCounterClockwise, type Ring } from '#domain/place/fence.ts';
import type { WireGeometry } from './shapes.ts';

type ReadGeometry =
  | { readonly kind: 'read'; readonly geometry: FenceGeometry }
  | { readonly kind: 'refused'; readonly why: string };

export function readGeometry({ Circle, Polygon, MultiPolygon, Geobuf }: WireGeometry): ReadGeometry {
  const given = [Circle !== undefined, Polygon !== undefined, MultiPolygon, Geobuf].filter(Boolean).length;
  if (given !== 1)
    return refused('The geometry must be exactly one of Circle, Polygon, MultiPolygon and Geobuf');
  if (Circle !== undefined) {
    const [lng = 0, lat = 0] = Circle.Center;
    return checked({ kind: 'circle', centre: { lng, lat }, radiusM: Circle.Radius });
  }
  if (Polygon === undefined) return refused('MultiPolygon and Geobuf are not supported here');
  const rings = ringsOf(Polygon);
  const read = checked({ kind: 'polygon', rings });
  if (read.kind === 'refused') return read;
  const [outer = [], ...holes] = rings;
  if (!isCounterClockwise(outer)) return refused('the outer ring must be counter-clockwise');
  if (holes.some(isCounterClockwise)) return refused('the rings of holes must be clockwise');
  return read;
}

export const ringsOf = (polygon: readonly (readonly (readonly number[])[])[]): Ring[] =>
  polygon.map((ring) => ring.map(([lng = 0, lat = 0]) => [lng, lat]));

function checked(geometry: FenceGeometry): ReadGeometry {
  const why = faultOfFence(geometry);
  return why === undefined ? { kind: 'read', geometry } : refused(why);
}

const refused = (why: string): ReadGeometry => ({ kind: 'refused', why });

/** In the form in which it was put. */
export function describeGeometry(geometry: FenceGeometry) {
  if (geometry.kind === 'polygon') return { Polygon: geometry.rings };
  const { centre, radiusM } = geometry;
  return { Circle: { Center: [centre.lng, centre.lat], Radius: radiusM } };
}
