/**
 * The header of a JPEG: size and orientation. A function can reject an unusable picture without decoding it, which in a
 * Lambda would need native code, and with a malicious picture all of its memory.
 *
 * The format is ITU-T T.81: segments of a marker and a length, the size in the one that starts the frame (SOF), then the
 * scan, and at last an end marker, whose absence shows a truncated transfer. The orientation is EXIF's tag 0x0112.
 */

export interface JpegSize {
  /** Pixels, after the rotation of EXIF. */
  readonly width: number;
  readonly height: number;
}

export type JpegReading =
  | ({ readonly kind: 'jpeg' } & JpegSize)
  | { readonly kind: 'not a jpeg' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'broken'; readonly why: string };

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP1 = 0xe1;
/** Segments before the frame: a camera writes a dozen, so more are no picture. */
const SEGMENTS_MAX = 1_000;

/** The markers that start a frame; 0xc4, 0xc8 and 0xcc start tables. */
const isFrameStart = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Markers without a length. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** Parses the header of a JPEG. Never throws: bytes that are no complete JPEG are a reading of their own kind. */
export function readJpeg(bytes: Uint8Array): JpegReading {
  if (bytes[0] !== 0xff || bytes[1] !== SOI || bytes[2] !== 0xff) return { kind: 'not a jpeg' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size: JpegSize | undefined;
  let isTurned = false;
  let at = 2;
  for (let segment = 0; segment < SEGMENTS_MAX; segment++) {
    if (bytes[at] !== 0xff) return at >= bytes.length ? { kind: 'truncated' } : broken('a marker is missing');
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at++];
    if (marker === undefined) return { kind: 'truncated' };
    if (isBare(marker)) continue;
    if (marker === SOI || marker === EOI || marker === 0) return broken('it ends before its picture begins');
    if (at + 2 > bytes.length) return { kind: 'truncated' };
    const length = view.getUint16(at);
    if (length < 2) return broken('a segment is shorter than its own length');
    if (at + length > bytes.length) return { kind: 'truncated' };
    if (marker === SOS) {
      if (size === undefined) return broken('its picture has no size');
      return endsAfter(bytes, at + length)
        ? { kind: 'jpeg', ...upright(size, isTurned) }
        : { kind: 'truncated' };
    }
    if (marker === APP1) isTurned ||= isOnItsSide(bytes.subarray(at + 2, at + length));
    if (isFrameStart(marker)) {
      if (length < 8) return broken('its frame has no size');
      size = { height: view.getUint16(at + 3), width: view.getUint16(at + 5) };
      if (size.width === 0 || size.height === 0) return broken('its frame is empty');
    }
    at += length;
  }
  return broken('it has too many segments');
}

const broken = (why: string): JpegReading => ({ kind: 'broken', why });

const upright = ({ width, height }: JpegSize, isTurned: boolean): JpegSize =>
  isTurned ? { width: height, height: width } : { width, height };

/** Some cameras write a few bytes after the end; within the scan the marker cannot occur by coincidence. */
function endsAfter(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.length - 2; at >= from; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === EOI) return true;
  }
  return false;
}

const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION_TAG = 0x0112;
/** Orientations from 5 on swap width and height. */
const FIRST_ON_ITS_SIDE = 5;
const LAST_ON_ITS_SIDE = 8;

/** Whether an APP1 segment is EXIF with an orientation that swaps width and height; invalid EXIF has none. */
function isOnItsSide(segment: Uint8Array): boolean {
  if (!EXIF.every((byte, index) => segment[index] === byte)) return false;
  const tiff = segment.subarray(EXIF.length);
  if (tiff.length < 8) return false;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return false;
  const isLittle = order === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > tiff.length) return false;
  const entries = view.getUint16(directory, isLittle);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > tiff.length) return false;
    if (view.getUint16(at, isLittle) !== ORIENTATION_TAG) continue;
    const orientation = view.getUint16(at + 8, isLittle);
    return orientation >= FIRST_ON_ITS_SIDE && orientation <= LAST_ON_ITS_SIDE;
  }
  return false;
}

/** Rekognition rejects a side below this. */
export const SIDE_PX_MIN = 80;

/** A little more than the frame of an 8K camera. */
export const PIXELS_MAX = 36_000_000;

/** Returns why a picture of this size is rejected, as a sentence; undefined where it is accepted. */
export function unusableSize({ width, height }: JpegSize): string | undefined {
  if (Math.min(width, height) < SIDE_PX_MIN) {
    return `The picture has ${width} × ${height} pixels; either side must have ${SIDE_PX_MIN} or more.`;
  }
  if (width * height > PIXELS_MAX) {
    return `The picture has ${width} × ${height} pixels; it must not have more than ${PIXELS_MAX / 1e6} million.`;
  }
  return undefined;
}
