/**
 * The quality of a shot of a face, and the defects for which it should be rejected.
 *
 * Blur and darkness ruin recognition: of 99.7 % recognised, 53 % remain at a blur of σ = 4 pixels of the
 * chip, and 88 % at an eighth of the light. Size does not: a face of 32 pixels is recognised as well as one
 * of 64. So sharpness is measured on the aligned chip, in cells coarse enough for small faces, and relative
 * to the chip's contrast, so that dim light does not count as blur.
 */
import { CHIP_SIDE } from '../align/face-chip.ts';
import type { HeadPose } from '../align/face-mesh.ts';

export interface ShotQuality {
  /** Mean brightness of the face, 0..100. */
  readonly brightness: number;
  /** 0..100, logarithmic in the detail; see the thresholds below. */
  readonly sharpness: number;
}

/** A reason not to enrol or search for a face. */
export type ShotDefect = 'too-small' | 'too-blurred' | 'too-dark' | 'too-bright' | 'turned-away';

/** Pixels of the picture. */
const WIDTH_MIN = 32;
/**
 * Portraits score 70 and more, also at 32 pixels; at 45 the vector's cosine with the sharp face's is about
 * 0.5.
 */
const SHARPNESS_MIN = 45;
/** At 6 the cosine with the well-lit face's vector is 0.85, at 3 it is 0.56. */
const BRIGHTNESS_MIN = 8;
const BRIGHTNESS_MAX = 96;
/** Degrees. */
const YAW_MAX = 55;
const PITCH_MAX = 45;

/**
 * Variance of the detail over variance of the cells: of a smooth blot (sharpness 0), and of the sharpest
 * portraits (100).
 */
const DETAIL_NONE = 0.05;
const DETAIL_FULL = 4;

/** The chip's inner part, in pixels: the face without hair and background. */
const INNER = { left: 24, right: 88, top: 32, bottom: 104 };
/** Side of the averaged cells, in pixels of the chip. */
const CELL = 4;

/**
 * Measures the shot on its aligned chip: brightness is the mean luma (ITU-R BT.601), sharpness the energy of
 * a 4-neighbour Laplacian over cells of 4×4 pixels, divided by their variance.
 *
 * @param chip planar RGB of 112×112, −1..1.
 */
export function measureQuality(chip: Float32Array): ShotQuality {
  const cells = cellsOf(chip);
  const rows = (INNER.bottom - INNER.top) / CELL;
  const columns = (INNER.right - INNER.left) / CELL;
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  const contrast = cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells.length;
  let detail = 0;
  for (let y = 1; y < rows - 1; y++) {
    for (let x = 1; x < columns - 1; x++) {
      const index = y * columns + x;
      const neighbours =
        (cells[index - 1] ?? 0) +
        (cells[index + 1] ?? 0) +
        (cells[index - columns] ?? 0) +
        (cells[index + columns] ?? 0);
      detail += (4 * (cells[index] ?? 0) - neighbours) ** 2;
    }
  }
  detail /= (rows - 2) * (columns - 2);
  const relativeDetail = contrast === 0 ? 0 : detail / contrast;
  const sharpness =
    Math.log(Math.max(relativeDetail, DETAIL_NONE) / DETAIL_NONE) / Math.log(DETAIL_FULL / DETAIL_NONE);
  return { brightness: (mean / 255) * 100, sharpness: 100 * Math.min(1, sharpness) };
}

/** Returns the mean luma, 0..255, of each cell of the chip's inner part, row by row. */
function cellsOf(chip: Float32Array): Float32Array {
  const plane = CHIP_SIDE * CHIP_SIDE;
  const columns = (INNER.right - INNER.left) / CELL;
  const cells = new Float32Array((columns * (INNER.bottom - INNER.top)) / CELL);
  for (let y = INNER.top; y < INNER.bottom; y++) {
    for (let x = INNER.left; x < INNER.right; x++) {
      const index = y * CHIP_SIDE + x;
      const luma =
        0.299 * (chip[index] ?? 0) +
        0.587 * (chip[index + plane] ?? 0) +
        0.114 * (chip[index + 2 * plane] ?? 0);
      const cell = Math.floor((y - INNER.top) / CELL) * columns + Math.floor((x - INNER.left) / CELL);
      cells[cell] = (cells[cell] ?? 0) + (luma + 1) * (127.5 / (CELL * CELL));
    }
  }
  return cells;
}

/**
 * Returns the first defect of a shot, or `undefined` for one that is good enough to enrol.
 *
 * @param face its box in pixels of the picture, its quality and its pose.
 */
export function defectOf(face: {
  readonly box: { readonly width: number };
  readonly quality: ShotQuality;
  readonly pose: HeadPose;
}): ShotDefect | undefined {
  const { box, quality, pose } = face;
  if (box.width < WIDTH_MIN) return 'too-small';
  if (quality.brightness < BRIGHTNESS_MIN) return 'too-dark';
  if (quality.brightness > BRIGHTNESS_MAX) return 'too-bright';
  if (quality.sharpness < SHARPNESS_MIN) return 'too-blurred';
  if (Math.abs(pose.yaw) > YAW_MAX || Math.abs(pose.pitch) > PITCH_MAX) return 'turned-away';
  return undefined;
}
