import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LngLat, Ring } from '#domain/chain/geometry.ts';
import { DATUMS, type Datum, type GeofenceShape } from '#domain/chain/location.ts';
import { wgs84ToGcj02 } from '#domain/place/geo/gcj02.ts';
import {
  CORNERS_MAX,
  distanceM,
  geofenceContains,
  isCounterClockwise,
  RADIUS_M_MAX,
} from '#domain/place/geo/geofence.ts';
import {
  faultOfLocation,
  geofenceOf,
  RADIUS_M_DEFAULT,
  RADIUS_M_MIN,
  toWgs84Location,
} from '#domain/place/geo/store-location.ts';
import { SZ01 } from '../../../support/chain.ts';

const BAY: LngLat = { lng: 113.9412, lat: 22.5198 };
const CIRCLE: GeofenceShape = { kind: 'circle', radiusM: RADIUS_M_DEFAULT };

const degrees = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** Anywhere but at the poles, and not at the meridian on whose other side longitudes start again. */
const place = fc.record({ lng: degrees(-179, 179), lat: degrees(-80, 80) });
const inChina = fc.record({ lng: degrees(98, 122), lat: degrees(23, 40) });
const datum = fc.constantFrom(...DATUMS);
const radiusM = fc.double({ min: RADIUS_M_MIN, max: RADIUS_M_MAX, noNaN: true });

/** A ring around a point, a corner in each direction, so that it never crosses itself; a degree of latitude is some 111 km. */
const ringAround = ({ lng, lat }: LngLat, distances: readonly number[]): Ring => {
  const corners = distances.map((distance, at): Ring[number] => {
    const angle = (2 * Math.PI * at) / distances.length;
    return [lng + distance * Math.cos(angle), lat + distance * Math.sin(angle)];
  });
  return [...corners, corners[0] ?? [0, 0]];
};
const distances = (min: number, max: number) => fc.array(degrees(min, max), { minLength: 3, maxLength: 12 });
const turnedOrNot = (ring: Ring) => fc.boolean().map((isTurned) => (isTurned ? ring.toReversed() : ring));

/** A polygon around a point, with or without a hole, in either winding. */
const polygonAround = (centre: LngLat): fc.Arbitrary<Ring[]> =>
  fc
    .tuple(distances(0.02, 0.1), fc.option(distances(0.001, 0.009)))
    .chain(([outer, hole]) =>
      fc.tuple(
        turnedOrNot(ringAround(centre, outer)),
        ...(hole === null ? [] : [turnedOrNot(ringAround(centre, hole))]),
      ),
    );
const polygonSomewhere = (somewhere: fc.Arbitrary<LngLat>) =>
  somewhere.chain((centre) => polygonAround(centre).map((rings) => ({ centre, rings })));

