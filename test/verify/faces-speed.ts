/**
 * Measures the engine's time per picture on one core, from decoded pixels.
 *
 * Processor time is the measure, because it does not depend on the machine's other load; wall-clock time is
 * reported beside it. The nets run on one thread, so the two are equal on an idle machine.
 */
import sharp from 'sharp';
import { createFaceEngine, type FaceEngine } from '#vision/engine/face-engine.ts';
import { decodePicture, type Picture } from '#vision/picture/decode.ts';

interface Round {
  readonly coreMs: number;
  readonly wallMs: number;
}

export interface Times extends Round {
  /** Processor time of the fastest and of the slowest round. */
  readonly leastMs: number;
  readonly mostMs: number;
}

export interface Speed {
  /** Finding and embedding the one face of a photograph. */
  readonly perFace: Times;
  /** Finding and embedding four faces in a frame. */
  readonly perFrame: Times;
  /** The same from the bytes of a JPEG. */
  readonly perJpegFrame: Times;
}

const FRAME = { width: 1280, height: 720 };
const FACES_PER_FRAME = 4;
/** Side of a pasted photograph: its face is about 100 pixels wide, as at two or three metres from a camera. */
const PASTED_PIXELS = 300;
/** Rounds before the measurement, which let the compiler optimise. */
const WARM_UP_ROUNDS = 3;
/** The median round is the result, because a shared machine has slow minutes. */
const ROUNDS = 5;
const FRAMES = 20;

/**
 * Returns the engine's times for photographs of one face each, and for frames composed of them.
 *
 * @throws Error where the number of detected faces is wrong.
 */
export async function measureSpeed(photographs: readonly Buffer[]): Promise<Speed> {
  // libvips would otherwise resize a picture on all cores.
  sharp.concurrency(1);
  const engine = await createFaceEngine();
  try {
    const portraits = await Promise.all(photographs.map((bytes) => decodePicture(bytes)));
    const jpegs: Buffer[] = [];
    for (let n = 0; n < FRAMES; n++) jpegs.push(await frameOf(photographs, n * FACES_PER_FRAME));
    const frames = await Promise.all(jpegs.map((bytes) => decodePicture(bytes)));
    return {
      perFace: await median(portraits, (picture) => analyse(engine, picture, 1)),
      perFrame: await median(frames, (picture) => analyse(engine, picture, FACES_PER_FRAME)),
      perJpegFrame: await median(jpegs, async (bytes) =>
        analyse(engine, await decodePicture(bytes), FACES_PER_FRAME),
      ),
    };
  } finally {
    await engine.close();
  }
}

async function analyse(engine: FaceEngine, picture: Picture, expected: number): Promise<void> {
  const faces = await engine.detect(picture);
  if (faces.length !== expected) throw new Error(`detected ${faces.length} faces instead of ${expected}`);
  for (const face of faces) await engine.embed(picture, face);
}

/** Returns a JPEG of 1280×720 with four photographs in a row on grey. */
async function frameOf(photographs: readonly Buffer[], first: number): Promise<Buffer> {
  const pasted = Array.from({ length: FACES_PER_FRAME }, async (_, n) => ({
    input: await sharp(photographs[(first + n) % photographs.length])
      .resize(PASTED_PIXELS)
      .toBuffer(),
    left: n * (FRAME.width / FACES_PER_FRAME),
    top: 200,
  }));
  return sharp({ create: { ...FRAME, channels: 3, background: '#8a8f94' } })
    .composite(await Promise.all(pasted))
    .jpeg()
    .toBuffer();
}

/** Returns the median time per item of the median round, after warm-up rounds. */
async function median<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<Times> {
  for (let round = 0; round < WARM_UP_ROUNDS; round++) for (const item of items) await work(item);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await timed(items, work));
  const sorted = rounds.toSorted((a, b) => a.coreMs - b.coreMs);
  const [fastest, middle, slowest] = [sorted[0], sorted[Math.floor(ROUNDS / 2)], sorted.at(-1)];
  if (fastest === undefined || middle === undefined || slowest === undefined)
    throw new Error('no round was measured');
  return { ...middle, leastMs: fastest.coreMs, mostMs: slowest.coreMs };
}

async function timed<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<Round> {
  const core: number[] = [];
  const wall: number[] = [];
  for (const item of items) {
    const [coreBefore, wallBefore] = [process.cpuUsage(), performance.now()];
    await work(item);
    const { user, system } = process.cpuUsage(coreBefore);
    core.push((user + system) / 1000);
    wall.push(performance.now() - wallBefore);
  }
  return { coreMs: quantile(core, 0.5), wallMs: quantile(wall, 0.5) };
}

/** Returns the value below which a share, 0..1, of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
