/**
 * Quality bars: whether a face is good enough to be searched for or stored, and the reasons if it is not.
 *
 * AWS publishes the names of the bars and of the reasons, not the figures. These figures follow measurements
 * of the face models: a blurred or dark face loses matches long before a small one does, so faces pass down
 * to 32 pixels.
 */
import type { AnalysedFace } from './face-analyser.ts';

export type QualityFilter = 'NONE' | 'AUTO' | 'LOW' | 'MEDIUM' | 'HIGH';

/** In the order in which they are returned. */
export type Reason =
  | 'LOW_CONFIDENCE'
  | 'SMALL_BOUNDING_BOX'
  | 'EXTREME_POSE'
  | 'LOW_BRIGHTNESS'
  | 'LOW_SHARPNESS'
  | 'LOW_FACE_QUALITY';

interface Bar {
  readonly confidenceMin: number;
  /** Minimum of the box's shorter side. */
  readonly pixelsMin: number;
  /** Degrees, in either direction. */
  readonly yawMax: number;
  readonly pitchMax: number;
  readonly brightnessMin: number;
  readonly sharpnessMin: number;
  /** Minimum of sharpness times the box's size relative to the model's input, at most 1. */
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

/** Sharpness and brightness are those below which measured recognition degrades. */
const MEDIUM: Bar = {
  confidenceMin: 0.8,
  pixelsMin: 32,
  yawMax: 55,
  pitchMax: 45,
  brightnessMin: 10,
  sharpnessMin: 25,
  detailMin: 8,
};

/** Dark skin in good light has a brightness from 23: a bar near that would reject people, not pictures. */
const HIGH: Bar = {
  confidenceMin: 0.95,
  pixelsMin: 60,
  yawMax: 35,
  pitchMax: 30,
  brightnessMin: 16,
  sharpnessMin: 50,
  detailMin: 35,
};

/** Size of the models' input: smaller faces are enlarged to it, larger ones gain nothing. */
const INPUT_PIXELS = 112;

const BARS: Readonly<Record<Exclude<QualityFilter, 'NONE'>, Bar>> = { LOW, MEDIUM, HIGH, AUTO: MEDIUM };

/** Returns the reasons why a face is below the bar of a filter; none if it passes. */
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
