/**
 * Cuts a rotated and scaled rectangle out of a picture, as input for a net.
 *
 * Bilinear sampling of a 400-pixel face into 112 pixels would skip most of its pixels, and the result would
 * flicker as the camera moves. So where the crop is coarser than the picture, the region is first averaged in
 * square blocks, and only the rest of the scale is sampled.
 */
import type { Picture } from './decode.ts';
import { type SimilarityTransform, transformPoint } from './similarity-transform.ts';

/**
 * Returns the crop as planar RGB of `width`×`height`: all red values, then green, then blue, each (value −
 * mean) · scale with value 0..255. Pixels outside the picture are black, as in MediaPipe and ArcFace.
 *
 * @param transform maps pixels of the crop to pixels of the picture.
 */
export function warp(
  picture: Picture,
  transform: SimilarityTransform,
  width: number,
  height: number,
  { mean, scale }: { readonly mean: number; readonly scale: number },
): Float32Array {
  const source = regionFor(picture, transform, width, height);
  const { a, b } = { a: transform.a / source.block, b: transform.b / source.block };
  const x0 = (transform.x0 - source.left) / source.block - 0.5;
  const y0 = (transform.y0 - source.top) / source.block - 0.5;
  const plane = width * height;
  const crop = new Float32Array(3 * plane).fill(-mean * scale);
  const { pixels, width: columns, height: rows } = source;
  for (let v = 0, target = 0; v < height; v++) {
    for (let u = 0; u < width; u++, target++) {
      const x = a * (u + 0.5) - b * (v + 0.5) + x0;
      const y = b * (u + 0.5) + a * (v + 0.5) + y0;
      if (x <= -1 || y <= -1 || x >= columns || y >= rows) continue;
      const left = Math.floor(x);
      const top = Math.floor(y);
      const right = x - left;
      const below = y - top;
      const upperRow = 3 * (top * columns + left);
      const lowerRow = upperRow + 3 * columns;
      // Most of a crop lies well inside the picture, where no neighbour needs a bounds check.
      if (left >= 0 && top >= 0 && left + 1 < columns && top + 1 < rows) {
        for (let channel = 0; channel < 3; channel++) {
          const upperLeft = pixels[upperRow + channel] as number; // checked above
          const lowerLeft = pixels[lowerRow + channel] as number; // checked above
          const upper = upperLeft + right * ((pixels[upperRow + 3 + channel] as number) - upperLeft);
          const lower = lowerLeft + right * ((pixels[lowerRow + 3 + channel] as number) - lowerLeft);
          crop[channel * plane + target] = (upper + below * (lower - upper) - mean) * scale;
        }
        continue;
      }
      const isLeftInside = left >= 0;
      const isRightInside = left + 1 < columns;
      const upper = top >= 0 ? 1 - below : 0;
      const lower = top + 1 < rows ? below : 0;
      const w00 = isLeftInside ? upper * (1 - right) : 0;
      const w01 = isRightInside ? upper * right : 0;
      const w10 = isLeftInside ? lower * (1 - right) : 0;
      const w11 = isRightInside ? lower * right : 0;
      for (let channel = 0; channel < 3; channel++) {
        const value =
          (w00 && w00 * (pixels[upperRow + channel] ?? 0)) +
          (w01 && w01 * (pixels[upperRow + 3 + channel] ?? 0)) +
          (w10 && w10 * (pixels[lowerRow + channel] ?? 0)) +
          (w11 && w11 * (pixels[lowerRow + 3 + channel] ?? 0));
        crop[channel * plane + target] = (value - mean) * scale;
      }
    }
  }
  return crop;
}

interface Region {
  /** Interleaved RGB, 0..255. */
  readonly pixels: Uint8Array | Float32Array;
  readonly width: number;
  readonly height: number;
  /** Position of its first pixel in the picture. */
  readonly left: number;
  readonly top: number;
  /** Pixels of the picture along a side of one of its own. */
  readonly block: number;
}

/** Returns the picture itself, or the part that the crop covers, averaged in blocks. */
function regionFor(picture: Picture, transform: SimilarityTransform, width: number, height: number): Region {
  const block = Math.round(Math.hypot(transform.a, transform.b));
  if (block < 2)
    return { pixels: picture.rgb, width: picture.width, height: picture.height, left: 0, top: 0, block: 1 };
  const corners = [
    [0, 0],
    [width, 0],
    [0, height],
    [width, height],
  ].map(([x = 0, y = 0]) => transformPoint(transform, { x, y }));
  const blocksWithin = (values: number[], limit: number) => {
    const first = Math.max(0, Math.floor(Math.min(...values)) - block);
    const last = Math.min(limit, Math.ceil(Math.max(...values)) + block);
    return [first, Math.max(0, Math.floor((last - first) / block))] as const;
  };
  const [left, columns] = blocksWithin(
    corners.map(({ x }) => x),
    picture.width,
  );
  const [top, rows] = blocksWithin(
    corners.map(({ y }) => y),
    picture.height,
  );
  const pixels = averageBlocks(picture, left, top, columns, rows, block);
  return { pixels, width: columns, height: rows, left, top, block };
}

/**
 * Returns interleaved RGB of `columns`×`rows` blocks, each the mean of block² pixels; each pixel is read
 * once.
 */
function averageBlocks(
  { rgb, width }: Picture,
  left: number,
  top: number,
  columns: number,
  rows: number,
  block: number,
): Float32Array {
  const pixels = new Float32Array(3 * columns * rows);
  for (let y = 0; y < rows * block; y++) {
    let source = 3 * ((top + y) * width + left);
    let target = 3 * Math.floor(y / block) * columns;
    for (let column = 0; column < columns; column++, target += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let i = 0; i < block; i++, source += 3) {
        red += rgb[source] ?? 0;
        green += rgb[source + 1] ?? 0;
        blue += rgb[source + 2] ?? 0;
      }
      pixels[target] = (pixels[target] ?? 0) + red;
      pixels[target + 1] = (pixels[target + 1] ?? 0) + green;
      pixels[target + 2] = (pixels[target + 2] ?? 0) + blue;
    }
  }
  const share = 1 / (block * block);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (pixels[i] ?? 0) * share;
  return pixels;
}
