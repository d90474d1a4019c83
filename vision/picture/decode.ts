/**
 * Decodes a JPEG or PNG to RGB pixels.
 *
 * Cameras and till tablets post truncated files, text, pictures of one pixel, phone pictures that are stored
 * sideways, and a few kilobytes that would decode to gigabytes. So the header is read first and limits are
 * checked there; pixels are decoded only within the limits.
 */
import sharp from 'sharp';

/** Decoded pixels: RGB, 8 bits a channel, interleaved, rows from the top, EXIF orientation applied. */
export interface Picture {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** 3 · width · height bytes. */
  readonly rgb: Uint8Array;
}

export type InvalidPictureReason = 'not-a-picture' | 'corrupt' | 'too-large' | 'too-small';

/** Bytes that are not a picture within the limits. */
export class InvalidPictureError extends Error {
  override readonly name = 'InvalidPictureError';
  readonly reason: InvalidPictureReason;

  constructor(reason: InvalidPictureReason, message: string = reason) {
    super(message);
    this.reason = reason;
  }
}

/** Accepts the picture of a 24-megapixel camera, which takes 72 MB when decoded. */
const PIXELS_MAX = 25_000_000;
/** Rekognition's documented minimum: 80 pixels a side. */
const SIDE_MIN = 80;
const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47];

// One picture is decoded on one core; parallelism comes from the number of workers.
sharp.concurrency(1);
// Pictures rarely repeat, and a cache would keep faces in memory.
sharp.cache(false);

/**
 * Decodes JPEG or PNG bytes to an upright RGB picture. Transparent pixels become black.
 *
 * @param limits `pixelsMax`: width · height, default 25,000,000; `sideMin`: pixels of the shorter side,
 *   default 80.
 * @throws InvalidPictureError `not-a-picture` by the signature, `too-large` or `too-small` by the header,
 *   `corrupt` where decoding fails.
 */
export async function decodePicture(
  bytes: Uint8Array,
  limits: { pixelsMax?: number; sideMin?: number } = {},
): Promise<Picture> {
  const { pixelsMax = PIXELS_MAX, sideMin = SIDE_MIN } = limits;
  if (!startsWith(bytes, JPEG_SIGNATURE) && !startsWith(bytes, PNG_SIGNATURE))
    throw new InvalidPictureError('not-a-picture');
  const { width, height } = await rejectCorrupt(sharp(bytes, { limitInputPixels: false }).metadata());
  if (width * height > pixelsMax)
    throw new InvalidPictureError('too-large', `${width}×${height} exceeds ${pixelsMax} pixels`);
  if (Math.min(width, height) < sideMin)
    throw new InvalidPictureError('too-small', `${width}×${height} has a side below ${sideMin} pixels`);
  const { data, info } = await rejectCorrupt(
    sharp(bytes, { failOn: 'truncated', limitInputPixels: pixelsMax, autoOrient: true })
      .flatten()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  if (info.channels !== 3)
    throw new InvalidPictureError('corrupt', `${info.channels} channels after decoding`);
  return { width: info.width, height: info.height, rgb: data };
}

/**
 * Maps every error of the decoder to `corrupt`: once the limits are checked, only the bytes can be at fault.
 */
async function rejectCorrupt<T>(decoding: Promise<T>): Promise<T> {
  try {
    return await decoding;
  } catch (error) {
    throw new InvalidPictureError('corrupt', error instanceof Error ? error.message : String(error));
  }
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}
