/**
 * How alike two faces are, on the scale on which Rekognition's defaults were chosen.
 *
 * A cosine of 0.6 means something else for each embedder. So it goes through a logistic curve whose two
 * constants were fitted on LFW (13,233 photographs, all impostor pairs), such that 80 is a false match rate of
 * about 1e-4 and 99 of about 1e-6 a comparison. A threshold tuned here never travels to AWS, nor to another
 * embedder.
 */

/** Of MobileFaceNet 192-d. */
const STEEPNESS = 28.7;
const COSINE_AT_HALF = 0.483;

/** @throws RangeError where the lengths differ: such vectors come of different nets. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`vectors of ${a.length} and ${b.length} do not compare`);
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

/** 0..100; rises with the cosine. */
export function similarityOf(cosine: number): number {
  return 100 / (1 + Math.exp(-STEEPNESS * (cosine - COSINE_AT_HALF)));
}
