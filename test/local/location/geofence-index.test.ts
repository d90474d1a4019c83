import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GeofenceGeometry, LngLat } from '#domain/chain/geometry.ts';
import { geofenceContains } from '#domain/place/geo/geofence.ts';
import { createGeofenceIndex } from '#local/servers/location/geofence-index.ts';
import { anyPoint, fenceNear, shopPoint } from '../../support/geofences.ts';

type Step =
  | { readonly kind: 'put'; readonly id: number; readonly geometry: GeofenceGeometry }
  | { readonly kind: 'drop'; readonly id: number }
  | { readonly kind: 'query'; readonly point: LngLat };

const stepsAround = (point: fc.Arbitrary<LngLat>): fc.Arbitrary<Step[]> => {
  const id = fc.integer({ min: 0, max: 30 });
  return fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('put'), id, geometry: fenceNear(point) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop'), id }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('query'), point }) },
    ),
    { maxLength: 80 },
  );
};

/** Points at the edges of the map, where cells and longitudes end. */
const edgePoint: fc.Arbitrary<LngLat> = fc.record({
  lng: fc.constantFrom(-180, -179.9999, 0, 179.9999, 180),
  lat: fc.constantFrom(-90, -89.9999, 0, 89.9999, 90),
});

describe('the geofence index', () => {
  it.each([
    ['in one street', shopPoint, 300],
    ['all over the world', anyPoint, 100],
    ['at the edges of the map', edgePoint, 100],
  ])(
    'finds what a scan of all geofences finds, while geofences are put and dropped, %s',
    (_, point, numRuns) => {
      fc.assert(
        fc.property(stepsAround(point), (steps) => {
          const index = createGeofenceIndex();
          const fences = new Map<number, GeofenceGeometry>();
          for (const step of steps) {
            if (step.kind === 'put') {
              index.put(step.id, step.geometry);
              fences.set(step.id, step.geometry);
            } else if (step.kind === 'drop') {
              index.drop(step.id);
              fences.delete(step.id);
            } else {
              const scanned = [...fences].filter(([, geometry]) => geofenceContains(geometry, step.point));
              expect(index.at(step.point).sort((a, b) => a - b)).toEqual(
                scanned.map(([id]) => id).sort((a, b) => a - b),
              );
            }
          }
          expect(index.count()).toBe(fences.size);
        }),
        { numRuns },
      );
    },
  );
});
