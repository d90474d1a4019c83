/**
 * Fits FaceMesh (MediaPipe) to one detected face: 468 points in three dimensions, and the probability that
 * there is a face at all.
 *
 * Alignment affects recognition more than the choice of embedder, and BlazeFace's own six points are rough.
 * The second estimate of presence also rejects false detections.
 */
import type { Box } from '../detect/boxes.ts';
import type { Detection } from '../detect/face-detector.ts';
import type { Net } from '../nets/net.ts';
import type { Picture } from '../picture/decode.ts';
import { type Point, type SimilarityTransform, transformPoint } from '../picture/similarity-transform.ts';
import { warp } from '../picture/warp.ts';

export interface FaceMesh {
  /** Probability of a face, 0..1. */
  readonly presence: number;
  /** 468 points in pixels of the picture; z in the same unit, growing away from the camera. */
  readonly points: readonly (Point & { readonly z: number })[];
}

/** Degrees; all 0 for an upright face that looks into the camera. */
export interface HeadPose {
  /** Clockwise in the picture. */
  readonly roll: number;
  /** Upwards. */
  readonly pitch: number;
  /** Towards the right of the picture. */
  readonly yaw: number;
}

/** Side of the net's square input, in pixels. */
const SIDE = 192;
/** MediaPipe's crop: one and a half times the detected box. */
const MARGIN = 1.5;
/** Indices of points in MediaPipe's canonical face model. */
const EAR_LEFT = 234;
const EAR_RIGHT = 454;
const FOREHEAD = 10;
const CHIN = 152;
/**
 * Measured pitch, in degrees, of the line from forehead to chin for people who look straight into the camera.
 */
const PITCH_LEVEL = -4;

/**
 * Returns the mesh of one detected face.
 *
 * @param net FaceMesh: input 1×3×192×192, 0..1; outputs 468 points of x, y, z in pixels of the input, and a
 *   logit.
 * @throws Error where the net returns no points.
 * @see Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019.
 */
export async function fitMesh(net: Net, picture: Picture, face: Detection): Promise<FaceMesh> {
  const toPicture = cropOf(face);
  const input = warp(picture, toPicture, SIDE, SIDE, { mean: 0, scale: 1 / 255 });
  const [values, [logit = 0] = []] = await net.run(input, [1, 3, SIDE, SIDE]);
  if (values === undefined) throw new Error('the mesh net returned no points');
  const scale = Math.hypot(toPicture.a, toPicture.b);
  return {
    presence: 1 / (1 + Math.exp(-logit)),
    points: Array.from({ length: values.length / 3 }, (_, index) => {
      const point = { x: values[3 * index] ?? 0, y: values[3 * index + 1] ?? 0 };
      return { ...transformPoint(toPicture, point), z: (values[3 * index + 2] ?? 0) * scale };
    }),
  };
}

/** Returns the transform of a square crop around the face, rotated so that the eyes are level. */
function cropOf({ left, top, width, height, points }: Detection): SimilarityTransform {
  const [eyeLeft, eyeRight] = points;
  const angle =
    eyeLeft === undefined || eyeRight === undefined
      ? 0
      : Math.atan2(eyeRight.y - eyeLeft.y, eyeRight.x - eyeLeft.x);
  const scale = (Math.max(width, height) * MARGIN) / SIDE;
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  const half = SIDE / 2;
  return { a, b, x0: left + width / 2 - a * half + b * half, y0: top + height / 2 - b * half - a * half };
}

/** Returns the smallest upright box that holds all points, in pixels of the picture. */
export function meshBox({ points }: FaceMesh): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * Returns the head's pose, from the lines ear to ear and forehead to chin in space.
 *
 * @throws Error where the mesh has fewer than 455 points.
 */
export function headPose({ points }: FaceMesh): HeadPose {
  const [left, right, forehead, chin] = [EAR_LEFT, EAR_RIGHT, FOREHEAD, CHIN].map((index) => points[index]);
  if (left === undefined || right === undefined || forehead === undefined || chin === undefined)
    throw new Error('the mesh lacks points of the outline');
  const [deltaX, deltaY, deltaZ] = [right.x - left.x, right.y - left.y, right.z - left.z];
  const faceHeight = Math.hypot(chin.x - forehead.x, chin.y - forehead.y);
  return {
    roll: toDegrees(Math.atan2(deltaY, deltaX)),
    pitch: toDegrees(Math.atan2(forehead.z - chin.z, faceHeight)) - PITCH_LEVEL,
    yaw: toDegrees(Math.atan2(deltaZ, Math.hypot(deltaX, deltaY))),
  };
}

function toDegrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
