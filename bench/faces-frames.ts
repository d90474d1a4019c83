/** Camera frames for the faces bench: portraits of an npm package, pasted at known positions and sizes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { createFaceDetector, INPUT_SIZES } from '#vision/detect/face-detector.ts';
import { readConvertedNet } from '#vision/nets/converted-nets.ts';
import type { Picture } from '#vision/picture/decode.ts';
import { decodePicture } from '#vision/picture/decode.ts';

/** A portrait of 128 pixels and the box of its face. */
export interface Portrait {
  readonly jpeg: Uint8Array;
  readonly side: number;
  readonly box: PastedFace;
}

export interface PastedFace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const WIDTH = 1280;
const HEIGHT = 720;
const COLUMNS = 4;
const ROWS = 2;

/** Returns the portraits whose face is detected at full size. */
export async function portraits(root: string): Promise<Portrait[]> {
  const detector = createFaceDetector(readConvertedNet('blazeFace'), {
    sizes: INPUT_SIZES,
    scaleMax: 1,
    scoreMin: 0.5,
  });
  const usable: Portrait[] = [];
  for (const sex of ['female', 'male']) {
    const folder = join(root, 'node_modules', 'tabler-ui', 'dist', 'demo', 'faces', sex);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.jpg'))) {
      const jpeg = readFileSync(join(folder, file));
      const picture = await decodePicture(jpeg);
      const [box] = await detector.detect(picture);
      if (box !== undefined) usable.push({ jpeg, side: picture.width, box });
    }
  }
  await detector.close();
  return usable;
}

/**
 * Returns a frame of 1280×720 with one face per width, each in its own eighth of the frame, and the true boxes.
 *
 * @param widths at most eight, in pixels.
 */
export async function frameWith(
  faces: readonly Portrait[],
  widths: readonly number[],
  random: () => number,
): Promise<{ picture: Picture; truth: PastedFace[] }> {
  const truth: PastedFace[] = [];
  const layers: { input: Buffer; left: number; top: number }[] = [];
  for (const [at, width] of widths.entries()) {
    const portrait = faces[Math.floor(random() * faces.length)];
    if (portrait === undefined) throw new RangeError('there are no portraits to paste');
    const scale = width / portrait.box.width;
    const side = Math.round(portrait.side * scale);
    const spot = { width: WIDTH / COLUMNS, height: HEIGHT / ROWS };
    const left = Math.floor((at % COLUMNS) * spot.width + random() * Math.max(0, spot.width - side));
    const top = Math.floor(
      Math.floor(at / COLUMNS) * spot.height + random() * Math.max(0, spot.height - side),
    );
    layers.push({ input: await sharp(portrait.jpeg).resize(side, side).toBuffer(), left, top });
    const { box } = portrait;
    truth.push({
      left: left + box.left * scale,
      top: top + box.top * scale,
      width,
      height: box.height * scale,
    });
  }
  const jpeg = await sharp(background(random), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .composite(layers)
    .jpeg({ quality: 88 })
    .toBuffer();
  return { picture: await decodePicture(jpeg), truth };
}

/** Returns RGB of uneven light, stripes like shelves, and grain. */
function background(random: () => number): Uint8Array {
  const rgb = new Uint8ClampedArray(3 * WIDTH * HEIGHT);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const light = 110 + 40 * Math.sin(x / 97) + 30 * Math.cos(y / 71) + (((x >> 6) + (y >> 6)) % 2) * 24;
      for (let channel = 0; channel < 3; channel++) rgb[at++] = light + 6 * channel + 8 * random();
    }
  }
  return new Uint8Array(rgb.buffer);
}
