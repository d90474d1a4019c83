/**
 * The aligned face chip: the five landmarks of a face, and the upright crop of 112×112 pixels that the
 * embedder takes.
 *
 * An embedder is trained on faces whose eyes, nose and mouth corners are at fixed positions (here ArcFace's).
 * The same weights on another crop lose several percent of recognition.
 */
import type { Picture } from '../picture/decode.ts';
import { fitTransform, meanPoint, type Point, transformPoint } from '../picture/similarity-transform.ts';
import { warp } from '../picture/warp.ts';
import type { FaceMesh } from './face-mesh.ts';

/** Pixels. */
export const CHIP_SIDE = 112;

/**
 * Positions in the chip: left eye, right eye, nose tip, left and right mouth corner; left and right of the
 * picture.
 *
 * @see Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", 2019; InsightFace
 *   `face_align.py`.
 */
const TEMPLATE: readonly Point[] = [
  { x: 38.2946, y: 51.6963 },
  { x: 73.5318, y: 51.5014 },
  { x: 56.0252, y: 71.7366 },
  { x: 41.5493, y: 92.3655 },
  { x: 70.7299, y: 92.2041 },
];
const TEMPLATE_MOUTH_CENTRE: Point = { x: 56.1396, y: 92.2848 };
/**
 * The points of FaceMesh whose mean is each of the five landmarks: corners and lids of the eyes, the tip of
 * the nose, the corners of the mouth.
 */
const MESH_INDICES: readonly (readonly number[])[] = [
  [33, 133, 159, 145],
  [263, 362, 386, 374],
  [1],
  [61],
  [291],
];

/** Returns the five landmarks of a mesh, in the template's order, in pixels of the picture. */
export function meshLandmarks(mesh: FaceMesh): Point[] {
  return MESH_INDICES.map((indices) =>
    meanPoint(indices.map((index) => mesh.points[index] ?? { x: 0, y: 0 })),
  );
}

/**
 * Returns five landmarks from the detector's points, in the template's order. The detector gives only the
 * mouth's centre; its corners are placed as in a face that looks at the camera.
 *
 * @param points left eye, right eye, nose tip, mouth centre, in pixels of the picture; further points are
 *   ignored.
 * @throws RangeError where all points coincide.
 */
export function detectedLandmarks(points: readonly Point[]): Point[] {
  const detected = points.slice(0, 4);
  const toPicture = fitTransform([...TEMPLATE.slice(0, 3), TEMPLATE_MOUTH_CENTRE], detected);
  const relativeToMouth = (template: Point | undefined) => {
    const expected = transformPoint(toPicture, template ?? TEMPLATE_MOUTH_CENTRE);
    const centre = transformPoint(toPicture, TEMPLATE_MOUTH_CENTRE);
    const mouth = detected[3] ?? centre;
    return { x: expected.x + mouth.x - centre.x, y: expected.y + mouth.y - centre.y };
  };
  return [...detected.slice(0, 3), relativeToMouth(TEMPLATE[3]), relativeToMouth(TEMPLATE[4])];
}

/**
 * Returns the upright face as the embedder's input: planar RGB, 3·112·112 values of −1..1.
 *
 * @param landmarks five, in the template's order, in pixels of the picture.
 */
export function alignedChip(picture: Picture, landmarks: readonly Point[]): Float32Array {
  return warp(picture, fitTransform(TEMPLATE, landmarks), CHIP_SIDE, CHIP_SIDE, {
    mean: 127.5,
    scale: 1 / 127.5,
  });
}

/** Returns the chip flipped left to right. */
export function mirroredChip(chip: Float32Array): Float32Array {
  const mirrored = new Float32Array(chip.length);
  for (let row = 0; row < chip.length; row += CHIP_SIDE)
    for (let x = 0; x < CHIP_SIDE; x++) mirrored[row + x] = chip[row + CHIP_SIDE - 1 - x] ?? 0;
  return mirrored;
}
