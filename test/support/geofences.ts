/** Arbitraries of geofences and points: around stores, and anywhere on the earth. */
import fc from 'fast-check';
import type { GeofenceGeometry, LngLat, Ring } from '#domain/chain/geometry.ts';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

export const anyPoint: fc.Arbitrary<LngLat> = fc.record({ lng: between(-180, 180), lat: between(-90, 90) });

/** A street of stores: near enough to each other for geofences to overlap. */
export const shopPoint: fc.Arbitrary<LngLat> = fc.record({
  lng: between(116.3, 116.34),
  lat: between(39.98, 40.01),
});

type Drawn = Extract<GeofenceGeometry, { readonly kind: 'polygon' }>;

/** The width in degrees of so many metres at the equator. */
const METRES_PER_DEGREE = 111_195;

/** Corners around a centre at varying distances, spaced so that a hole near the centre cannot touch a side. */
function starAround({ lng, lat }: LngLat, radiusM: number, reach: readonly number[], turn: number): Ring {
  const size = radiusM / METRES_PER_DEGREE;
  const corners = reach.map((share, at): [number, number] => {
    const angle = ((at + turn * ((share * 97) % 1)) * 2 * Math.PI) / reach.length;
    return [lng + size * share * Math.cos(angle), lat + size * share * Math.sin(angle)];
  });
  return [...corners, corners[0] ?? [lng, lat]];
}

const starAt = (middle: fc.Arbitrary<LngLat>): fc.Arbitrary<Drawn> =>
  fc
    .record({
      middle,
      radiusM: between(20, 20_000),
      outer: fc.array(between(0.5, 1), { minLength: 5, maxLength: 12 }),
      hole: fc.option(fc.array(between(0.05, 0.2), { minLength: 5, maxLength: 8 })),
      turn: between(0, 0.7),
    })
    .map(({ middle, radiusM, outer, hole, turn }) => ({
      kind: 'polygon',
      rings: [
        starAround(middle, radiusM, outer, turn),
        ...(hole === null ? [] : [starAround(middle, radiusM, hole, turn).toReversed()]),
      ],
    }));

/** A polygon, perhaps with a hole, anywhere but at the edges of the map. */
export const starFence = starAt(fc.record({ lng: between(-179, 179), lat: between(-80, 80) }));

const roundAt = (centre: fc.Arbitrary<LngLat>): fc.Arbitrary<GeofenceGeometry> =>
  fc.record({
    kind: fc.constant('circle'),
    centre,
    radiusM: fc.oneof(between(1, 500), between(500, 100_000)),
  });

export const fenceNear = (point: fc.Arbitrary<LngLat>): fc.Arbitrary<GeofenceGeometry> =>
  fc.oneof(
    roundAt(point),
    starAt(
      point.map(({ lng, lat }) => ({
        lng: Math.max(-179, Math.min(179, lng)),
        lat: Math.max(-80, Math.min(80, lat)),
      })),
    ),
  );
