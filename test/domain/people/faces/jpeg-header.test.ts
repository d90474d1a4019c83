import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIXELS_MAX, readJpeg, SIDE_PX_MIN, unusableSize } from '#domain/people/faces/jpeg-header.ts';
import { jpegOf } from '../../../support/jpeg.ts';

const side = fc.integer({ min: 1, max: 65_535 });

describe('the header of a JPEG', () => {
  it('has the size of the picture, rotated by EXIF', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 0, max: 8 }),
        fc.boolean(),
        (width, height, orientation, isBigEndian) => {
          const exif = orientation === 0 ? {} : { orientation, isBigEndian };
          const reading = readJpeg(jpegOf({ width, height, ...exif }));
          const isTurned = orientation >= 5;
          expect(reading).toEqual({
            kind: 'jpeg',
            width: isTurned ? height : width,
            height: isTurned ? width : height,
          });
        },
      ),
    );
  });

  it('is parsed even if bytes follow the end, as some cameras write them', () => {
    const bytes = Uint8Array.from([...jpegOf({ width: 100, height: 90 }), 0, 0, 0]);
    expect(readJpeg(bytes)).toEqual({ kind: 'jpeg', width: 100, height: 90 });
  });

  it('shows every truncated picture', () => {
    const whole = jpegOf({ width: 640, height: 480, orientation: 6 });
    for (let length = 0; length < whole.length; length++) {
      const { kind } = readJpeg(whole.subarray(0, length));
      expect(length < 3 ? ['not a jpeg'] : ['truncated'], `${length}`).toContain(kind);
    }
  });

  it('is never parsed from other bytes, and never throws', () => {
    for (const text of ['', 'GIF89a', '\u0089PNG', '%PDF', '{"a":1}']) {
      expect(readJpeg(Buffer.from(text)).kind).toBe('not a jpeg');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(['not a jpeg', 'truncated', 'broken', 'jpeg']).toContain(readJpeg(noise).kind);
        const begun = Uint8Array.from([0xff, 0xd8, 0xff, ...noise]);
        expect(['truncated', 'broken', 'jpeg']).toContain(readJpeg(begun).kind);
      }),
      { numRuns: 5_000 },
    );
  });

  it('never throws with one byte corrupted', () => {
    const whole = jpegOf({ width: 640, height: 480, orientation: 6, salt: 'salt' });
    for (let at = 0; at < whole.length; at++) {
      for (const byte of [0x00, 0xff, 0xd9, 0x02]) {
        const broken = Uint8Array.from(whole);
        broken[at] = byte;
        expect(() => readJpeg(broken)).not.toThrow();
      }
    }
  });
});

describe('the size of a picture', () => {
  it.each([
    [SIDE_PX_MIN, SIDE_PX_MIN, true],
    [1, 1, false],
    [1920, SIDE_PX_MIN - 1, false],
    [7680, 4320, true],
    [8660, 5774, false],
    [65_535, 65_535, false],
  ])('is checked for %i × %i', (width, height, isUsable) => {
    const reason = unusableSize({ width, height });
    expect(reason === undefined).toBe(isUsable);
    if (reason !== undefined) expect(reason).toContain(`${width} × ${height}`);
  });

  it('is accepted for an 8K camera', () => {
    expect(PIXELS_MAX).toBeGreaterThan(7680 * 4320);
  });
});
