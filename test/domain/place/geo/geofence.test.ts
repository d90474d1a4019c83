import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { distance } from '@turf/distance';
import { point as turfPoint, polygon as turfPolygon } from '@turf/helpers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GeofenceGeometry, LngLat, Ring } from '#domain/chain/geometry.ts';
import {
  boundsOf,
  CORNERS_MAX,
  distanceM,
  faultOfGeofence,
  geofenceContains,
  isCounterClockwise,
  RADIUS_M_MAX,
  RINGS_MAX,
  withRfc7946Winding,
} from '#domain/place/geo/geofence.ts';
import { anyPoint, fenceNear, shopPoint, starFence } from '../../../support/geofences.ts';

const circle = (lng: number, lat: number, radiusM: number): GeofenceGeometry => ({
  kind: 'circle',
  centre: { lng, lat },
  radiusM,
});
const polygon = (...rings: Ring[]): GeofenceGeometry => ({ kind: 'polygon', rings });
const square = (west: number, south: number, size: number): Ring => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
/** A share of a width that meets no side: on a side itself programs differ, and need not agree. */
const share = fc.integer({ min: 0, max: 1_000_000 }).map((n) => (0.0123 + n * 0.618_033_988_7) % 1);

const NEARLY_OPPOSITE_M = 19_000_000;
const turfDistanceM = (a: LngLat, b: LngLat) => distance([a.lng, a.lat], [b.lng, b.lat], { units: 'meters' });

describe('a distance', () => {
  it('is that of another program on the same sphere, anywhere on it', () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, (a, b) => {
        const [ours, theirs] = [distanceM(a, b), turfDistanceM(a, b)];
        // Of points that are nearly opposite a haversine loses half of its digits, and each program others.
        expect(Math.abs(ours - theirs)).toBeLessThan(theirs > NEARLY_OPPOSITE_M ? 1 : 0.001);
      }),
    );
  });

  it('keeps its digits over a few centimetres', () => {
    const metresPerDegree = (6_371_008.8 * Math.PI) / 180;
    const moved = distanceM({ lng: 116.3, lat: 39.9 }, { lng: 116.3, lat: 39.9 + 0.05 / metresPerDegree });
    expect(moved).toBeCloseTo(0.05, 8);
  });

  it('is half the way around between points that are opposite', () => {
    expect(distanceM({ lng: 0, lat: 0 }, { lng: 180, lat: 0 })).toBeCloseTo(Math.PI * 6_371_008.8, 3);
  });
});

describe('a round fence', () => {
  it('holds what is within its radius, and its rim', () => {
    const fence = circle(116.3, 39.9, 100);
    expect(geofenceContains(fence, { lng: 116.3, lat: 39.9 })).toBe(true);
    expect(geofenceContains(fence, { lng: 116.3, lat: 39.9008 })).toBe(true);
    expect(geofenceContains(fence, { lng: 116.3, lat: 39.901 })).toBe(false);
    const there = { lng: 116.301, lat: 39.9 };
    expect(geofenceContains(circle(116.3, 39.9, distanceM({ lng: 116.3, lat: 39.9 }, there)), there)).toBe(
      true,
    );
  });

  it('holds its other side across the 180th meridian', () => {
    expect(geofenceContains(circle(179.999, -17, 1_000), { lng: -179.996, lat: -17 })).toBe(true);
  });
});

describe('a drawn fence', () => {
  const hollow = polygon(square(0, 0, 10), square(4, 4, 2).toReversed());

  it('holds what lies in it but not in its holes', () => {
    expect(geofenceContains(hollow, { lng: 1, lat: 1 })).toBe(true);
    expect(geofenceContains(hollow, { lng: 5, lat: 5 })).toBe(false);
    expect(geofenceContains(hollow, { lng: 11, lat: 5 })).toBe(false);
  });

  it('has a point on a side that it shares with another in one of the two', () => {
    const [left, right] = [polygon(square(0, 0, 10)), polygon(square(10, 0, 10))];
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 9.9, noNaN: true }), (lat) => {
        expect([left, right].filter((fence) => geofenceContains(fence, { lng: 10, lat }))).toHaveLength(1);
      }),
    );
  });

  it('holds the same points as in another program, whatever its shape and wherever it lies', () => {
    fc.assert(
      fc.property(starFence, fc.array(fc.tuple(share, share), { minLength: 20 }), (fence, places) => {
        const { west, south, east, north } = boundsOf(fence);
        const theirs = turfPolygon(fence.rings.map((ring) => ring.map(([lng, lat]) => [lng, lat])));
        for (const [x, y] of places) {
          const at = { lng: west + x * (east - west), lat: south + y * (north - south) };
          expect(geofenceContains(fence, at)).toBe(
            booleanPointInPolygon(turfPoint([at.lng, at.lat]), theirs),
          );
        }
      }),
    );
  });

  it('contains the same points in either winding, and gets the winding of RFC 7946', () => {
    fc.assert(
      fc.property(
        starFence,
        fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
        unit(),
        (fence, turns, x) => {
          const drawn = fence.rings.map((ring, index) => (turns[index] ? ring.toReversed() : ring));
          const rings = withRfc7946Winding(drawn);
          expect(rings.map(isCounterClockwise)).toEqual(rings.map((_, index) => index === 0));
          const { west, south, east, north } = boundsOf(fence);
          const at = { lng: west + x * (east - west), lat: (south + north) / 2 };
          expect(geofenceContains({ kind: 'polygon', rings: drawn }, at)).toBe(geofenceContains(fence, at));
        },
      ),
    );
  });
});

