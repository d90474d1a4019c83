/**
 * The five places by which a face is brought upright before it is embedded, and where they belong.
 *
 * Embedders know faces only as their training set was aligned: eyes, nose and corners of the mouth at these
 * places of 112×112 pixels (ArcFace). The same weights with another crop lose several percent.
 */
import type { Mesh } from './face-mesh.ts';
import type { Picture } from './picture.ts';
import type { Point } from './warp.ts';
import { apply, transformFrom, warp } from './warp.ts';

export const CHIP_SIDE = 112;

/** Eye, eye, nose, mouth corner, mouth corner; left and right of the picture. */
const PLACES: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];
const MOUTH_MIDDLE: Point = { x: 56.1396, y: 92.2848 };
/**
 * Which of FaceMesh's points, averaged, make each of the five: the corners and lids of an eye, the tip of the
 * nose, the mouth's corners.
 */
const MESH_POINTS: readonly (readonly number[])[] = [
  [33, 133, 159, 145],
  [263, 362, 386, 374],
  [1],
  [61],
  [291],
];

export function fiveOf(mesh: Mesh): Point[] {
  return MESH_POINTS.map((numbers) => {
    const points = numbers.map((number) => mesh.points[number] ?? { x: 0, y: 0 });
    return {
      x: points.reduce((sum, point) => sum + point.x, 0) / points.length,
      y: points.reduce((sum, point) => sum + point.y, 0) / points.length,
    };
  });
}

/**
 * From the detector's own points, which know only the mouth's middle: its corners are put where they would be
 * in a face that looks at the camera.
 */
export function mouthed(points: readonly Point[]): Point[] {
  const known = points.slice(0, 4);
  const toPicture = transformFrom([...PLACES.slice(0, 3), MOUTH_MIDDLE], known);
  const offBy = (place: Point | undefined) => {
    const usual = apply(toPicture, place ?? MOUTH_MIDDLE);
    const middle = apply(toPicture, MOUTH_MIDDLE);
    const mouth = known[3] ?? middle;
    return { x: usual.x + mouth.x - middle.x, y: usual.y + mouth.y - middle.y };
  };
  return [...known.slice(0, 3), offBy(PLACES[3]), offBy(PLACES[4])];
}

/** The upright face, ready for the embedder: planes of 112×112, −1..1. */
export function chipOf(picture: Picture, points: readonly Point[]): Float32Array {
  return warp(picture, transformFrom(PLACES, points), CHIP_SIDE, CHIP_SIDE, {
    mean: 127.5,
    scale: 1 / 127.5,
  });
}

/** The chip seen in a mirror. */
export function mirrored(chip: Float32Array): Float32Array {
  const turned = new Float32Array(chip.length);
  for (let row = 0; row < chip.length; row += CHIP_SIDE)
    for (let x = 0; x < CHIP_SIDE; x++) turned[row + x] = chip[row + CHIP_SIDE - 1 - x] ?? 0;
  return turned;
}
