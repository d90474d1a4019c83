/**
 * A camera's frame for the demonstration: photographs of faces, pasted before a shop's backdrop at the size, in the
 * light and with the blur that a camera above a door gives them. The pixels are real, so what is found in them is.
 */
import sharp from 'sharp';
import { FRAME_HEIGHT, FRAME_WIDTH } from './floor-plan.ts';
import type { Random } from './random.ts';

/** Somebody before the camera: a photograph with one face in it. */
export interface Sitter {
  readonly photograph: Uint8Array;
}

/** Sides of a pasted photograph, of which the face is about half. Pixels. */
const SIDE_MIN = 170;
const SIDE_MAX = 260;
const LIGHT_MIN = 0.75;
const LIGHT_MAX = 1.15;
const BLUR_SIGMA_MAX = 1.1;
const TILT_DEGREES_MAX = 8;
const JPEG_QUALITY = 86;

/** As many as stand side by side without hiding one another. */
export const SITTERS_MAX = 4;

const BACKDROP = { r: 196, g: 203, b: 209 };

/** A JPEG of 1280 × 720 with these people in it, from left to right. */
export async function renderFrame(random: Random, sitters: readonly Sitter[]): Promise<Uint8Array> {
  const slot = FRAME_WIDTH / Math.max(sitters.length, 1);
  const people = await Promise.all(
    sitters.slice(0, SITTERS_MAX).map(async ({ photograph }, index) => {
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
    .composite(people)
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}
