/**
 * The similarity of two face vectors, on the scale that Rekognition's default thresholds assume.
 *
 * A cosine of 0.6 has a different meaning for each embedder. So it is mapped through a logistic curve whose
 * two constants were fitted on LFW (13,233 photographs, all impostor pairs): 80 is a false match rate of
 * about 1e-4 a comparison, 99 of about 1e-6. A threshold tuned here is not valid on AWS, nor for another
 * embedder.
 */

/** Fitted for the 192-dimensional MobileFaceNet. */
const STEEPNESS = 28.7;
const COSINE_AT_HALF = 0.483;

/**
 * Returns the cosine of the angle between two vectors of any length, −1..1; NaN where one of them is zero.
 *
 * @throws RangeError where the dimensions differ, because such vectors come from different nets.
 */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length)
    throw new RangeError(`vectors of ${a.length} and ${b.length} dimensions are not comparable`);
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return product / Math.sqrt(squaresA * squaresB);
}

/** Returns the similarity, 0..100, for a cosine of −1..1; it rises with the cosine. */
export function similarityOf(cosine: number): number {
  return 100 / (1 + Math.exp(-STEEPNESS * (cosine - COSINE_AT_HALF)));
}
