/**
 * Renders the demonstration cameras' frames: photographs of faces on a plain background, with the size, light and blur of a
 * camera above a door. The pixels are real, so the faces are really detected and recognised.
 */
import sharp from 'sharp';
import { FRAME_HEIGHT, FRAME_WIDTH } from '../chain/floor-plan.ts';
import type { Random } from '../random.ts';

/** A person in front of the camera. */
export interface PersonInFrame {
  /** JPEG with one face. */
  readonly photograph: Uint8Array;
}

/** Side of a pasted photograph in pixels; the face is about half of it. */
const SIDE_MIN = 170;
const SIDE_MAX = 260;
const LIGHT_MIN = 0.75;
const LIGHT_MAX = 1.15;
const BLUR_SIGMA_MAX = 1.1;
const TILT_DEGREES_MAX = 8;
const JPEG_QUALITY = 86;

/** The number of photographs that fit side by side without overlap. */
export const FACES_PER_FRAME_MAX = 4;

const BACKDROP = { r: 196, g: 203, b: 209 };

/** Returns a JPEG of 1280 × 720 pixels with the people from left to right, at most FACES_PER_FRAME_MAX. */
export async function renderFrame(random: Random, people: readonly PersonInFrame[]): Promise<Uint8Array> {
  const slot = FRAME_WIDTH / Math.max(people.length, 1);
  const layers = await Promise.all(
    people.slice(0, FACES_PER_FRAME_MAX).map(async ({ photograph }, index) => {
      const side = random.between(SIDE_MIN, Math.min(SIDE_MAX, Math.floor(slot)));
      const light = LIGHT_MIN + random.next() * (LIGHT_MAX - LIGHT_MIN);
      const sigma = 0.3 + random.next() * (BLUR_SIGMA_MAX - 0.3);
      const tilt = (random.next() - 0.5) * 2 * TILT_DEGREES_MAX;
      const input = await sharp(photograph)
        .rotate(tilt, { background: BACKDROP })
        .resize(side, side, { fit: 'cover' })
        .modulate({ brightness: light })
        .blur(sigma)
        .toBuffer();
      return {
        input,
        left: Math.floor(index * slot + (slot - side) * random.next()),
        top: random.between(60, FRAME_HEIGHT - SIDE_MAX - 60),
      };
    }),
  );
  return sharp({ create: { width: FRAME_WIDTH, height: FRAME_HEIGHT, channels: 3, background: BACKDROP } })
    .composite(layers)
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}
