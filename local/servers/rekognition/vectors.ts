/** Vectors of unit length: comparison, mean and storage format. */

/** Returns the cosine of two vectors of unit length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/**
 * Returns the normalised mean of vectors, or undefined for none. The mean keeps what the pictures of a person
 * have in common and averages out light and pose.
 */
export function meanOf(vectors: readonly Float32Array[]): Float32Array | undefined {
  const [first, ...others] = vectors;
  if (first === undefined) return undefined;
  const sum = Float64Array.from(first);
  for (const vector of others) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
  }
  const length = Math.hypot(...sum);
  // Only opposite vectors cancel out, which those of one person never are; any direction will do.
  return length === 0 ? first : Float32Array.from(sum, (value) => value / length);
}

/** Returns a vector as 32-bit floats in the machine's byte order. */
export function bytesOfVector(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength).slice();
}

/** Returns the vector of bytes written by `bytesOfVector`. */
export function vectorOfBytes(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}