describe('the box around a fence', () => {
  it('holds every point that the fence holds', () => {
    fc.assert(
      fc.property(fc.oneof(fenceNear(shopPoint), fenceNear(anyPoint)), unit(), unit(), (fence, x, y) => {
        const { west, south, east, north } = boundsOf(fence);
        const at =
          fence.kind === 'circle'
            ? rimOf(fence.centre, fence.radiusM * Math.sqrt(x), y * 2 * Math.PI)
            : { lng: west + x * (east - west), lat: south + y * (north - south) };
        if (!geofenceContains(fence, at)) return;
        expect(at.lng >= west && at.lng <= east && at.lat >= south && at.lat <= north).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is not wider than the fence, but around all longitudes where the fence holds a pole or crosses the 180th meridian', () => {
    const { west, south, east, north } = boundsOf(circle(116.3, 39.9, 1_000));
    expect(turfDistanceM({ lng: west, lat: 39.9 }, { lng: east, lat: 39.9 })).toBeCloseTo(2_000, 0);
    expect(turfDistanceM({ lng: 116.3, lat: south }, { lng: 116.3, lat: north })).toBeCloseTo(2_000, 0);
    expect(boundsOf(circle(10, 89.9999, 1_000))).toMatchObject({ west: -180, east: 180, north: 90 });
    expect(boundsOf(circle(10, -89.9999, 1_000))).toMatchObject({ west: -180, east: 180, south: -90 });
    expect(boundsOf(circle(-179.9999, 3, 1_000))).toMatchObject({ west: -180, east: 180 });
  });
});

describe('a fence that was drawn wrongly', () => {
  const ring = square(0, 0, 10);
  const open = ring.slice(0, -1);
  const many = Array.from({ length: CORNERS_MAX }, (_, at): [number, number] => [
    Math.cos((at * 2 * Math.PI) / CORNERS_MAX),
    Math.sin((at * 2 * Math.PI) / CORNERS_MAX),
  ]);

  it.each<[string, GeofenceGeometry, RegExp]>([
    ['has a centre off the map', circle(181, 0, 10), /centre's longitude must be between/],
    ['has its centre the wrong way round', circle(39.9, 116.3, 10), /centre's latitude must be between/],
    ['has a centre that is no number', circle(Number.NaN, 0, 10), /longitude/],
    ['has no width', circle(0, 0, 0), /radius must be above 0/],
    ['is too wide', circle(0, 0, RADIUS_M_MAX + 1), /at most 100000 metres/],
    ['has no ring', polygon(), /no ring/],
    ['is not closed', polygon(open), /ring 1 of the polygon must end where it begins/],
    [
      'has two corners',
      polygon([
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
      /at least three corners/,
    ],
    ['has a corner off the map', polygon(square(175, 0, 10)), /corner whose longitude/],
    [
      'crosses the 180th meridian',
      polygon([
        [179, 0],
        [-179, 0],
        [-179, 1],
        [179, 0],
      ]),
      /180th meridian/,
    ],
    [
      'names a corner twice',
      polygon([
        [0, 0],
        [1, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ]),
      /twice in a row/,
    ],
    [
      'lies on a line',
      polygon([
        [0, 0],
        [1, 1],
        [2, 2],
        [0, 0],
      ]),
      /on one line/,
    ],
    [
      'crosses itself',
      polygon([
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 3],
        [0, 0],
      ]),
      /cross or touch/,
    ],
    [
      'crosses itself with equal areas on both sides (V10)',
      polygon([
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
        [0, 0],
      ]),
      /the sides cross or touch/,
    ],
    [
      'runs back over itself',
      polygon([
        [0, 0],
        [2, 0],
        [1, 0],
        [1, 2],
        [0, 0],
      ]),
      /cross or touch/,
    ],
    [
      'touches itself',
      polygon([
        [0, 0],
        [2, 0],
        [2, 2],
        [1, 0],
        [0, 2],
        [0, 0],
      ]),
      /cross or touch/,
    ],
    ['has a hole through its side', polygon(ring, square(8, 8, 4)), /cross or touch/],
    ['has a hole outside', polygon(ring, square(20, 20, 4)), /hole lies outside/],
    ['has a hole in a hole', polygon(ring, square(2, 2, 6), square(4, 4, 2)), /in another hole/],
    ['has too many corners', polygon([...many, [1, 0]]), /more than 1000 corners/],
    [
      'has too many rings',
      polygon(...Array.from({ length: RINGS_MAX + 1 }, () => open)),
      /more than 250 rings/,
    ],
  ])('is reported where it %s', (_, fence, fault) => {
    expect(faultOfGeofence(fence)).toMatch(fault);
  });

  it('is accepted where nothing is wrong, with holes and the maximum of corners', () => {
    expect(faultOfGeofence(polygon(ring, square(2, 2, 2), square(6, 6, 2)))).toBeUndefined();
    expect(faultOfGeofence(polygon([...many.slice(1), many[1] ?? [0, 0]]))).toBeUndefined();
    fc.assert(fc.property(fenceNear(shopPoint), (fence) => faultOfGeofence(fence) === undefined));
  });

  it('crosses itself exactly where two of its sides have a point in common', () => {
    const corner = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }));
    const rings = fc.array(corner, { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(rings, (corners) => {
        const closed: Ring = [...corners, corners[0] ?? [0, 0]];
        const fault = faultOfGeofence(polygon(closed));
        fc.pre(fault === undefined || /cross or touch/.test(fault));
        expect(fault !== undefined).toBe(touchesItself(closed));
      }),
      { numRuns: 2_000 },
    );
  });
});

function unit() {
  return fc.double({ min: 0, max: 1, noNaN: true });
}

/** Where one comes to from a point by a distance and a direction, on the sphere. */
function rimOf({ lng, lat }: LngLat, metres: number, bearing: number): LngLat {
  const angle = metres / 6_371_008.8;
  const from = (lat * Math.PI) / 180;
  const to = Math.asin(
    Math.sin(from) * Math.cos(angle) + Math.cos(from) * Math.sin(angle) * Math.cos(bearing),
  );
  const aside = Math.atan2(
    Math.sin(bearing) * Math.sin(angle) * Math.cos(from),
    Math.cos(angle) - Math.sin(from) * Math.sin(to),
  );
  const turned = lng + (aside * 180) / Math.PI;
  return {
    lng: turned > 180 ? turned - 360 : turned < -180 ? turned + 360 : turned,
    lat: (to * 180) / Math.PI,
  };
}

/**
 * On whole numbers: whether two sides have a point in common that is not the corner they share, found by solving for it with
 * whole numbers only, and for sides on one line by the corners that lie in the other.
 */
function touchesItself(ring: Ring): boolean {
  const sides = ring.slice(1).map((to, at) => [ring[at] ?? to, to] as const);
  return sides.some(([a, b], i) =>
    sides.some(([c, d], j) => {
      if (j <= i) return false;
      const shared = j === i + 1 ? b : i === 0 && j === sides.length - 1 ? a : undefined;
      const common = commonOf(a, b, c, d);
      return common.some(([x, y]) => shared === undefined || x !== shared[0] || y !== shared[1]);
    }),
  );
}

type Corner = Ring[number];

function commonOf(a: Corner, b: Corner, c: Corner, d: Corner): Corner[] {
  const [ux, uy, vx, vy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const [wx, wy] = [c[0] - a[0], c[1] - a[1]];
  const across = ux * vy - uy * vx;
  if (across === 0) {
    const isOn = ([x, y]: Corner, from: Corner, to: Corner) =>
      (to[0] - from[0]) * (y - from[1]) === (to[1] - from[1]) * (x - from[0]) &&
      (x - from[0]) * (x - to[0]) <= 0 &&
      (y - from[1]) * (y - to[1]) <= 0;
    return [
      ...[a, b].filter((corner) => isOn(corner, c, d)),
      ...[c, d].filter((corner) => isOn(corner, a, b)),
    ];
  }
  const sign = Math.sign(across);
  const along = (wx * vy - wy * vx) * sign;
  const alongOther = (wx * uy - wy * ux) * sign;
  const size = Math.abs(across);
  if (along < 0 || along > size || alongOther < 0 || alongOther > size) return [];
  return [[a[0] + (along * ux) / size, a[1] + (along * uy) / size]];
}
