/** Vectors of unit length: how they are stored, compared and averaged. */

/** The cosine of two vectors of unit length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/**
 * The direction between all of them, again of unit length: what a person's faces have in common outlives the mean,
 * what light and pose did to each does not. None for no vectors.
 */
export function meanOf(vectors: readonly Float32Array[]): Float32Array | undefined {
  const [first, ...others] = vectors;
  if (first === undefined) return undefined;
  const sum = Float64Array.from(first);
  for (const vector of others) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
  }
  const length = Math.hypot(...sum);
  // Opposite vectors may cancel out; a person's faces never do, so any direction is as good.
  return length === 0 ? first : Float32Array.from(sum, (value) => value / length);
}

export function bytesOfVector(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).slice();
}

export function vectorOfBytes(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
