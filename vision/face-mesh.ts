/**
 * Looks closely at one face: FaceMesh (MediaPipe) gives 468 points in three dimensions, and says whether there
 * is a face at all.
 *
 * Alignment decides more about recognition than the embedder does, and BlazeFace's own six points are rough.
 * The second opinion on presence also takes away what merely looked like a face from afar.
 */
import type { Sighted } from './blaze-face.ts';
import type { Net } from './net.ts';
import type { Picture } from './picture.ts';
import type { Point, Transform } from './warp.ts';
import { apply, warp } from './warp.ts';

export interface Mesh {
  /** 0..1: that a face is there. */
  readonly presence: number;
  /** In pixels of the picture; z in the same unit, growing away from the camera. */
  readonly points: readonly (Point & { readonly z: number })[];
}

export interface Pose {
  /** Degrees, clockwise in the picture. */
  readonly roll: number;
  /** Degrees, upwards. */
  readonly pitch: number;
  /** Degrees, towards the picture's right. */
  readonly yaw: number;
}

const SIDE = 192;
/** The net was trained on crops one and a half times the box. */
const MARGIN = 1.5;
const EAR_LEFT = 234;
const EAR_RIGHT = 454;
const FOREHEAD = 10;
const CHIN = 152;
/** What the line from forehead to chin shows for people who look straight into the camera. */
const PITCH_LEVEL = -4;

export async function meshOf(net: Net, picture: Picture, face: Sighted): Promise<Mesh> {
  const toPicture = cropOf(face);
  const input = warp(picture, toPicture, SIDE, SIDE, { mean: 0, scale: 1 / 255 });
  const [numbers, [logit = 0] = []] = await net.run(input, [1, 3, SIDE, SIDE]);
  if (numbers === undefined) throw new Error('the mesh net gave no points');
  const scale = Math.hypot(toPicture.a, toPicture.b);
  return {
    presence: 1 / (1 + Math.exp(-logit)),
    points: Array.from({ length: numbers.length / 3 }, (_, at) => {
      const place = apply(toPicture, { x: numbers[3 * at] ?? 0, y: numbers[3 * at + 1] ?? 0 });
      return { ...place, z: (numbers[3 * at + 2] ?? 0) * scale };
    }),
  };
}

/** A square around the face, turned so that the eyes lie level. */
function cropOf({ left, top, width, height, points }: Sighted): Transform {
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

export function boxOf({ points }: Mesh): { left: number; top: number; width: number; height: number } {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** From the lines ear to ear and forehead to chin in space. */
export function poseOf({ points }: Mesh): Pose {
  const [left, right, forehead, chin] = [EAR_LEFT, EAR_RIGHT, FOREHEAD, CHIN].map((number) => points[number]);
  if (left === undefined || right === undefined || forehead === undefined || chin === undefined)
    throw new Error('the mesh lacks the points of the outline');
  const [across, over, away] = [right.x - left.x, right.y - left.y, right.z - left.z];
  const down = Math.hypot(chin.x - forehead.x, chin.y - forehead.y);
  return {
    roll: degrees(Math.atan2(over, across)),
    pitch: degrees(Math.atan2(forehead.z - chin.z, down)) - PITCH_LEVEL,
    yaw: degrees(Math.atan2(away, Math.hypot(across, over))),
  };
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
