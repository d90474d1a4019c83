/**
 * Which detector scale, alignment and embedder recognise people best, and how long does each take?
 *
 *   npm run bench:faces [-- --with-faceplugin]
 *
 * Enrols each person's neutral photograph and searches with the smiling one (Face Research Lab London Set, 61
 * people, in the directory of AISLE_DATA or beside the repository), for every combination in one run. Then it
 * measures the smallest face that each scale detects in a frame of 1280×720, and the shipped engine's time for a
 * frame with four faces. One thread, times from decoded pixels; least and median, because on a busy machine the
 * least is the most accurate.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { alignedChip, detectedLandmarks, meshLandmarks, mirroredChip } from '#vision/align/face-chip.ts';
import { fitMesh } from '#vision/align/face-mesh.ts';
import { intersectionOverUnion } from '#vision/detect/boxes.ts';
import { createFaceDetector, INPUT_SIZES } from '#vision/detect/face-detector.ts';
import { embedChip } from '#vision/embed/face-embedder.ts';
import { cosine, similarityOf } from '#vision/embed/similarity.ts';
import { createFaceEngine } from '#vision/engine/face-engine.ts';
import { readConvertedNet } from '#vision/nets/converted-nets.ts';
import { openNet } from '#vision/nets/net.ts';
import type { Picture } from '#vision/picture/decode.ts';
import { decodePicture } from '#vision/picture/decode.ts';
import { facePlugin } from './faces-faceplugin.ts';
import { frameWith, type PastedFace, portraits } from './faces-frames.ts';
import type { Recipe } from './faces-recipe.ts';
import { machine, percentile, seededRandom } from './support.ts';

const ROOT = join(import.meta.dirname, '..');
const LONDON = join(process.env['AISLE_DATA'] ?? join(ROOT, '..', 'shared', 'data'), 'faces-london');
const FACE_SIZES = [24, 30, 36, 40, 50, 64, 100];
const FRAMES_PER_SIZE = 6;
const FRAME_REPEATS = 15;
/** Picture pixels per input pixel, at most; the shipped engine allows 2.9. */
const SCALES = [1, 1.5, 2, 3];

const { values } = parseArgs({ options: { 'with-faceplugin': { type: 'boolean', default: false } } });

console.log(`${machine()}; one thread\n`);
const blazeFace = readConvertedNet('blazeFace');
const mesher = await openNet(readConvertedNet('faceMesh'));
const embedder = await openNet(readConvertedNet('mobileFaceNet'));
const detectors = SCALES.map((scale) => ({
  scale,
  detector: createFaceDetector(blazeFace, { sizes: INPUT_SIZES, scaleMax: scale, scoreMin: 0.25 }),
}));

if (existsSync(LONDON)) await compareRecognition();
else console.log(`${LONDON} does not exist: recognition is not measured\n`);
await compareDetection();
await measureFrame();

async function compareRecognition(): Promise<void> {
  const people = await londonSet();
  console.log(`${people.length} people, one photograph enrolled, one searched`);
  console.log(
    'search, alignment, embedder                    | rank-1 % | same: least | others: most | false ≥ 80 | ≥ 99 | true ≥ 80 % | ≥ 99 % | ms least  p50',
  );
  const recipes = [...shippedRecipes(), ...(values['with-faceplugin'] ? await facePlugin(ROOT) : [])];
  for (const recipe of recipes) await printRecipe(recipe, people);
  console.log();
}

async function londonSet(): Promise<{ enrolled: Picture; searched: Picture }[]> {
  const smiling = readdirSync(join(LONDON, 'smiling_front'));
  const people: { enrolled: Picture; searched: Picture }[] = [];
  for (const file of readdirSync(join(LONDON, 'neutral_front'))) {
    const other = smiling.find((name) => name.split('_')[0] === file.split('_')[0]);
    if (other === undefined) continue;
    const enrolled = await decodePicture(readFileSync(join(LONDON, 'neutral_front', file)));
    const searched = await decodePicture(readFileSync(join(LONDON, 'smiling_front', other)));
    people.push({ enrolled, searched });
  }
  return people;
}

function shippedRecipes(): Recipe[] {
  return detectors.flatMap(({ scale, detector }) =>
    ['own points', 'FaceMesh'].flatMap((alignment) =>
      ['plain', 'mirrored'].map((variant) => ({
        name: `BlazeFace ÷${scale}, ${alignment}, MobileFaceNet ${variant}`,
        similarity: similarityOf,
        async vectorOf(picture) {
          const detected = (await detector.detect(picture)).toSorted((a, b) => b.width - a.width);
          const [face] = detected;
          if (face === undefined) return undefined;
          const points =
            alignment === 'FaceMesh'
              ? meshLandmarks(await fitMesh(mesher, picture, face))
              : detectedLandmarks(face.points);
          const chip = alignedChip(picture, points);
          const vector = await embedChip(embedder, chip);
          if (variant === 'plain') return vector;
          const mirrored = await embedChip(embedder, mirroredChip(chip));
          return vector.map((value, index) => value + (mirrored[index] ?? 0));
        },
      })),
    ),
  );
}

