import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overlap } from '#vision/blaze-face.ts';
import type { Face, FaceEngine } from '#vision/face-engine.ts';
import { createFaceEngine } from '#vision/face-engine.ts';
import { decodePicture } from '#vision/picture.ts';
import { refusalOf } from '#vision/quality.ts';
import { cosine, similarityOf } from '#vision/similarity.ts';
import { background, frameOf, noise, PORTRAIT_SIDE, portrait, SOME_PEOPLE } from './pictures.ts';

let engine: FaceEngine;
beforeAll(async () => {
  engine = await createFaceEngine();
});
afterAll(() => engine.close());

async function largest(bytes: Uint8Array): Promise<{ face: Face; vector: Float32Array }> {
  const picture = await decodePicture(bytes);
  const [face] = await engine.detect(picture);
  if (face === undefined) throw new Error('no face found');
  return { face, vector: await engine.embed(picture, face) };
}

/** A portrait with room around it, enlarged so that the face is about 120 pixels wide. */
function large(name = SOME_PEOPLE[0] ?? ''): Sharp {
  return sharp(portrait(name)).resize(256, 256);
}

describe('faces in a frame', () => {
  it('are found where they are, also small ones, and the largest comes first', async () => {
    const pasted = [
      { name: SOME_PEOPLE[0] ?? '', side: 340, left: 60, top: 200 },
      { name: SOME_PEOPLE[1] ?? '', side: 170, left: 500, top: 300 },
      { name: SOME_PEOPLE[2] ?? '', side: 120, left: 800, top: 80 },
      { name: SOME_PEOPLE[3] ?? '', side: 90, left: 1100, top: 500 },
    ];
    const faces = await engine.detect(await decodePicture(await frameOf(pasted)));
    expect(faces).toHaveLength(pasted.length);
    for (const [at, { name, side, left, top }] of pasted.entries()) {
      const { face } = await largest(portrait(name));
      const scale = side / PORTRAIT_SIDE;
      const wanted = {
        left: left + face.box.left * scale,
        top: top + face.box.top * scale,
        width: face.box.width * scale,
        height: face.box.height * scale,
      };
      const found = faces[at];
      expect(found && overlap(found.box, wanted)).toBeGreaterThan(0.6);
      expect(found?.confidence).toBeGreaterThan(0.9);
    }
  });

  it('come at most as many as asked for, the largest of them', async () => {
    const name = SOME_PEOPLE[0] ?? '';
    const frame = await frameOf([
      { name, side: 128, left: 100, top: 100 },
      { name, side: 300, left: 600, top: 200 },
    ]);
    const picture = await decodePicture(frame);
    const [all, one] = [await engine.detect(picture), await engine.detect(picture, { facesMax: 1 })];
    expect(all).toHaveLength(2);
    expect(one.map(({ box }) => Math.round(box.left))).toEqual([Math.round(all[0]?.box.left ?? 0)]);
  });

  it('have eyes above the nose above the mouth, left on the left of the picture', async () => {
    for (const name of SOME_PEOPLE) {
      const { face } = await largest(portrait(name));
      const at = Object.fromEntries(face.landmarks.map(({ kind, x, y }) => [kind, { x, y }]));
      expect(Object.keys(at).toSorted()).toEqual(['leftEye', 'mouthLeft', 'mouthRight', 'nose', 'rightEye']);
      expect(at['leftEye']?.x).toBeLessThan(at['rightEye']?.x ?? 0);
      expect(at['mouthLeft']?.x).toBeLessThan(at['mouthRight']?.x ?? 0);
      expect(at['leftEye']?.y).toBeLessThan(at['nose']?.y ?? 0);
      expect(at['nose']?.y).toBeLessThan(at['mouthLeft']?.y ?? 0);
    }
  });

  it('are said to be turned as far as the picture is turned', async () => {
    const upright = await largest(await large().png().toBuffer());
    const turned = await largest(await large().rotate(20, { background: 'grey' }).png().toBuffer());
    expect(turned.face.pose.roll - upright.face.pose.roll).toBeCloseTo(20, -1);
    expect(cosine(turned.vector, upright.vector)).toBeGreaterThan(0.85);
  });
});

describe('a picture without faces', () => {
  it('gives none', async () => {
    const pictures = [
      sharp({ create: { width: 640, height: 480, channels: 3, background: 'black' } }),
      noise(640, 480),
      background(1280, 720),
    ];
    for (const picture of pictures)
      expect(await engine.detect(await decodePicture(await picture.png().toBuffer()))).toEqual([]);
  });
});

describe('the vector of a face', () => {
  it('has length one and the number of places the engine says', async () => {
    const { vector } = await largest(portrait(SOME_PEOPLE[1] ?? ''));
    expect(vector).toHaveLength(engine.vectorLength);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
  });

  it('stays a match after resizing, slight blur, less light and strong compression', async () => {
    const { vector } = await largest(await large().png().toBuffer());
    const variants = [
      large().resize(400, 400).png(),
      sharp(portrait(SOME_PEOPLE[0] ?? '')).png(),
      large().blur(1.5).png(),
      large().linear(0.4, 0).png(),
      large().jpeg({ quality: 30 }),
    ];
    for (const variant of variants) {
      const other = await largest(await variant.toBuffer());
      expect(similarityOf(cosine(vector, other.vector))).toBeGreaterThan(99);
    }
  });

  it('is far from that of another person', async () => {
    const vectors = await Promise.all(
      SOME_PEOPLE.map(async (name) => (await largest(portrait(name))).vector),
    );
    for (const [i, a] of vectors.entries())
      for (const b of vectors.slice(i + 1)) expect(similarityOf(cosine(a, b))).toBeLessThan(50);
  });

  it('can be had from a face that came back over a wire', async () => {
    const picture = await decodePicture(portrait(SOME_PEOPLE[2] ?? ''));
    const [face] = await engine.detect(picture);
    if (face === undefined) throw new Error('no face found');
    const again: Face = structuredClone(face);
    expect(cosine(await engine.embed(picture, face), await engine.embed(picture, again))).toBeCloseTo(1, 5);
  });
});

describe('the quality of a shot', () => {
  it('falls with blur, until the face is refused', async () => {
    const sharpness: number[] = [];
    let refused: string | undefined;
    for (const sigma of [0.3, 2, 4, 6]) {
      const { face } = await largest(await large().blur(sigma).png().toBuffer());
      sharpness.push(face.quality.sharpness);
      refused = refusalOf(face);
    }
    expect(sharpness).toEqual(sharpness.toSorted((a, b) => b - a));
    expect(refused).toBe('too blurred');
  });

  it('falls with darkness, until the face is refused, and darkness is not taken for blur', async () => {
    const bright = (await largest(await large().png().toBuffer())).face;
    const dark = (await largest(await large().linear(0.08, 0).png().toBuffer())).face;
    expect(refusalOf(bright)).toBeUndefined();
    expect(dark.quality.brightness).toBeLessThan(bright.quality.brightness / 5);
    expect(Math.abs(dark.quality.sharpness - bright.quality.sharpness)).toBeLessThan(15);
    expect(refusalOf(dark)).toBe('too dark');
  });

  it('does not refuse a face of forty pixels for being small', async () => {
    const frame = await frameOf([{ name: SOME_PEOPLE[0] ?? '', side: 90, left: 600, top: 300 }]);
    const { face } = await largest(frame);
    expect(face.box.width).toBeLessThan(60);
    expect(refusalOf(face)).toBeUndefined();
  });
});
