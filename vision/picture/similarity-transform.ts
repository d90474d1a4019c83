/**
 * Points of a picture, and the similarity transforms (rotation, uniform scale, shift) that map crops to
 * pictures.
 */

/** Pixels; continuous: the centre of the first pixel is (0.5, 0.5). */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Maps (u, v) of a crop to the picture: x = a·u − b·v + x0, y = b·u + a·v + y0. */
export interface SimilarityTransform {
  readonly a: number;
  readonly b: number;
  readonly x0: number;
  readonly y0: number;
}

/** Returns the point that `transform` maps `point` to. */
export function transformPoint({ a, b, x0, y0 }: SimilarityTransform, { x, y }: Point): Point {
  return { x: a * x - b * y + x0, y: b * x + a * y + y0 };
}

/**
 * Returns the similarity transform that maps `from` to `to` with the least squared error, without mirroring.
 *
 * @param from at least two distinct points; `to` has one for each.
 * @throws RangeError where all points of `from` coincide.
 * @see Umeyama, "Least-squares estimation of transformation parameters between two point patterns", IEEE
 *   TPAMI 13(4), 1991.
 */
export function fitTransform(from: readonly Point[], to: readonly Point[]): SimilarityTransform {
  const [source, target] = [meanPoint(from), meanPoint(to)];
  let dot = 0;
  let cross = 0;
  let spread = 0;
  for (const [index, point] of from.entries()) {
    const goal = to[index] ?? target;
    const [x, y, u, v] = [point.x - source.x, point.y - source.y, goal.x - target.x, goal.y - target.y];
    dot += x * u + y * v;
    cross += x * v - y * u;
    spread += x * x + y * y;
  }
  if (spread === 0) throw new RangeError('coinciding points do not determine a scale');
  const [a, b] = [dot / spread, cross / spread];
  return { a, b, x0: target.x - a * source.x + b * source.y, y0: target.y - b * source.x - a * source.y };
}

/** Returns the centroid of one or more points. */
export function meanPoint(points: readonly Point[]): Point {
  return {
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
  };
}
