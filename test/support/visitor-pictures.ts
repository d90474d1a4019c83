/** Pictures that a camera and a tracking device send of a visitor: frames with one face, and the crop of the best shot. */
import sharp from 'sharp';
import { seededRandom } from '#sim/random.ts';
import { renderFrame } from '#sim/visitors/render-frame.ts';

const CROP_SIDE = 240;
const CROP_QUALITY = 90;

/** Frames of one person, each in other light and at another place; deterministic per seed. */
export async function framesOf(photograph: Uint8Array, seed: string, count: number): Promise<Uint8Array[]> {
  const random = seededRandom(seed);
  const frames: Uint8Array[] = [];
  for (let index = 0; index < count; index++) frames.push(await renderFrame(random, [{ photograph }]));
  return frames;
}

/** The best shot of a track, cropped and in good light, as the device selects it among hundreds. */
export async function cropOf(photograph: Uint8Array, seed: string): Promise<Uint8Array> {
  const brightness = 0.95 + seededRandom(seed).next() * 0.1;
  return sharp(photograph)
    .resize(CROP_SIDE, CROP_SIDE)
    .modulate({ brightness })
    .jpeg({ quality: CROP_QUALITY })
    .toBuffer();
}
