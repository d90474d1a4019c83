import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intersectionOverUnion } from '#vision/detect/boxes.ts';
import { cosine, similarityOf } from '#vision/embed/similarity.ts';
import type { Face, FaceEngine } from '#vision/engine/face-engine.ts';
import { createFaceEngine } from '#vision/engine/face-engine.ts';
import { decodePicture } from '#vision/picture/decode.ts';
import { defectOf } from '#vision/quality/shot-quality.ts';
import { background, frameOf, noise, PEOPLE, PORTRAIT_SIDE, portrait } from '../support/test-pictures.ts';

let engine: FaceEngine;
beforeAll(async () => {
  engine = await createFaceEngine();
});
afterAll(() => engine.close());

async function largestFace(bytes: Uint8Array): Promise<{ face: Face; vector: Float32Array }> {
  const picture = await decodePicture(bytes);
  const [face] = await engine.detect(picture);
  if (face === undefined) throw new Error('no face detected');
  return { face, vector: await engine.embed(picture, face) };
}

/** A portrait of 256×256 pixels; the face is about 120 pixels wide. */
function largePortrait(name: string = PEOPLE[0]): Sharp {
  return sharp(portrait(name)).resize(256, 256);
}

describe('the face engine, detecting', () => {
  it('returns faces of different sizes at their positions, largest first', async () => {
    const pasted = [
      { name: PEOPLE[0], side: 340, left: 60, top: 200 },
      { name: PEOPLE[1], side: 170, left: 500, top: 300 },
      { name: PEOPLE[2], side: 120, left: 800, top: 80 },
      { name: PEOPLE[3], side: 90, left: 1100, top: 500 },
    ];
    const faces = await engine.detect(await decodePicture(await frameOf(pasted)));
    expect(faces).toHaveLength(pasted.length);
    for (const [index, { name, side, left, top }] of pasted.entries()) {
      const { face } = await largestFace(portrait(name));
      const scale = side / PORTRAIT_SIDE;
      const expected = {
        left: left + face.box.left * scale,
        top: top + face.box.top * scale,
        width: face.box.width * scale,
        height: face.box.height * scale,
      };
      const detected = faces[index];
      expect(detected && intersectionOverUnion(detected.box, expected)).toBeGreaterThan(0.6);
      expect(detected?.confidence).toBeGreaterThan(0.9);
    }
  });

  it('returns at most the requested number of faces, the largest', async () => {
    const name = PEOPLE[0];
    const frame = await frameOf([
      { name, side: 128, left: 100, top: 100 },
      { name, side: 300, left: 600, top: 200 },
    ]);
    const picture = await decodePicture(frame);
    const [all, one] = [await engine.detect(picture), await engine.detect(picture, { facesMax: 1 })];
    expect(all).toHaveLength(2);
    expect(one.map(({ box }) => Math.round(box.left))).toEqual([Math.round(all[0]?.box.left ?? 0)]);
  });

  it('returns eyes above the nose above the mouth, left ones on the left of the picture', async () => {
    for (const name of PEOPLE) {
      const { face } = await largestFace(portrait(name));
      const at = Object.fromEntries(face.landmarks.map(({ kind, x, y }) => [kind, { x, y }]));
      expect(Object.keys(at).toSorted()).toEqual(['leftEye', 'mouthLeft', 'mouthRight', 'nose', 'rightEye']);
      expect(at['leftEye']?.x).toBeLessThan(at['rightEye']?.x ?? 0);
      expect(at['mouthLeft']?.x).toBeLessThan(at['mouthRight']?.x ?? 0);
      expect(at['leftEye']?.y).toBeLessThan(at['nose']?.y ?? 0);
      expect(at['nose']?.y).toBeLessThan(at['mouthLeft']?.y ?? 0);
    }
  });

  it('measures the roll by which a picture was rotated', async () => {
    const upright = await largestFace(await largePortrait().png().toBuffer());
    const rotated = await largestFace(
      await largePortrait().rotate(20, { background: 'grey' }).png().toBuffer(),
    );
    expect(rotated.face.pose.roll - upright.face.pose.roll).toBeCloseTo(20, -1);
    expect(cosine(rotated.vector, upright.vector)).toBeGreaterThan(0.85);
  });

  it('returns no face for a picture without one', async () => {
    const pictures = [
      sharp({ create: { width: 640, height: 480, channels: 3, background: 'black' } }),
      noise(640, 480),
      background(1280, 720),
    ];
    for (const picture of pictures)
      expect(await engine.detect(await decodePicture(await picture.png().toBuffer()))).toEqual([]);
  });
});

