/** JPEGs of which only the headers are valid: enough for a function that decodes no picture. */
export interface JpegParts {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 … 8. */
  readonly orientation?: number;
  /** Makes pictures of one size distinct. */
  readonly salt?: string;
  readonly isBigEndian?: boolean;
}

const segment = (marker: number, body: readonly number[]): number[] => [
  0xff,
  marker,
  (body.length + 2) >> 8,
  (body.length + 2) & 0xff,
  ...body,
];

function exif(orientation: number, isBigEndian: boolean): number[] {
  const u16 = (value: number) => (isBigEndian ? [value >> 8, value & 0xff] : [value & 0xff, value >> 8]);
  const u32 = (value: number) => (isBigEndian ? [0, 0, ...u16(value)] : [...u16(value), 0, 0]);
  const byteOrder = isBigEndian ? [0x4d, 0x4d] : [0x49, 0x49];
  const entry = (tag: number, value: number) => [...u16(tag), ...u16(3), ...u32(1), ...u16(value), 0, 0];
  const directory = [...u16(2), ...entry(0x0100, 7), ...entry(0x0112, orientation), ...u32(0)];
  return [0x45, 0x78, 0x69, 0x66, 0, 0, ...byteOrder, ...u16(42), ...u32(8), ...directory];
}

export function jpegOf({
  width,
  height,
  orientation,
  salt = '',
  isBigEndian = false,
}: JpegParts): Uint8Array {
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff];
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...(orientation === undefined ? [] : segment(0xe1, exif(orientation, isBigEndian))),
    ...segment(0xfe, [...Buffer.from(salt)]),
    ...segment(0xc4, [0, 1, 2]),
    ...segment(0xc0, [8, ...size, 1, 1, 0x11, 0]),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...[0x12, 0xff, 0x00, 0x34],
    ...[0xff, 0xd9],
  ]);
}
