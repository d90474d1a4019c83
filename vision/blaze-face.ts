/**
 * Finds faces: BlazeFace full range (MediaPipe), freed from its fixed size of 192×192.
 *
 * The net is convolutional through and through: at each 4th pixel it says how likely a face is centred there,
 * and where its box and six points lie, in pixels of the input. So nothing but the file's own shape ties it to
 * 192×192, and a wide frame can be searched at a larger size, where a face at the back of the shop still covers
 * the dozen pixels that the net needs.
 */
import { convertTflite } from './convert.ts';
import type { Net } from './net.ts';
import { openNet } from './net.ts';
import type { Picture } from './picture.ts';
import { shrink } from './shrink.ts';
import type { Point } from './warp.ts';

/** A face as the detector sees it, in pixels of the picture. */
export interface Sighted {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** 0..1 */
  readonly score: number;
  /** On the picture's left and right: eye, eye, nose, mouth, ear, ear. */
  readonly points: readonly Point[];
}

/** Pixels of input between two places that may be a face's centre. */
const STRIDE = 4;
/** A place's 16 numbers: centre, size, and six points, in pixels of the input and from the place's own middle. */
const NUMBERS = 16;
/** Where among them the points begin. */
const POINTS = [4, 6, 8, 10, 12, 14];
const OVERLAP_MAX = 0.3;

/** The sizes a picture may be searched at; each is a net of its own, opened when first wanted. */
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

export interface InputSize {
  readonly width: number;
  readonly height: number;
}

export interface Search {
  readonly sizes: readonly InputSize[];
  /** How many pixels of the picture may become one of the input, where a size allows the choice. */
  readonly scaleMax: number;
  /** Of a face, 0..1. */
  readonly scoreMin: number;
}

export interface FaceFinder {
  find(picture: Picture): Promise<Sighted[]>;
  close(): Promise<void>;
}

export function createFaceFinder(model: Uint8Array, search: Search): FaceFinder {
  const nets = new Map<InputSize, Promise<Net>>();
  const netOf = (size: InputSize) => {
    const opened = nets.get(size) ?? openNet(convertTflite(model, { size }));
    nets.set(size, opened);
    return opened;
  };
  return {
    async find(picture) {
      const { size, scale } = sizeFor(picture, search);
      const { width, height } = size;
      const input = await shrink(picture, scale, width, height, { mean: 127.5, factor: 1 / 127.5 });
      const net = await netOf(size);
      const [numbers, logits] = await net.run(input, [1, 3, height, width]);
      if (numbers === undefined || logits === undefined) throw new Error('the detector gave no boxes');
      return merged(sighted(numbers, logits, width / STRIDE, scale, search.scoreMin));
    },
    async close() {
      for (const net of nets.values()) await (await net).close();
      nets.clear();
    },
  };
}

/** The cheapest size that shrinks the picture no more than allowed; where none does, the one that shrinks it least. */
export function sizeFor(
  { width, height }: Picture,
  { sizes, scaleMax }: Search,
): { size: InputSize; scale: number } {
  const choices = sizes.map((size) => ({
    size,
    scale: Math.max(1, width / size.width, height / size.height),
  }));
  const area = ({ size }: { size: InputSize }) => size.width * size.height;
  const [chosen] = choices.toSorted(
    (a, b) => Math.max(a.scale, scaleMax) - Math.max(b.scale, scaleMax) || area(a) - area(b),
  );
  if (chosen === undefined) throw new RangeError('no size to search at');
  return chosen;
}

function sighted(
  numbers: Float32Array,
  logits: Float32Array,
  columns: number,
  scale: number,
  scoreMin: number,
): Sighted[] {
  const logitMin = Math.log(scoreMin / (1 - scoreMin));
  const found: Sighted[] = [];
  for (const [place, logit] of logits.entries()) {
    if (logit < logitMin) continue;
    const centreX = ((place % columns) + 0.5) * STRIDE;
    const centreY = (Math.floor(place / columns) + 0.5) * STRIDE;
    const said = (index: number) => numbers[place * NUMBERS + index] ?? 0;
    const [width, height] = [said(2) * scale, said(3) * scale];
    found.push({
      left: (centreX + said(0)) * scale - width / 2,
      top: (centreY + said(1)) * scale - height / 2,
      width,
      height,
      score: 1 / (1 + Math.exp(-logit)),
      points: POINTS.map((index) => ({
        x: (centreX + said(index)) * scale,
        y: (centreY + said(index + 1)) * scale,
      })),
    });
  }
  return found;
}

/**
 * Neighbouring places all see the same face, each a little off. Their mean, weighted by score, lies better than
 * the best of them (MediaPipe's weighted suppression).
 */
function merged(found: readonly Sighted[]): Sighted[] {
  let rest = found.toSorted((a, b) => b.score - a.score);
  const faces: Sighted[] = [];
  for (let best = rest[0]; best !== undefined; best = rest[0]) {
    const leader = best;
    const [same, others] = [
      rest.filter((one) => overlap(leader, one) > OVERLAP_MAX),
      rest.filter((one) => overlap(leader, one) <= OVERLAP_MAX),
    ];
    const cluster = same.length === 0 ? [leader] : same;
    const weights = cluster.reduce((sum, one) => sum + one.score, 0);
    const mean = (of: (one: Sighted) => number) =>
      cluster.reduce((sum, one) => sum + one.score * of(one), 0) / weights;
    faces.push({
      left: mean((one) => one.left),
      top: mean((one) => one.top),
      width: mean((one) => one.width),
      height: mean((one) => one.height),
      score: leader.score,
      points: leader.points.map((_, at) => ({
        x: mean((one) => one.points[at]?.x ?? 0),
        y: mean((one) => one.points[at]?.y ?? 0),
      })),
    });
    rest = others.filter((one) => one !== leader);
  }
  return faces;
}

type Box = Pick<Sighted, 'left' | 'top' | 'width' | 'height'>;

/** Intersection over union. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (a.width * a.height + b.width * b.height - both);
}
