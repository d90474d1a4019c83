/** Pictures for the tests of vision: portraits out of `tabler-ui`, alone or pasted into a frame at known places. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const FACES = join(import.meta.dirname, '..', '..', 'node_modules', 'tabler-ui', 'dist', 'demo', 'faces');

/** A photograph of 128×128; the face takes about half of its width. */
export function portrait(name: string): Buffer {
  return readFileSync(join(FACES, `${name}.jpg`));
}

export const PORTRAIT_SIDE = 128;
export const SOME_PEOPLE = ['female/26', 'female/6', 'male/4', 'male/41'];

/** A camera's frame of 1280×720 in which each portrait begins at `left`, `top` and is `side` pixels wide. */
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

/** Stripes of shelves in uneven light. */
export function background(width: number, height: number): Sharp {
  const rgb = new Uint8Array(3 * width * height);
  for (let at = 0; at < rgb.length; at++) {
    const x = Math.floor(at / 3) % width;
    const y = Math.floor(at / 3 / width);
    rgb[at] = 110 + 40 * Math.sin(x / 97) + 30 * Math.cos(y / 71) + (((x >> 6) + (y >> 6)) % 2) * 24;
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** A picture of pure chance, the same each time. */
export function noise(width: number, height: number): Sharp {
  const rgb = new Uint8Array(3 * width * height);
  for (let at = 0, state = 1; at < rgb.length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    rgb[at] = state >>> 24;
  }
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}
