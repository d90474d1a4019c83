/** Contract of every geofence collection. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Geofence, GeofenceCollection } from '#application/ports/geofences.ts';
import { geofenceContains } from '#domain/place/geo/geofence.ts';
import { gather } from './gather.ts';
import { fenceNear, shopPoint } from './geofences.ts';

/** A round geofence around a store. */
export const round = (fenceId: string, radiusM = 200): Geofence => ({
  fenceId,
  geometry: { kind: 'circle', centre: { lng: 116.3, lat: 39.9 }, radiusM },
  properties: { datum: 'WGS-84' },
});

export interface FencesUnderTest {
  readonly fences: GeofenceCollection;
  /** A geofence of this id that the service rejects. */
  readonly refusable: (fenceId: string) => Geofence;
}

export function describeFences(name: string, create: () => Promise<FencesUnderTest>): void {
  describe(`a geofence collection: ${name}`, () => {
    let fences: GeofenceCollection;
    let refusable: FencesUnderTest['refusable'];
    beforeEach(async () => {
      ({ fences, refusable } = await create());
    });

    const listed = async () => (await gather(fences.list())).sort((a, b) => (a.fenceId < b.fenceId ? -1 : 1));

    it('lists fences of every form', async () => {
      const drawn: Geofence = {
        fenceId: 'b',
        geometry: {
          kind: 'polygon',
          rings: [
            [
              [0, 0],
              [4, 0],
              [4, 4],
              [0, 4],
              [0, 0],
            ],
            [
              [1, 1],
              [1, 2],
              [2, 2],
              [2, 1],
              [1, 1],
            ],
          ],
        },
        properties: {},
      };
      expect(await fences.put([round('a'), drawn])).toEqual([]);
      expect(await listed()).toEqual([round('a'), drawn]);
    });

    it('replaces a fence with the same id', async () => {
      await fences.put([round('a', 100)]);
      await fences.put([round('a', 300)]);
      expect(await listed()).toEqual([round('a', 300)]);
    });

    it('puts, lists and removes more fences than one request holds', async () => {
      const many = Array.from({ length: 134 }, (_, at) => round(`f${1_000 + at}`));
      expect(await fences.put(many)).toEqual([]);
      expect(await listed()).toEqual(many);
      const ids = many.map(({ fenceId }) => fenceId);
      expect(await fences.remove(ids.slice(1))).toEqual([]);
      expect(await listed()).toEqual(many.slice(0, 1));
    });

    it('rejects an invalid fence permanently, and no other', async () => {
      const refused = await fences.put([round('a'), refusable('flat'), round('b')]);
      expect(refused).toEqual([{ fenceId: 'flat', isFinal: true, reason: expect.any(String) }]);
      expect((await listed()).map(({ fenceId }) => fenceId)).toEqual(['a', 'b']);
    });

    it('reports a missing fence as removed', async () => {
      await fences.put([round('a')]);
      expect(await fences.remove(['unknown', 'a'])).toEqual([]);
      expect(await listed()).toEqual([]);
    });

    it('accepts any valid fence in either winding, and covers the same area', async () => {
      await fc.assert(
        fc.asyncProperty(fenceNear(shopPoint), fc.boolean(), shopPoint, async (geometry, isTurned, point) => {
          const drawn =
            geometry.kind === 'polygon' && isTurned
              ? { ...geometry, rings: geometry.rings.map((ring) => ring.toReversed()) }
              : geometry;
          expect(await fences.put([{ fenceId: 'any', geometry: drawn, properties: {} }])).toEqual([]);
          const [kept] = await listed();
          expect(kept && geofenceContains(kept.geometry, point)).toBe(geofenceContains(geometry, point));
        }),
        { numRuns: 30 },
      );
    });
  });
}