describe('the face engine, embedding', () => {
  it('returns a unit vector of the declared length', async () => {
    const { vector } = await largestFace(portrait(PEOPLE[1]));
    expect(vector).toHaveLength(engine.vectorLength);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
  });

  it('returns a matching vector after resizing, slight blur, less light and strong compression', async () => {
    const { vector } = await largestFace(await largePortrait().png().toBuffer());
    const variants = [
      largePortrait().resize(400, 400).png(),
      sharp(portrait(PEOPLE[0])).png(),
      largePortrait().blur(1.5).png(),
      largePortrait().linear(0.4, 0).png(),
      largePortrait().jpeg({ quality: 30 }),
    ];
    for (const variant of variants) {
      const other = await largestFace(await variant.toBuffer());
      expect(similarityOf(cosine(vector, other.vector))).toBeGreaterThan(99);
    }
  });

  it('returns vectors of low similarity for different people', async () => {
    const vectors = await Promise.all(PEOPLE.map(async (name) => (await largestFace(portrait(name))).vector));
    for (const [index, a] of vectors.entries())
      for (const b of vectors.slice(index + 1)) expect(similarityOf(cosine(a, b))).toBeLessThan(50);
  });

  it('returns the same vector for a face that was copied, as over a wire', async () => {
    const picture = await decodePicture(portrait(PEOPLE[2]));
    const [face] = await engine.detect(picture);
    if (face === undefined) throw new Error('no face detected');
    const copy: Face = structuredClone(face);
    expect(cosine(await engine.embed(picture, face), await engine.embed(picture, copy))).toBeCloseTo(1, 5);
  });

  it('rejects a face without all five landmarks', async () => {
    const picture = await decodePicture(portrait(PEOPLE[2]));
    const [face] = await engine.detect(picture);
    if (face === undefined) throw new Error('no face detected');
    const incomplete: Face = { ...face, landmarks: face.landmarks.filter(({ kind }) => kind !== 'nose') };
    await expect(engine.embed(picture, incomplete)).rejects.toThrow('nose');
  });
});

describe('the quality of a shot', () => {
  it('falls with blur, until the face is too blurred', async () => {
    const sharpness: number[] = [];
    let defect: string | undefined;
    for (const sigma of [0.3, 2, 4, 6]) {
      const { face } = await largestFace(await largePortrait().blur(sigma).png().toBuffer());
      sharpness.push(face.quality.sharpness);
      defect = defectOf(face);
    }
    expect(sharpness).toEqual(sharpness.toSorted((a, b) => b - a));
    expect(defect).toBe('too-blurred');
  });

  it('falls with darkness, until the face is too dark, without counting darkness as blur', async () => {
    const bright = (await largestFace(await largePortrait().png().toBuffer())).face;
    const dark = (await largestFace(await largePortrait().linear(0.08, 0).png().toBuffer())).face;
    expect(defectOf(bright)).toBeUndefined();
    expect(dark.quality.brightness).toBeLessThan(bright.quality.brightness / 5);
    expect(Math.abs(dark.quality.sharpness - bright.quality.sharpness)).toBeLessThan(15);
    expect(defectOf(dark)).toBe('too-dark');
  });

  it('has no defect for a face of forty pixels', async () => {
    const frame = await frameOf([{ name: PEOPLE[0], side: 90, left: 600, top: 300 }]);
    const { face } = await largestFace(frame);
    expect(face.box.width).toBeLessThan(60);
    expect(defectOf(face)).toBeUndefined();
  });
});
