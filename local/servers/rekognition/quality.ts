/**
 * Quality bars: which faces are good enough to be searched for or kept, and for each that is not, the reasons.
 *
 * AWS publishes the names of the bars and of the reasons, not the figures. These follow what was measured of the
 * nets: a blurred or dark face costs matches long before a small one does, so small faces pass down to 32 pixels.
 */
import type { AnalysedFace } from './face-analyser.ts';

export type QualityFilter = 'NONE' | 'AUTO' | 'LOW' | 'MEDIUM' | 'HIGH';

/** In the order they are told in. */
export type Reason =
  | 'LOW_CONFIDENCE'
  | 'SMALL_BOUNDING_BOX'
  | 'EXTREME_POSE'
  | 'LOW_BRIGHTNESS'
  | 'LOW_SHARPNESS'
  | 'LOW_FACE_QUALITY';

interface Bar {
  readonly confidenceMin: number;
  /** Of the box's shorter side. */
  readonly pixelsMin: number;
  /** To either side, and up or down. */
  readonly yawMax: number;
  readonly pitchMax: number;
  readonly brightnessMin: number;
  readonly sharpnessMin: number;
  /** Of sharpness times the share of the net's own input that the face fills. */
  readonly detailMin: number;
}

const LOW: Bar = {
  confidenceMin: 0.7,
  pixelsMin: 24,
  yawMax: 70,
  pitchMax: 55,
  brightnessMin: 6,
  sharpnessMin: 15,
  detailMin: 4,
};

/** Blur and darkness from where recognition was measured to suffer. */
const MEDIUM: Bar = {
  confidenceMin: 0.8,
  pixelsMin: 32,
  yawMax: 55,
  pitchMax: 45,
  brightnessMin: 10,
  sharpnessMin: 25,
  detailMin: 8,
};

/** Faces of dark skin in good light begin at a brightness of 23: a bar near that would choose people, not pictures. */
const HIGH: Bar = {
  confidenceMin: 0.95,
  pixelsMin: 60,
  yawMax: 35,
  pitchMax: 30,
  brightnessMin: 16,
  sharpnessMin: 50,
  detailMin: 35,
};

/** The nets read a face at this many pixels: a smaller one is stretched, a larger one gains nothing. */
const INPUT_PIXELS = 112;

const BARS: Readonly<Record<Exclude<QualityFilter, 'NONE'>, Bar>> = { LOW, MEDIUM, HIGH, AUTO: MEDIUM };

/** Why a face is below the bar; nothing if it is not. */
export function reasonsAgainst(face: AnalysedFace, filter: QualityFilter): Reason[] {
  if (filter === 'NONE') return [];
  const bar = BARS[filter];
  const { confidence, box, pose, quality } = face;
  const pixels = Math.min(box.width, box.height);
  const detail = quality.sharpness * Math.min(1, pixels / INPUT_PIXELS);
  const checks: ReadonlyArray<readonly [Reason, boolean]> = [
    ['LOW_CONFIDENCE', confidence < bar.confidenceMin],
    ['SMALL_BOUNDING_BOX', pixels < bar.pixelsMin],
    ['EXTREME_POSE', Math.abs(pose.yaw) > bar.yawMax || Math.abs(pose.pitch) > bar.pitchMax],
    ['LOW_BRIGHTNESS', quality.brightness < bar.brightnessMin],
    ['LOW_SHARPNESS', quality.sharpness < bar.sharpnessMin],
    ['LOW_FACE_QUALITY', detail < bar.detailMin],
  ];
  return checks.flatMap(([reason, applies]) => (applies ? [reason] : []));
}
