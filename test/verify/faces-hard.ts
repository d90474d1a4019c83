/**
 * The photographs as a store's camera would take them: faces of 32 to 60 pixels, dark, tilted, out of focus. The
 * thresholds of `domain/people` were chosen by the matches under these conditions, not by the originals.
 */
import sharp, { type Sharp } from 'sharp';
import type { Photograph } from './faces-match.ts';

/** Returns the side of a photograph whose face is so many pixels wide: it takes 132 of 400. */
const sideFor = (facePixels: number): number => Math.ceil((facePixels * 400) / 132);

type Degradation = (picture: Sharp) => Sharp;

export const CONDITIONS: ReadonlyArray<readonly [name: string, degrade: Degradation]> = [
  ['60 pixels', (picture) => picture.resize(sideFor(60))],
  ['40 pixels', (picture) => picture.resize(sideFor(40))],
  ['32 pixels', (picture) => picture.resize(sideFor(32))],
  ['60 pixels, blurred by 1', (picture) => picture.resize(sideFor(60)).blur(1)],
  ['60 pixels, three tenths of the light', (picture) => picture.resize(sideFor(60)).linear(0.3, 0)],
  ['60 pixels, tilted by 15°', (picture) => picture.resize(sideFor(60)).rotate(15, { background: '#777' })],
  ['60 pixels, blurred by 2', (picture) => picture.resize(sideFor(60)).blur(2)],
];

const JPEG_QUALITY = 70;

/** Returns the photographs, degraded and compressed as JPEG of quality 70. */
export function degraded(photographs: readonly Photograph[], degrade: Degradation): Promise<Photograph[]> {
  return Promise.all(
    photographs.map(async ({ person, bytes }) => ({
      person,
      bytes: await degrade(sharp(bytes)).jpeg({ quality: JPEG_QUALITY }).toBuffer(),
    })),
  );
}
