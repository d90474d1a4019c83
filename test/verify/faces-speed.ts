/**
 * How long the engine takes, on one core, from decoded pixels.
 *
 * The core's own time is counted, which is what a picture costs whatever else the machine is doing; the clock on the wall
 * is told beside it. The nets run on one thread, so on an idle machine the two are the same.
 */
import sharp from 'sharp';
import { createFaceEngine, type FaceEngine } from '#vision/engine/face-engine.ts';
import { decodePicture, type Picture } from '#vision/picture/decode.ts';

interface Round {
  readonly coreMs: number;
  readonly wallMs: number;
}

export interface Times extends Round {
  /** Of one core, in the quietest round and in the slowest. */
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
/** Of a pasted photograph: its face is some 100 pixels wide, as of somebody two or three metres from a camera. */
const PASTED_PIXELS = 300;
/** A camera's server has been up for longer than a compiler takes to get warm. */
const WARM_UP_ROUNDS = 3;
/** A shared machine has slow minutes: the middle round counts, and the quietest and the slowest are told beside it. */
const ROUNDS = 5;
const FRAMES = 20;

export async function measureSpeed(photographs: readonly Buffer[]): Promise<Speed> {
  // One core is meant: libvips would shrink a picture on all of them.
  sharp.concurrency(1);
  const engine = await createFaceEngine();
  try {
    const portraits = await Promise.all(photographs.map((bytes) => decodePicture(bytes)));
    const jpegs: Buffer[] = [];
    for (let n = 0; n < FRAMES; n++) jpegs.push(await frameOf(photographs, n * FACES_PER_FRAME));
    const frames = await Promise.all(jpegs.map((bytes) => decodePicture(bytes)));
    return {
      perFace: await median(portraits, (picture) => see(engine, picture, 1)),
      perFrame: await median(frames, (picture) => see(engine, picture, FACES_PER_FRAME)),
      perJpegFrame: await median(jpegs, async (bytes) =>
        see(engine, await decodePicture(bytes), FACES_PER_FRAME),
      ),
    };
  } finally {
    await engine.close();
  }
}

async function see(engine: FaceEngine, picture: Picture, wanted: number): Promise<void> {
  const faces = await engine.detect(picture);
  if (faces.length !== wanted) throw new Error(`found ${faces.length} faces instead of ${wanted}`);
  for (const face of faces) await engine.embed(picture, face);
}

/** Four people in a row before a grey wall. */
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

/** The middle of what each took in the middle round, after some that only warm nets and code up. */
async function median<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<Times> {
  for (let round = 0; round < WARM_UP_ROUNDS; round++) for (const item of items) await work(item);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await timed(items, work));
  const sorted = rounds.toSorted((a, b) => a.coreMs - b.coreMs);
  const [quietest, middle, slowest] = [sorted[0], sorted[Math.floor(ROUNDS / 2)], sorted.at(-1)];
  if (quietest === undefined || middle === undefined || slowest === undefined)
    throw new Error('nothing was measured');
  return { ...middle, leastMs: quietest.coreMs, mostMs: slowest.coreMs };
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

/** The value below which that share of them lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
