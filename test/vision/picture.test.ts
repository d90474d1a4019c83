import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePicture } from '#vision/picture.ts';
import { portrait, SOME_PEOPLE } from './pictures.ts';

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

describe('a decoded picture', () => {
  it('has three bytes a pixel, rows from the top, out of a PNG or a JPEG', async () => {
    const png = await decodePicture(await twoColours.clone().png().toBuffer());
    expect([png.width, png.height, png.rgb.length]).toEqual([200, 100, 60_000]);
    expect(pixel(png, 10, 50)).toEqual([255, 0, 0]);
    expect(pixel(png, 190, 50)).toEqual([0, 0, 255]);
    const jpeg = await decodePicture(await twoColours.clone().jpeg().toBuffer());
    expect(pixel(jpeg, 10, 50)[0]).toBeGreaterThan(240);
    expect(pixel(jpeg, 190, 50)[2]).toBeGreaterThan(240);
  });

  it('stands upright although the camera lay on its side', async () => {
    const onItsSide = await twoColours.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const picture = await decodePicture(onItsSide);
    expect([picture.width, picture.height]).toEqual([100, 200]);
    expect(pixel(picture, 50, 10)[0]).toBeGreaterThan(240);
    expect(pixel(picture, 50, 190)[2]).toBeGreaterThan(240);
  });

  it('is colour, also where the file is grey, transparent or of 16 bits', async () => {
    const grey = await decodePicture(await twoColours.clone().greyscale().png().toBuffer());
    expect(grey.rgb).toHaveLength(60_000);
    const transparent = await decodePicture(await twoColours.clone().ensureAlpha(0).png().toBuffer());
    expect(transparent.rgb).toHaveLength(60_000);
    const deep = await decodePicture(await twoColours.clone().toColourspace('rgb16').png().toBuffer());
    expect(pixel(deep, 10, 50)).toEqual([255, 0, 0]);
  });
});

describe('bytes that are no picture to work on', () => {
  it('are refused as not a picture', async () => {
    for (const bytes of [
      Buffer.from('hello'),
      Buffer.alloc(0),
      Buffer.from('GIF89a…'),
      Buffer.from('<svg/>'),
    ])
      await expect(decodePicture(bytes)).rejects.toMatchObject({ why: 'not a picture' });
  });

  it('are refused as broken where the end is missing', async () => {
    const jpeg = portrait(SOME_PEOPLE[0] ?? '');
    for (const share of [0.05, 0.5, 0.9])
      await expect(decodePicture(jpeg.subarray(0, jpeg.length * share))).rejects.toMatchObject({
        why: 'broken',
      });
    const png = await sharp(jpeg).png().toBuffer();
    await expect(decodePicture(png.subarray(0, png.length / 2))).rejects.toMatchObject({ why: 'broken' });
  });

  it('are refused as too small, one pixel or under what the caller wants', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    await expect(decodePicture(dot)).rejects.toMatchObject({ why: 'too small' });
    await expect(
      decodePicture(await twoColours.clone().png().toBuffer(), { sideMin: 101 }),
    ).rejects.toMatchObject({
      why: 'too small',
    });
  });

  it('are refused by their header where they would unfold to 50 megapixels', async () => {
    // A header alone: were anything decoded, the picture would be called broken.
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
    await expect(decodePicture(file)).rejects.toMatchObject({ why: 'too large' });
    await expect(decodePicture(portrait('male/4'), { pixelsMax: 16_000 })).rejects.toMatchObject({
      why: 'too large',
    });
  });
});