async function printRecipe(
  recipe: Recipe,
  people: readonly { enrolled: Picture; searched: Picture }[],
): Promise<void> {
  const times: number[] = [];
  const timed = async (picture: Picture) => {
    const startedAtMs = performance.now();
    const vector = await recipe.vectorOf(picture);
    times.push(performance.now() - startedAtMs);
    return vector;
  };
  for (const { enrolled } of people.slice(0, 3)) await recipe.vectorOf(enrolled);
  const gallery: (Float32Array | undefined)[] = [];
  const probes: (Float32Array | undefined)[] = [];
  for (const { enrolled, searched } of people) {
    gallery.push(await timed(enrolled));
    probes.push(await timed(searched));
  }
  const same: number[] = [];
  const others: number[] = [];
  let firsts = 0;
  for (const [i, probe] of probes.entries()) {
    const scores = gallery.map((vector) => (probe && vector ? cosine(probe, vector) : -1));
    const own = scores[i] ?? -1;
    same.push(own);
    others.push(...scores.filter((_, index) => index !== i));
    if (own > -1 && scores.every((score, index) => index === i || score < own)) firsts++;
  }
  const share = (scores: number[], least: number) =>
    scores.filter((score) => recipe.similarity(score) >= least).length;
  times.sort((a, b) => a - b);
  const cells = [
    recipe.name.padEnd(46),
    ((100 * firsts) / people.length).toFixed(1).padStart(8),
    Math.min(...same)
      .toFixed(3)
      .padStart(11),
    Math.max(...others)
      .toFixed(3)
      .padStart(12),
    `${share(others, 80)}`.padStart(10),
    `${share(others, 99)}`.padStart(4),
    ((100 * share(same, 80)) / same.length).toFixed(1).padStart(11),
    ((100 * share(same, 99)) / same.length).toFixed(1).padStart(6),
    `${(times[0] ?? 0).toFixed(1).padStart(8)} ${percentile(times, 0.5).toFixed(1).padStart(5)}`,
  ];
  console.log(cells.join(' | '));
}

async function compareDetection(): Promise<void> {
  const random = seededRandom(7);
  const faces = await portraits(ROOT);
  const frames: { size: number; picture: Picture; truth: readonly PastedFace[] }[] = [];
  for (const size of FACE_SIZES)
    for (let i = 0; i < FRAMES_PER_SIZE; i++)
      frames.push({ size, ...(await frameWith(faces, Array(8).fill(size), random)) });
  console.log(
    'share of faces detected in a frame of 1280×720, % by face width in pixels (before FaceMesh confirms)',
  );
  console.log(
    `search        | ${FACE_SIZES.map((size) => `${size}`.padStart(4)).join(' ')} | false a frame | ms least   p50`,
  );
  for (const { scale, detector } of detectors) {
    const hits = new Map<number, number[]>();
    const times: number[] = [];
    let falseDetections = 0;
    for (const { size, picture, truth } of frames) {
      const startedAtMs = performance.now();
      const detected = await detector.detect(picture);
      times.push(performance.now() - startedAtMs);
      const list = hits.get(size) ?? [];
      hits.set(size, list);
      for (const face of truth)
        list.push(detected.some((one) => intersectionOverUnion(one, face) > 0.4) ? 1 : 0);
      falseDetections += detected.filter((one) =>
        truth.every((face) => intersectionOverUnion(one, face) <= 0.2),
      ).length;
    }
    times.sort((a, b) => a - b);
    const shares = FACE_SIZES.map((size) => {
      const list = hits.get(size) ?? [];
      return `${Math.round((100 * list.reduce((sum, hit) => sum + hit, 0)) / list.length)}`.padStart(4);
    });
    console.log(
      `BlazeFace ÷${`${scale}`.padEnd(3)}| ${shares.join(' ')} | ${(falseDetections / frames.length).toFixed(2).padStart(13)} | ${(times[0] ?? 0).toFixed(1).padStart(8)} ${percentile(times, 0.5).toFixed(1).padStart(5)}`,
    );
  }
  console.log();
}

async function measureFrame(): Promise<void> {
  const engine = await createFaceEngine();
  const { picture } = await frameWith(await portraits(ROOT), [50, 70, 100, 150], seededRandom(3));
  const times: number[] = [];
  let count = 0;
  for (let i = 0; i < FRAME_REPEATS; i++) {
    const startedAtMs = performance.now();
    const faces = await engine.detect(picture);
    for (const face of faces) await engine.embed(picture, face);
    times.push(performance.now() - startedAtMs);
    count = faces.length;
  }
  times.sort((a, b) => a - b);
  console.log(
    `shipped engine, 1280×720 with four faces: ${count} detected and embedded, ms least ${(times[0] ?? 0).toFixed(1)}, p50 ${percentile(times, 0.5).toFixed(1)}`,
  );
  await engine.close();
}
