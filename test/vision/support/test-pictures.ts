/**
 * Pictures for the tests of `vision/`: portraits of `tabler-ui`, alone or pasted into a frame at given
 * positions.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FACES = join(ROOT, 'node_modules', 'tabler-ui', 'dist', 'demo', 'faces');

/** Returns a photograph of 128×128 pixels as a JPEG; the face takes about half of its width. */
export function portrait(name: string): Buffer {
  return readFileSync(join(FACES, `${name}.jpg`));
}

export const PORTRAIT_SIDE = 128;
/** Four different people. */
export const PEOPLE = ['female/26', 'female/6', 'male/4', 'male/41'] as const;

/**
 * Returns a JPEG of 1280×720 in which each portrait is `side` pixels wide, with its upper left corner at
 * `left`, `top`.
 */
export async function frameOf(
  pasted: readonly { name: string; side: number; left: number; top: number }[],
): Promise<Buffer> {
  const layers = await Promise.all(
    pasted.map(async ({ name, side, left, top }) => ({
      input: await sharp(portrait(name)).resize(side, side).toBuffer(),
      left,
      top,
    })),
  );
  return background(1280, 720).composite(layers).jpeg({ quality: 90 }).toBuffer();
}

/** Returns a picture of stripes in uneven light, like shelves. */
export function background(width: number, height: number): Sharp {
  const rgb = new Uint8Array(3 * width * height);
  for (let index = 0; index < rgb.length; index++) {
    const x = Math.floor(index / 3) % width;
    const y = Math.floor(index / 3 / width);
    rgb[index] = 110 + 40 * Math.sin(x / 97) + 30 * Math.cos(y / 71) + (((x >> 6) + (y >> 6)) % 2) * 24;
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** Returns a picture of seeded noise, equal on every call. */
export function noise(width: number, height: number): Sharp {
  const rgb = new Uint8Array(3 * width * height);
  for (let index = 0, state = 1; index < rgb.length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    rgb[index] = state >>> 24;
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}
