/**
 * Cuts a turned and scaled square or rectangle out of a picture, as numbers for a net.
 *
 * Plain bilinear sampling of a face of 400 pixels into 112 would skip most of them, and what it hits would
 * flicker with each pixel the camera moves. So where a chip is coarser than the picture, the region is first
 * averaged in whole blocks, each pixel read once, and only the rest of the scale is sampled.
 */
import type { Picture } from './picture.ts';

/**
 * A similarity transform, chip → picture: x = a·u − b·v + x0, y = b·u + a·v + y0. Places are continuous: the
 * middle of the first pixel is (0.5, 0.5).
 */
export interface Transform {
  readonly a: number;
  readonly b: number;
  readonly x0: number;
  readonly y0: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function apply({ a, b, x0, y0 }: Transform, { x, y }: Point): Point {
  return { x: a * x - b * y + x0, y: b * x + a * y + y0 };
}

/**
 * The similarity transform that brings `from` to `to` with the least squared error (Umeyama 1991, without mirroring).
 *
 * @throws RangeError where all places of `from` are one.
 */
export function transformFrom(from: readonly Point[], to: readonly Point[]): Transform {
  const middle = (points: readonly Point[]) => ({
    x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
    y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
  });
  const [source, target] = [middle(from), middle(to)];
  let along = 0;
  let across = 0;
  let spread = 0;
  for (const [i, point] of from.entries()) {
    const goal = to[i] ?? target;
    const [x, y, u, v] = [point.x - source.x, point.y - source.y, goal.x - target.x, goal.y - target.y];
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  }
  if (spread === 0) throw new RangeError('one place does not say how to scale');
  const [a, b] = [along / spread, across / spread];
  return { a, b, x0: target.x - a * source.x + b * source.y, y0: target.y - b * source.x - a * source.y };
}

/**
 * The chip as planes red, green, blue of `width`×`height` numbers: (value − mean) · scale, value 0..255.
 * Outside the picture is black, as MediaPipe and ArcFace have it.
 */
export function warp(
  picture: Picture,
  transform: Transform,
  width: number,
  height: number,
  { mean, scale }: { readonly mean: number; readonly scale: number },
): Float32Array {
  const source = regionFor(picture, transform, width, height);
  const { a, b } = { a: transform.a / source.block, b: transform.b / source.block };
  const x0 = (transform.x0 - source.left) / source.block - 0.5;
  const y0 = (transform.y0 - source.top) / source.block - 0.5;
  const plane = width * height;
  const chip = new Float32Array(3 * plane).fill(-mean * scale);
  const { pixels, width: columns, height: rows } = source;
  for (let v = 0, at = 0; v < height; v++) {
    for (let u = 0; u < width; u++, at++) {
      const x = a * (u + 0.5) - b * (v + 0.5) + x0;
      const y = b * (u + 0.5) + a * (v + 0.5) + y0;
      if (x <= -1 || y <= -1 || x >= columns || y >= rows) continue;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const right = x - left;
      const below = y - top;
      const from = 3 * (top * columns + left);
      const under = from + 3 * columns;
      // Nearly all of a chip lies well inside the picture, where no corner has to be asked for.
      if (left >= 0 && top >= 0 && left + 1 < columns && top + 1 < rows) {
        for (let channel = 0; channel < 3; channel++) {
          const one = pixels[from + channel] as number;
          const two = pixels[under + channel] as number;
          const high = one + right * ((pixels[from + 3 + channel] as number) - one);
          const low = two + right * ((pixels[under + 3 + channel] as number) - two);
          chip[channel * plane + at] = (high + below * (low - high) - mean) * scale;
        }
        continue;
      }
      const isLeft = left >= 0;
      const isRight = left + 1 < columns;
      const upper = top >= 0 ? 1 - below : 0;
      const lower = top + 1 < rows ? below : 0;
      const w00 = isLeft ? upper * (1 - right) : 0;
      const w01 = isRight ? upper * right : 0;
      const w10 = isLeft ? lower * (1 - right) : 0;
      const w11 = isRight ? lower * right : 0;
      for (let channel = 0; channel < 3; channel++) {
        const value =
          (w00 && w00 * (pixels[from + channel] ?? 0)) +
          (w01 && w01 * (pixels[from + 3 + channel] ?? 0)) +
          (w10 && w10 * (pixels[under + channel] ?? 0)) +
          (w11 && w11 * (pixels[under + 3 + channel] ?? 0));
        chip[channel * plane + at] = (value - mean) * scale;
      }
    }
  }
  return chip;
}

interface Region {
  readonly pixels: Uint8Array | Float32Array;
  readonly width: number;
  readonly height: number;
  /** Where its first pixel begins in the picture. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the picture along a side of one of its own. */
  readonly block: number;
}

/** The picture itself, or the part that a chip looks at, averaged in blocks. */
function regionFor(picture: Picture, transform: Transform, width: number, height: number): Region {
  const block = Math.round(Math.hypot(transform.a, transform.b));
  if (block < 2)
    return { pixels: picture.rgb, width: picture.width, height: picture.height, left: 0, top: 0, block: 1 };
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ].map(([x = 0, y = 0]) => apply(transform, { x, y }));
  const within = (values: number[], limit: number) => {
    const first = Math.max(0, Math.floor(Math.min(...values)) - block);
    const last = Math.min(limit, Math.ceil(Math.max(...values)) + block);
    return [first, Math.max(0, Math.floor((last - first) / block))] as const;
  };
  const [left, columns] = within(
    corners.map(({ x }) => x),
    picture.width,
  );
  const [top, rows] = within(
    corners.map(({ y }) => y),
    picture.height,
  );
  return {
    pixels: averaged(picture, left, top, columns, rows, block),
    width: columns,
    height: rows,
    left,
    top,
    block,
  };
}

function averaged(
  { rgb, width }: Picture,
  left: number,
  top: number,
  columns: number,
  rows: number,
  block: number,
): Float32Array {
  const pixels = new Float32Array(3 * columns * rows);
  for (let y = 0; y < rows * block; y++) {
    let from = 3 * ((top + y) * width + left);
    let to = 3 * Math.floor(y / block) * columns;
    for (let column = 0; column < columns; column++, to += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let i = 0; i < block; i++, from += 3) {
        red += rgb[from] ?? 0;
        green += rgb[from + 1] ?? 0;
        blue += rgb[from + 2] ?? 0;
      }
      pixels[to] = (pixels[to] ?? 0) + red;
      pixels[to + 1] = (pixels[to + 1] ?? 0) + green;
      pixels[to + 2] = (pixels[to + 2] ?? 0) + blue;
    }
  }
  const share = 1 / (block * block);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (pixels[i] ?? 0) * share;
  return pixels;
}
