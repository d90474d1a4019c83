/**
 * How good a shot of a face is, and for what it should be refused.
 *
 * What ruins recognition is blur and darkness (of 99.7 % found, 53 % remain at a blur of σ = 4 pixels of the
 * aligned face, 88 % at an eighth of the light), not smallness: a face of 32 pixels is found as well as one of
 * 64. So sharpness is measured on the aligned chip, coarsely enough that a small face may score well, and
 * against the chip's own contrast, so that dim light is not taken for blur.
 */
import { CHIP_SIDE } from './alignment.ts';
import type { Pose } from './face-mesh.ts';

export interface Quality {
  /** 0..100: mean brightness of the face. */
  readonly brightness: number;
  /** 0..100; the thresholds below say what it means. */
  readonly sharpness: number;
}

/** Why a face should not be enrolled or searched for. */
export type FaceRefusal = 'too small' | 'too blurred' | 'too dark' | 'too bright' | 'turned away';

const WIDTH_MIN = 32;
/**
 * Portraits score 70 and more, also at 32 pixels; at 45 a blurred face's vector has a cosine of about 0.5 with
 * the sharp one's.
 */
const SHARPNESS_MIN = 45;
/** At 6 the cosine is 0.85, at 3 it is 0.56. */
const BRIGHTNESS_MIN = 8;
const BRIGHTNESS_MAX = 96;
const YAW_MAX = 55;
const PITCH_MAX = 45;

/** Detail between cells, in units of their contrast: of a smooth blot, and of the sharpest portraits. */
const DETAIL_NONE = 0.05;
const DETAIL_FULL = 4;

/** The chip's middle part: the face without hair and background. */
const INNER = { left: 24, right: 88, top: 32, bottom: 104 };
/** Side of the cells, in pixels of the chip, between which sharpness is looked for. */
const CELL = 4;

/** @param chip planes of 112×112, −1..1, as the embedder takes it. */
export function qualityOf(chip: Float32Array): Quality {
  const cells = cellsOf(chip);
  const rows = (INNER.bottom - INNER.top) / CELL;
  const columns = (INNER.right - INNER.left) / CELL;
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const contrast = cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells.length;
  let detail = 0;
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < columns - 1; x++) {
      const at = y * columns + x;
      const around =
        (cells[at - 1] ?? 0) + (cells[at + 1] ?? 0) + (cells[at - columns] ?? 0) + (cells[at + columns] ?? 0);
      detail += (4 * (cells[at] ?? 0) - around) ** 2;
    }
  }
  detail /= (rows - 2) * (columns - 2);
  const share = contrast === 0 ? 0 : detail / contrast;
  const sharpness =
    Math.log(Math.max(share, DETAIL_NONE) / DETAIL_NONE) / Math.log(DETAIL_FULL / DETAIL_NONE);
  return { brightness: (mean / 255) * 100, sharpness: 100 * Math.min(1, sharpness) };
}

function cellsOf(chip: Float32Array): Float32Array {
  const plane = CHIP_SIDE * CHIP_SIDE;
  const columns = (INNER.right - INNER.left) / CELL;
  const cells = new Float32Array((columns * (INNER.bottom - INNER.top)) / CELL);
  for (let y = INNER.top; y < INNER.bottom; y++) {
    for (let x = INNER.left; x < INNER.right; x++) {
      const at = y * CHIP_SIDE + x;
      const light =
        0.299 * (chip[at] ?? 0) + 0.587 * (chip[at + plane] ?? 0) + 0.114 * (chip[at + 2 * plane] ?? 0);
      const cell = Math.floor((y - INNER.top) / CELL) * columns + Math.floor((x - INNER.left) / CELL);
      cells[cell] = (cells[cell] ?? 0) + (light + 1) * (127.5 / (CELL * CELL));
    }
  }
  return cells;
}

/** The first thing wrong with a shot, or nothing. */
export function refusalOf(face: {
  readonly box: { readonly width: number };
  readonly quality: Quality;
  readonly pose: Pose;
}): FaceRefusal | undefined {
  const { box, quality, pose } = face;
  if (box.width < WIDTH_MIN) return 'too small';
  if (quality.brightness < BRIGHTNESS_MIN) return 'too dark';
  if (quality.brightness > BRIGHTNESS_MAX) return 'too bright';
  if (quality.sharpness < SHARPNESS_MIN) return 'too blurred';
  if (Math.abs(pose.yaw) > YAW_MAX || Math.abs(pose.pitch) > PITCH_MAX) return 'turned away';
  return undefined;
}