describe('the location of a store', () => {
  it('is kept as it was given where that was WGS-84, to the last digit', () => {
    fc.assert(
      fc.property(place, radiusM, (position, radius) => {
        const fence = { kind: 'circle', radiusM: radius } as const;
        const location = toWgs84Location(position, 'WGS-84', fence);
        expect(location).toEqual({ position, givenAs: 'WGS-84', fence });
        expect(faultOfLocation(location)).toBeUndefined();
      }),
    );
  });

  it('lies where the store is and not where a Chinese map draws it, and records the datum', () => {
    fc.assert(
      fc.property(polygonSomewhere(inChina), ({ centre, rings }) => {
        const onTheMap = rings.map((ring) =>
          ring.map(([lng, lat]): Ring[number] => {
            const shifted = wgs84ToGcj02({ lng, lat });
            return [shifted.lng, shifted.lat];
          }),
        );
        const given = toWgs84Location(wgs84ToGcj02(centre), 'GCJ-02', { kind: 'polygon', rings: onTheMap });
        const meant = toWgs84Location(centre, 'WGS-84', { kind: 'polygon', rings });
        expect(given.givenAs).toBe('GCJ-02');
        expect(distanceM(given.position, centre)).toBeLessThan(0.02);
        expect(distanceM(wgs84ToGcj02(centre), centre)).toBeGreaterThan(10);
        const corners = (fence: GeofenceShape) => (fence.kind === 'polygon' ? fence.rings.flat() : []);
        const meantCorners = corners(meant.fence);
        for (const [at, [lng, lat]] of corners(given.fence).entries()) {
          const [meantLng = 0, meantLat = 0] = meantCorners[at] ?? [];
          expect(distanceM({ lng, lat }, { lng: meantLng, lat: meantLat })).toBeLessThan(0.02);
        }
        expect(faultOfLocation(given)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('is fenced where it stands by its circle', () => {
    fc.assert(
      fc.property(place, datum, radiusM, (position, givenAs: Datum, radius) => {
        const location = toWgs84Location(position, givenAs, { kind: 'circle', radiusM: radius });
        const fence = geofenceOf({ ...SZ01, location });
        expect(fence).toEqual({ kind: 'circle', centre: location.position, radiusM: radius });
        expect(fence && geofenceContains(fence, location.position)).toBe(true);
      }),
    );
  });

  it('is fenced by its polygon, whichever way that was drawn: the outer ring counter-clockwise, holes clockwise', () => {
    fc.assert(
      fc.property(polygonSomewhere(place), ({ centre, rings }) => {
        const location = toWgs84Location(centre, 'WGS-84', { kind: 'polygon', rings });
        expect(faultOfLocation(location)).toBeUndefined();
        const fence = geofenceOf({ ...SZ01, location });
        if (fence?.kind !== 'polygon') throw new Error('a polygon became something else');
        expect(fence.rings.map(isCounterClockwise)).toEqual(rings.map((_, at) => at === 0));
        for (const [at, ring] of fence.rings.entries()) {
          const drawn = rings[at] ?? [];
          expect([drawn, drawn.toReversed()]).toContainEqual(ring);
        }
        expect(geofenceContains(fence, centre)).toBe(rings.length === 1);
      }),
    );
  });

  it('has no geofence where the store has no location', () => {
    expect(geofenceOf(SZ01)).toBeUndefined();
  });

  const square: Ring = [
    [113.94, 22.51],
    [113.95, 22.51],
    [113.95, 22.52],
    [113.94, 22.52],
    [113.94, 22.51],
  ];
  const bow: Ring = [
    [113.94, 22.51],
    [113.95, 22.52],
    [113.95, 22.51],
    [113.94, 22.53],
    [113.94, 22.51],
  ];
  const swapped = square.map(([lng, lat]): Ring[number] => [lat + 30, lng - 100]);
  const polygon = (...rings: readonly Ring[]): GeofenceShape => ({ kind: 'polygon', rings });

  it.each<[string, LngLat, GeofenceShape, string]>([
    ['latitude and longitude the wrong way round', { lng: 22.5, lat: 113.9 }, CIRCLE, 'latitude must be'],
    ['no number', { lng: Number.NaN, lat: 22.5 }, CIRCLE, 'longitude must be'],
    ['a circle of nothing', BAY, { kind: 'circle', radiusM: 0.5 }, 'the radius must be from 1 to 100000'],
    ['a circle around a province', BAY, { kind: 'circle', radiusM: 100_001 }, 'the radius must be from'],
    ['a radius that is no number', BAY, { kind: 'circle', radiusM: Number.NaN }, 'the radius must be from'],
    ['a polygon of nothing', BAY, polygon(), 'no ring'],
    ['a ring that is not closed', BAY, polygon(square.slice(0, -1)), 'must end where it begins'],
    ['sides that cross', BAY, polygon(bow), 'cross or touch'],
    [
      'more corners than are taken',
      BAY,
      polygon(ringAround(BAY, Array<number>(CORNERS_MAX).fill(0.01))),
      'more than 1000 corners',
    ],
    ['a polygon of another town', BAY, polygon(swapped), 'further than 100000 metres from the store'],
  ])('may not be %s', (_, position, fence, told) => {
    expect(faultOfLocation(toWgs84Location(position, 'WGS-84', fence))).toContain(told);
  });

  it('may have as many corners as Amazon Location takes, and a fence that does not hold the store itself', () => {
    const street = ringAround(
      { lng: BAY.lng + 0.05, lat: BAY.lat },
      Array<number>(CORNERS_MAX - 1).fill(0.01),
    );
    expect(faultOfLocation({ position: BAY, fence: polygon(street) })).toBeUndefined();
  });
});
