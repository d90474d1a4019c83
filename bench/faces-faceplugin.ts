/**
 * The rival that does not ship: UltraFace, 68 landmarks and a 512-number embedder out of `faceplugin` 1.0.3.
 * MIT by its package, but where its weights were trained is not said. Fetched by npm with its SHA-256 pinned,
 * kept under `node_modules/.cache/`, outside git.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alignedChip } from '#vision/align/face-chip.ts';
import { intersectionOverUnion } from '#vision/detect/boxes.ts';
import { openNet } from '#vision/nets/net.ts';
import type { Picture } from '#vision/picture/decode.ts';
import { warp } from '#vision/picture/warp.ts';
import type { Recipe } from './faces-recipe.ts';

const VERSION = '1.0.3';
const SHA256 = '4e9994780a24675759ed9438866e85661267ad783b3208d646d11d229004980d';
const [WIDTH, HEIGHT] = [320, 240];
const SCORE_MIN = 0.65;
const OVERLAP_MAX = 0.4;
const LANDMARK_SIDE = 64;
const CHIP_SIDE = 112;
/** Which of the 68 landmarks, averaged, make each of the five places. */
const FIVE = [[37, 38, 40, 41], [43, 44, 46, 47], [30], [48, 60], [54, 64]];

export async function facePlugin(root: string): Promise<Recipe[]> {
  const folder = fetched(join(root, 'node_modules', '.cache', `faceplugin-${VERSION}`));
  const open = (name: string) => openNet(readFileSync(join(folder, 'package', 'model', `${name}.onnx`)));
  const [detector, landmarker, embedder] = [
    await open('fr_detect'),
    await open('fr_landmark'),
    await open('fr_feature'),
  ];

  async function find(picture: Picture) {
    // The net takes any picture squeezed into 4:3; here the picture keeps its shape and the rest is black.
    const scale = Math.max(picture.width / WIDTH, picture.height / HEIGHT);
    const input = warp(picture, { a: scale, b: 0, x0: 0, y0: 0 }, WIDTH, HEIGHT, {
      mean: 127,
      scale: 1 / 128,
    });
    const [scores, boxes] = await detector.run(input, [1, 3, HEIGHT, WIDTH]);
    if (scores === undefined || boxes === undefined) throw new Error('fr_detect gave no boxes');
    const found = Array.from({ length: scores.length / 2 }, (_, at) => {
      const [left = 0, top = 0, right = 0, bottom = 0] = boxes.subarray(4 * at, 4 * at + 4);
      return {
        score: scores[2 * at + 1] ?? 0,
        left: left * WIDTH * scale,
        top: top * HEIGHT * scale,
        width: (right - left) * WIDTH * scale,
        height: (bottom - top) * HEIGHT * scale,
      };
    }).filter(({ score }) => score > SCORE_MIN);
    const kept: typeof found = [];
    for (const one of found.toSorted((a, b) => b.score - a.score))
      if (kept.every((other) => intersectionOverUnion(one, other) <= OVERLAP_MAX)) kept.push(one);
    return kept.toSorted((a, b) => b.width - a.width)[0];
  }

  return [
    {
      name: `UltraFace, 68 points, fr_feature (${VERSION})`,
      // FACES.md's constants for this embedder: 80 at a false match rate of 1e-4, 99 at 1e-6.
      similarity: (cosine) => 100 / (1 + Math.exp(-29.8 * (cosine - 0.37))),
      async vectorOf(picture) {
        const face = await find(picture);
        if (face === undefined) return undefined;
        const side = Math.max(face.width, face.height);
        const scale = side / LANDMARK_SIDE;
        const x0 = face.left + face.width / 2 - side / 2;
        const y0 = face.top + face.height / 2 - side / 2;
        const colours = warp(picture, { a: scale, b: 0, x0, y0 }, LANDMARK_SIDE, LANDMARK_SIDE, {
          mean: 0,
          scale: 1 / 256,
        });
        const plane = LANDMARK_SIDE * LANDMARK_SIDE;
        const grey = Float32Array.from(
          { length: plane },
          (_, at) =>
            0.299 * (colours[at] ?? 0) +
            0.587 * (colours[at + plane] ?? 0) +
            0.114 * (colours[at + 2 * plane] ?? 0),
        );
        const [landmarks] = await landmarker.run(grey, [1, 1, LANDMARK_SIDE, LANDMARK_SIDE]);
        if (landmarks === undefined) throw new Error('fr_landmark gave no points');
        const points = FIVE.map((numbers) => ({
          x: x0 + (side * numbers.reduce((sum, at) => sum + (landmarks[2 * at] ?? 0), 0)) / numbers.length,
          y:
            y0 + (side * numbers.reduce((sum, at) => sum + (landmarks[2 * at + 1] ?? 0), 0)) / numbers.length,
        }));
        const [vector] = await embedder.run(blueFirst(alignedChip(picture, points)), [
          1,
          3,
          CHIP_SIDE,
          CHIP_SIDE,
        ]);
        return vector;
      },
    },
  ];
}

/** The embedder was trained on BGR, whatever its package feeds it. */
function blueFirst(chip: Float32Array): Float32Array {
  const plane = chip.length / 3;
  const turned = new Float32Array(chip.length);
  for (let channel = 0; channel < 3; channel++)
    turned.set(chip.subarray(channel * plane, (channel + 1) * plane), (2 - channel) * plane);
  return turned;
}

function fetched(folder: string): string {
  const archive = join(folder, `faceplugin-${VERSION}.tgz`);
  if (!existsSync(archive)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['pack', `faceplugin@${VERSION}`, '--pack-destination', folder], { stdio: 'ignore' });
  }
  if (createHash('sha256').update(readFileSync(archive)).digest('hex') !== SHA256)
    throw new Error(`${archive} is not the package that was measured`);
  if (!existsSync(join(folder, 'package'))) execFileSync('tar', ['xzf', archive, '-C', folder]);
  return folder;
}
