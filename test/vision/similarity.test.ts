import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine, similarityOf } from '#vision/similarity.ts';

const vector = fc.float32Array({
  minLength: 8,
  maxLength: 8,
  noNaN: true,
  noDefaultInfinity: true,
  min: -10,
  max: 10,
});
const isLong = (values: Float32Array) => values.some((value) => Math.abs(value) > 0.01);

describe('similarity', () => {
  it('is 80 where one in ten thousand strangers passes, and 99 at one in a million', () => {
    expect(similarityOf(0.5313)).toBeCloseTo(80, 0);
    expect(similarityOf(0.6431)).toBeCloseTo(99, 1);
  });

  it('rises with the cosine and stays within 0 and 100', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (a, b) => {
          expect(similarityOf(a)).toBeGreaterThanOrEqual(0);
          expect(similarityOf(a)).toBeLessThanOrEqual(100);
          if (a < b) expect(similarityOf(a)).toBeLessThanOrEqual(similarityOf(b));
        },
      ),
    );
  });
});

describe('the cosine of two vectors', () => {
  it('is one for the same direction, the same both ways, and never beyond one', () => {
    fc.assert(
      fc.property(vector.filter(isLong), vector.filter(isLong), (a, b) => {
        expect(
          cosine(
            a,
            a.map((value) => 2 * value),
          ),
        ).toBeCloseTo(1, 5);
        expect(cosine(a, b)).toBeCloseTo(cosine(b, a), 10);
        expect(Math.abs(cosine(a, b))).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });

  it('is refused between vectors of different nets', () => {
    expect(() => cosine(new Float32Array(192), new Float32Array(512))).toThrow(RangeError);
  });
});
