import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cosine, similarityOf } from '#vision/embed/similarity.ts';

const vector = fc.float32Array({
  minLength: 8,
  maxLength: 8,
  noNaN: true,
  noDefaultInfinity: true,
  min: -10,
  max: 10,
});
const isNonZero = (values: Float32Array) => values.some((value) => Math.abs(value) > 0.01);

describe('similarityOf', () => {
  it('returns 80 at a false match rate of 1e-4 and 99 at 1e-6', () => {
    expect(similarityOf(0.5313)).toBeCloseTo(80, 0);
    expect(similarityOf(0.6431)).toBeCloseTo(99, 1);
  });

  it('rises with the cosine and stays between 0 and 100', () => {
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

describe('cosine', () => {
  it('is symmetric, 1 for equal directions and never beyond 1', () => {
    fc.assert(
      fc.property(vector.filter(isNonZero), vector.filter(isNonZero), (a, b) => {
        const doubled = a.map((value) => 2 * value);
        expect(cosine(a, doubled)).toBeCloseTo(1, 5);
        expect(cosine(a, b)).toBeCloseTo(cosine(b, a), 10);
        expect(Math.abs(cosine(a, b))).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });

  it('rejects vectors of different dimensions', () => {
    expect(() => cosine(new Float32Array(192), new Float32Array(512))).toThrow(RangeError);
  });
});
