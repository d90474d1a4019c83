/**
 * From the bytes of a JPEG or PNG to pixels.
 *
 * Cameras and till tablets post whatever they have: half a file, a text, a picture of one pixel, a phone's
 * picture lying on its side, a few kilobytes that would unfold to gigabytes. The header is read first and the
 * refusal decided there; only then are pixels decoded.
 */
import sharp from 'sharp';

/** Decoded pixels: RGB, 8 bits, rows from the top, EXIF orientation applied. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export type PictureRefusal = 'not a picture' | 'broken' | 'too large' | 'too small';

export class PictureRefused extends Error {
  override readonly name = 'PictureRefused';
  readonly why: PictureRefusal;

  constructor(why: PictureRefusal, message: string = why) {
    super(message);
    this.why = why;
  }
}

/** A picture of a 24-megapixel camera is still read; decoded it takes 72 MB. */
const PIXELS_MAX = 25_000_000;
/** As Rekognition documents it: smaller pictures are refused. */
const SIDE_MIN = 80;
const JPEG_MARK = [0xff, 0xd8, 0xff];
const PNG_MARK = [0x89, 0x50, 0x4e, 0x47];

// One picture is decoded on one core; who wants more of them at once has more workers.
sharp.concurrency(1);
// Pictures hardly ever come twice, and a cache would keep faces in memory.
sharp.cache(false);

/**
 * JPEG or PNG bytes → pixels. Transparent places become black.
 *
 * @throws PictureRefused
 */
export async function decodePicture(
  bytes: Uint8Array,
  limits: { pixelsMax?: number; sideMin?: number } = {},
): Promise<Picture> {
  const { pixelsMax = PIXELS_MAX, sideMin = SIDE_MIN } = limits;
  if (!startsWith(bytes, JPEG_MARK) && !startsWith(bytes, PNG_MARK))
    throw new PictureRefused('not a picture');
  const { width, height } = await orBroken(sharp(bytes, { limitInputPixels: false }).metadata());
  if (width * height > pixelsMax)
    throw new PictureRefused('too large', `${width}×${height} is more than ${pixelsMax} pixels`);
  if (Math.min(width, height) < sideMin)
    throw new PictureRefused('too small', `${width}×${height} has a side under ${sideMin} pixels`);
  const { data, info } = await orBroken(
    sharp(bytes, { failOn: 'truncated', limitInputPixels: pixelsMax, autoOrient: true })
      .flatten()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  if (info.channels !== 3) throw new PictureRefused('broken', `${info.channels} channels after decoding`);
  return { width: info.width, height: info.height, rgb: data };
}

/** What the decoder cannot read is the sender's fault, once the limits are kept. */
async function orBroken<T>(decoding: Promise<T>): Promise<T> {
  try {
    return await decoding;
  } catch (error) {
    throw new PictureRefused('broken', error instanceof Error ? error.message : String(error));
  }
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}
