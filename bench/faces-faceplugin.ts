/**
 * A competing combination that does not ship: UltraFace, 68 landmarks and a 512-dimensional embedder of `faceplugin`
 * 1.0.3. The package is MIT, but the training data of its weights is not documented. npm fetches it into
 * `node_modules/.cache/`, outside git, and its SHA-256 is checked.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alignedChip } from '#vision/align/face-chip.ts';
import { type Box, intersectionOverUnion } from '#vision/detect/boxes.ts';
import { type Net, openNet } from '#vision/nets/net.ts';
import type { Picture } from '#vision/picture/decode.ts';
import type { Point } from '#vision/picture/similarity-transform.ts';
import { warp } from '#vision/picture/warp.ts';
import type { Recipe } from './faces-recipe.ts';

const VERSION = '1.0.3';
const SHA256 = '4e9994780a24675759ed9438866e85661267ad783b3208d646d11d229004980d';
const [WIDTH, HEIGHT] = [320, 240];
const SCORE_MIN = 0.65;
const OVERLAP_MAX = 0.4;
const LANDMARK_SIDE = 64;
const CHIP_SIDE = 112;
/** Indices of the 68 landmarks whose mean is each of the five landmarks of the chip. */
const FIVE = [[37, 38, 40, 41], [43, 44, 46, 47], [30], [48, 60], [54, 64]];

/**
 * Returns the combination as a recipe, after fetching the package where it is missing.
 *
 * @throws Error where the package has another SHA-256.
 */
export async function facePlugin(root: string): Promise<Recipe[]> {
  const folder = fetchPackage(join(root, 'node_modules', '.cache', `faceplugin-${VERSION}`));
  const open = (name: string) => openNet(readFileSync(join(folder, 'package', 'model', `${name}.onnx`)));
  const [detector, landmarker, embedder] = [
    await open('fr_detect'),
    await open('fr_landmark'),
    await open('fr_feature'),
  ];
  return [
    {
      name: `UltraFace, 68 points, fr_feature (${VERSION})`,
      // Fitted on LFW like those of `vision/embed`: 80 is a false match rate of 1e-4, 99 of 1e-6.
      similarity: (cosine) => 100 / (1 + Math.exp(-29.8 * (cosine - 0.37))),
      async vectorOf(picture) {
        const face = await detectLargest(detector, picture);
        if (face === undefined) return undefined;
        const chip = alignedChip(picture, await landmarksOf(landmarker, picture, face));
        const [vector] = await embedder.run(toBgr(chip), [1, 3, CHIP_SIDE, CHIP_SIDE]);
        return vector;
      },
    },
  ];
}

/** Returns the widest face of a picture, in its pixels, after non-maximum suppression. */
async function detectLargest(detector: Net, picture: Picture): Promise<Box | undefined> {
  // faceplugin squeezes any picture into 4:3; here the picture keeps its aspect ratio and the rest is black.
  const scale = Math.max(picture.width / WIDTH, picture.height / HEIGHT);
  const input = warp(picture, { a: scale, b: 0, x0: 0, y0: 0 }, WIDTH, HEIGHT, { mean: 127, scale: 1 / 128 });
  const [scores, boxes] = await detector.run(input, [1, 3, HEIGHT, WIDTH]);
  if (scores === undefined || boxes === undefined) throw new Error('fr_detect returned no boxes');
  const detected = Array.from({ length: scores.length / 2 }, (_, index) => {
    const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(4 * index, 4 * index + 4);
    return {
      score: scores[2 * index + 1] ?? 0,
      left: left * WIDTH * scale,
      top: top * HEIGHT * scale,
      width: (right - left) * WIDTH * scale,
      height: (bottom - top) * HEIGHT * scale,
    };
  }).filter(({ score }) => score > SCORE_MIN);
  const kept: typeof detected = [];
  for (const face of detected.toSorted((a, b) => b.score - a.score))
    if (kept.every((other) => intersectionOverUnion(face, other) <= OVERLAP_MAX)) kept.push(face);
  return kept.toSorted((a, b) => b.width - a.width)[0];
}

/** Returns the five landmarks of the chip's template, in pixels of the picture. */
async function landmarksOf(landmarker: Net, picture: Picture, face: Box): Promise<Point[]> {
  const side = Math.max(face.width, face.height);
  const scale = side / LANDMARK_SIDE;
  const x0 = face.left + face.width / 2 - side / 2;
  const y0 = face.top + face.height / 2 - side / 2;
  const rgb = warp(picture, { a: scale, b: 0, x0, y0 }, LANDMARK_SIDE, LANDMARK_SIDE, {
    mean: 0,
    scale: 1 / 256,
  });
  const plane = LANDMARK_SIDE * LANDMARK_SIDE;
  const grey = Float32Array.from(
    { length: plane },
    (_, index) =>
      0.299 * (rgb[index] ?? 0) + 0.587 * (rgb[index + plane] ?? 0) + 0.114 * (rgb[index + 2 * plane] ?? 0),
  );
  const [landmarks] = await landmarker.run(grey, [1, 1, LANDMARK_SIDE, LANDMARK_SIDE]);
  if (landmarks === undefined) throw new Error('fr_landmark returned no points');
  const mean = (indices: readonly number[], axis: 0 | 1) =>
    indices.reduce((sum, index) => sum + (landmarks[2 * index + axis] ?? 0), 0) / indices.length;
  return FIVE.map((indices) => ({ x: x0 + side * mean(indices, 0), y: y0 + side * mean(indices, 1) }));
}

/** Returns the chip with its planes in BGR order: the embedder was trained on it, although its package passes RGB. */
function toBgr(chip: Float32Array): Float32Array {
  const plane = chip.length / 3;
  const bgr = new Float32Array(chip.length);
  for (let channel = 0; channel < 3; channel++)
    bgr.set(chip.subarray(channel * plane, (channel + 1) * plane), (2 - channel) * plane);
  return bgr;
}

/** Returns the folder of the unpacked package. */
function fetchPackage(folder: string): string {
  const archive = join(folder, `faceplugin-${VERSION}.tgz`);
  if (!existsSync(archive)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['pack', `faceplugin@${VERSION}`, '--pack-destination', folder], { stdio: 'ignore' });
  }
  if (createHash('sha256').update(readFileSync(archive)).digest('hex') !== SHA256)
    throw new Error(`${archive} has another SHA-256 than the measured package`);
  if (!existsSync(join(folder, 'package'))) execFileSync('tar', ['xzf', archive, '-C', folder]);
  return folder;
}
