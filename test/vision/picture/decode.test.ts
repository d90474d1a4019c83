import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '#vision/picture/decode.ts';
import { PEOPLE, portrait } from '../support/test-pictures.ts';

/** 200×100: red on the left, blue on the right. */
const twoColours = sharp({ create: { width: 200, height: 100, channels: 3, background: 'red' } }).composite([
  {
    input: { create: { width: 100, height: 100, channels: 3, background: 'blue' } },
    left: 100,
    top: 0,
  },
]);

function pixel({ rgb, width }: { rgb: Uint8Array; width: number }, x: number, y: number): number[] {
  return Array.from(rgb.subarray(3 * (y * width + x), 3 * (y * width + x) + 3));
}

describe('decodePicture', () => {
  it('returns three bytes a pixel, rows from the top, of a PNG and of a JPEG', async () => {
    const png = await decodePicture(await twoColours.clone().png().toBuffer());
    expect([png.width, png.height, png.rgb.length]).toEqual([200, 100, 60_000]);
    expect(pixel(png, 10, 50)).toEqual([255, 0, 0]);
    expect(pixel(png, 190, 50)).toEqual([0, 0, 255]);
    const jpeg = await decodePicture(await twoColours.clone().jpeg().toBuffer());
    expect(pixel(jpeg, 10, 50)[0]).toBeGreaterThan(240);
    expect(pixel(jpeg, 190, 50)[2]).toBeGreaterThan(240);
  });

  it('applies the EXIF orientation', async () => {
    const sideways = await twoColours.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const picture = await decodePicture(sideways);
    expect([picture.width, picture.height]).toEqual([100, 200]);
    expect(pixel(picture, 50, 10)[0]).toBeGreaterThan(240);
    expect(pixel(picture, 50, 190)[2]).toBeGreaterThan(240);
  });

  it('returns three channels also for a grey, a transparent and a 16-bit file', async () => {
    const grey = await decodePicture(await twoColours.clone().greyscale().png().toBuffer());
    expect(grey.rgb).toHaveLength(60_000);
    const transparent = await decodePicture(await twoColours.clone().ensureAlpha(0).png().toBuffer());
    expect(transparent.rgb).toHaveLength(60_000);
    const deep = await decodePicture(await twoColours.clone().toColourspace('rgb16').png().toBuffer());
    expect(pixel(deep, 10, 50)).toEqual([255, 0, 0]);
  });

  it('rejects bytes without the signature of a JPEG or PNG as not a picture', async () => {
    for (const bytes of [
      Buffer.from('hello'),
      Buffer.alloc(0),
      Buffer.from('GIF89a…'),
      Buffer.from('<svg/>'),
    ])
      await expect(decodePicture(bytes)).rejects.toMatchObject({ reason: 'not-a-picture' });
  });

  it('rejects a truncated file as corrupt', async () => {
    const jpeg = portrait(PEOPLE[0]);
    for (const share of [0.05, 0.5, 0.9])
      await expect(decodePicture(jpeg.subarray(0, jpeg.length * share))).rejects.toMatchObject({
        reason: 'corrupt',
      });
    const png = await sharp(jpeg).png().toBuffer();
    await expect(decodePicture(png.subarray(0, png.length / 2))).rejects.toMatchObject({ reason: 'corrupt' });
  });

  it('rejects a picture with a side below the minimum as too small', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await expect(decodePicture(dot)).rejects.toMatchObject({ reason: 'too-small' });
    await expect(
      decodePicture(await twoColours.clone().png().toBuffer(), { sideMin: 101 }),
    ).rejects.toMatchObject({ reason: 'too-small' });
  });

  it('rejects a picture of 50 megapixels as too large, by its header alone', async () => {
    // The file has only a header: if it were decoded, the reason would be `corrupt`.
    const header = Buffer.alloc(33);
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]).copy(
      header,
    );
    header.writeUInt32BE(10_000, 16);
    header.writeUInt32BE(5_000, 20);
    header.set([8, 2, 0, 0, 0], 24);
    header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
    const file = Buffer.concat([
      header,
      Buffer.from([0, 0, 0, 0, 0x49, 0x44, 0x41, 0x54, 0x35, 0xaf, 0x06, 0x1e]),
    ]);
    await expect(decodePicture(file)).rejects.toMatchObject({ reason: 'too-large' });
    await expect(decodePicture(portrait('male/4'), { pixelsMax: 16_000 })).rejects.toMatchObject({
      reason: 'too-large',
    });
  });
});
