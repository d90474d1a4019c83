import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gcj02ToWgs84, isShifted, wgs84ToGcj02 } from '#domain/place/geo/gcj02.ts';
import { distanceM } from '#domain/place/geo/geofence.ts';

/** Well within the box, where both ways agree that there is a shift. */
const inChina = fc.record({
  lng: fc.double({ min: 72.05, max: 137.8, noNaN: true }),
  lat: fc.double({ min: 0.86, max: 55.8, noNaN: true }),
});
const elsewhere = fc
  .record({
    lng: fc.double({ min: -180, max: 180, noNaN: true }),
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
  })
  .filter((point) => !isShifted(point));

describe('GCJ-02', () => {
  it('lies where other converters have it', () => {
    // Tian'anmen, the Bund, and Kashgar, by the JavaScript converter that most people copy.
    const known = [
      [116.397_428, 39.909_23, 116.403_671_6, 39.910_633_5],
      [121.4907, 31.2378, 121.495_165_3, 31.235_812_4],
      [75.989_7, 39.4704, 75.992_654_7, 39.470_626_7],
    ] as const;
    for (const [lng, lat, toLng, toLat] of known) {
      const shifted = wgs84ToGcj02({ lng, lat });
      expect(shifted.lng).toBeCloseTo(toLng, 6);
      expect(shifted.lat).toBeCloseTo(toLat, 6);
    }
  });

  it('lies some hundred metres from WGS-84, never more than a kilometre', () => {
    fc.assert(
      fc.property(inChina, (point) => {
        const aside = distanceM(point, wgs84ToGcj02(point));
        expect(aside).toBeGreaterThan(5);
        expect(aside).toBeLessThan(1_500);
      }),
    );
  });

  it('leads back to where it came from, to a millionth of a degree and better', () => {
    fc.assert(
      fc.property(inChina, (point) => {
        for (const back of [gcj02ToWgs84(wgs84ToGcj02(point)), wgs84ToGcj02(gcj02ToWgs84(point))]) {
          expect(Math.abs(back.lng - point.lng)).toBeLessThan(1e-9);
          expect(Math.abs(back.lat - point.lat)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('is WGS-84 itself outside the box around China', () => {
    fc.assert(
      fc.property(elsewhere, (point) => {
        expect(wgs84ToGcj02(point)).toEqual(point);
        expect(gcj02ToWgs84(point)).toEqual(point);
      }),
    );
  });
});
