/**
 * Detects faces with BlazeFace full range (MediaPipe), without its fixed input size of 192×192.
 *
 * The net is fully convolutional: for each cell of 4×4 input pixels it predicts the probability that a face
 * is centred there, its box and its six key points, in pixels of the input. Only the file's declared shape
 * ties it to 192×192, so a wide frame is searched at a larger size, where a face at the back of the shop
 * still covers the dozen pixels that the net needs.
 */
import { type Net, openNet } from '../nets/net.ts';
import { declareInput } from '../onnx/graph.ts';
import type { Picture } from '../picture/decode.ts';
import { resizeToPlanes } from '../picture/resize.ts';
import type { Point } from '../picture/similarity-transform.ts';
import { type Box, intersectionOverUnion } from './boxes.ts';

/** A face as the detector predicts it, in pixels of the picture. */
export interface Detection extends Box {
  /** Probability of a face, 0..1. */
  readonly score: number;
  /** Left eye, right eye, nose tip, mouth centre, left ear, right ear; left and right of the picture. */
  readonly points: readonly Point[];
}

/** Pixels; both sides are multiples of the net's total stride, 32. */
export interface InputSize {
  readonly width: number;
  readonly height: number;
}

/** The input sizes a picture may be searched at. Each is a session of its own, opened on first use. */
export const INPUT_SIZES: readonly InputSize[] = [
  [192, 192],
  [256, 256],
  [320, 192],
  [192, 320],
  [320, 256],
  [256, 320],
  [384, 384],
  [448, 256],
  [256, 448],
  [512, 384],
  [384, 512],
  [640, 384],
  [384, 640],
  [640, 640],
  [960, 544],
  [544, 960],
].map(([width = 0, height = 0]) => ({ width, height }));

export interface DetectorOptions {
  readonly sizes: readonly InputSize[];
  /**
   * Picture pixels per input pixel, along a side, that are accepted where a size allows the choice; at least
   * 1.
   */
  readonly scaleMax: number;
  /** Detections below this score are dropped; 0..1, exclusive. */
  readonly scoreMin: number;
}

export interface FaceDetector {
  /** Returns the faces, highest score first, each once. */
  detect(picture: Picture): Promise<Detection[]>;
  close(): Promise<void>;
}

/** Input pixels between the centres of two neighbouring cells. */
const STRIDE = 4;
/** Values per cell: centre, size and six points, in pixels of the input relative to the cell's centre. */
const VALUES_PER_CELL = 16;
/** Indices of the points' x values among them; y follows. */
const POINT_INDICES = [4, 6, 8, 10, 12, 14];
/** Detections whose boxes overlap more than this are one face. */
const OVERLAP_MAX = 0.3;

/**
 * Creates a detector over a BlazeFace net.
 *
 * @param model the net's ONNX file, converted with an open input size.
 * @throws RangeError without input sizes; the detector throws where the net returns no boxes.
 */
export function createFaceDetector(model: Uint8Array, options: DetectorOptions): FaceDetector {
  const nets = new Map<InputSize, Promise<Net>>();
  const netFor = (size: InputSize) => {
    const opened = nets.get(size) ?? openNet(declareInput(model, [1, 3, size.height, size.width]));
    nets.set(size, opened);
    return opened;
  };
  return {
    async detect(picture) {
      const { size, scale } = chooseInputSize(picture, options);
      const { width, height } = size;
      const input = await resizeToPlanes(picture, scale, width, height, { mean: 127.5, factor: 1 / 127.5 });
      const net = await netFor(size);
      const [values, logits] = await net.run(input, [1, 3, height, width]);
      if (values === undefined || logits === undefined)
        throw new Error('the detector returned no boxes or no scores');
      return mergeOverlapping(decodeCells(values, logits, width / STRIDE, scale, options.scoreMin));
    },
    async close() {
      for (const net of nets.values()) await (await net).close();
      nets.clear();
    },
  };
}

/**
 * Returns the smallest size whose scale is at most `scaleMax`; where none is, the one with the smallest
 * scale.
 */
function chooseInputSize(
  { width, height }: Picture,
  { sizes, scaleMax }: DetectorOptions,
): { size: InputSize; scale: number } {
  const choices = sizes.map((size) => ({
    size,
    scale: Math.max(1, width / size.width, height / size.height),
  }));
  const inputArea = ({ size }: { size: InputSize }) => size.width * size.height;
  const [chosen] = choices.toSorted(
    (a, b) => Math.max(a.scale, scaleMax) - Math.max(b.scale, scaleMax) || inputArea(a) - inputArea(b),
  );
  if (chosen === undefined) throw new RangeError('a detector needs at least one input size');
  return chosen;
}

/** Returns the cells that score at least `scoreMin` as detections in pixels of the picture. */
function decodeCells(
  values: Float32Array,
  logits: Float32Array,
  columns: number,
  scale: number,
  scoreMin: number,
): Detection[] {
  const logitMin = Math.log(scoreMin / (1 - scoreMin));
  const detections: Detection[] = [];
  for (const [cell, logit] of logits.entries()) {
    if (logit < logitMin) continue;
    const centreX = ((cell % columns) + 0.5) * STRIDE;
    const centreY = (Math.floor(cell / columns) + 0.5) * STRIDE;
    const valueAt = (index: number) => values[cell * VALUES_PER_CELL + index] ?? 0;
    const [width, height] = [valueAt(2) * scale, valueAt(3) * scale];
    detections.push({
      left: (centreX + valueAt(0)) * scale - width / 2,
      top: (centreY + valueAt(1)) * scale - height / 2,
      width,
      height,
      score: 1 / (1 + Math.exp(-logit)),
      points: POINT_INDICES.map((index) => ({
        x: (centreX + valueAt(index)) * scale,
        y: (centreY + valueAt(index + 1)) * scale,
      })),
    });
  }
  return detections;
}

/**
 * Returns one detection per group of overlapping ones: their mean, weighted by score, with the highest score.
 *
 * Neighbouring cells all detect the same face, and their weighted mean is more accurate than the best of
 * them.
 *
 * @see Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019, section 4
 *   (blending).
 */
function mergeOverlapping(detections: readonly Detection[]): Detection[] {
  let rest = detections.toSorted((a, b) => b.score - a.score);
  const faces: Detection[] = [];
  for (let best = rest[0]; best !== undefined; best = rest[0]) {
    const leader = best;
    const [overlapping, others] = [
      rest.filter((detection) => intersectionOverUnion(leader, detection) > OVERLAP_MAX),
      rest.filter((detection) => intersectionOverUnion(leader, detection) <= OVERLAP_MAX),
    ];
    // A box without area overlaps nothing, not even itself.
    const cluster = overlapping.length === 0 ? [leader] : overlapping;
    faces.push(weightedMean(leader, cluster));
    rest = others.filter((detection) => detection !== leader);
  }
  return faces;
}

function weightedMean(leader: Detection, cluster: readonly Detection[]): Detection {
  const weights = cluster.reduce((sum, { score }) => sum + score, 0);
  const mean = (valueIn: (detection: Detection) => number) =>
    cluster.reduce((sum, detection) => sum + detection.score * valueIn(detection), 0) / weights;
  return {
    left: mean(({ left }) => left),
    top: mean(({ top }) => top),
    width: mean(({ width }) => width),
    height: mean(({ height }) => height),
    score: leader.score,
    points: leader.points.map((_, index) => ({
      x: mean(({ points }) => points[index]?.x ?? 0),
      y: mean(({ points }) => points[index]?.y ?? 0),
    })),
  };
}
