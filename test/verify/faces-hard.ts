/**
 * The photographs as a shop's camera would have taken them: faces of 32 to 60 pixels, dark, tilted, out of focus. The
 * thresholds of `domain/people` were chosen by what is found and mistaken under these, not on the photographs as they are.
 */
import sharp, { type Sharp } from 'sharp';
import type { Photograph } from './faces-match.ts';

/** A face is 132 of a photograph's 400 pixels wide, in the middle of them. */
const sideFor = (facePixels: number): number => Math.ceil((facePixels * 400) / 132);

type Worsening = (picture: Sharp) => Sharp;

export const CONDITIONS: ReadonlyArray<readonly [name: string, worsen: Worsening]> = [
  ['60 pixels', (picture) => picture.resize(sideFor(60))],
  ['40 pixels', (picture) => picture.resize(sideFor(40))],
  ['32 pixels', (picture) => picture.resize(sideFor(32))],
  ['60 pixels, blurred by 1', (picture) => picture.resize(sideFor(60)).blur(1)],
  ['60 pixels, three tenths of the light', (picture) => picture.resize(sideFor(60)).linear(0.3, 0)],
  ['60 pixels, tilted by 15°', (picture) => picture.resize(sideFor(60)).rotate(15, { background: '#777' })],
  ['60 pixels, blurred by 2', (picture) => picture.resize(sideFor(60)).blur(2)],
];

const JPEG_QUALITY = 70;

export function worsened(photographs: readonly Photograph[], worsen: Worsening): Promise<Photograph[]> {
  return Promise.all(
    photographs.map(async ({ person, bytes }) => ({
      person,
      bytes: await worsen(sharp(bytes)).jpeg({ quality: JPEG_QUALITY }).toBuffer(),
    })),
  );
}
