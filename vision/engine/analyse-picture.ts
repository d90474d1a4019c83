/** Analyses one picture: decodes it, detects its faces and embeds them. A worker runs this for each task. */
import { decodePicture } from '../picture/decode.ts';
import type { Face, FaceEngine } from './face-engine.ts';

export interface AnalysisOptions {
  /** The largest so many faces; default 100. */
  readonly facesMax?: number;
  /** As in `decodePicture`: width · height in pixels. */
  readonly pixelsMax?: number;
  /** As in `decodePicture`: pixels of the shorter side. */
  readonly sideMin?: number;
  /** Whether faces are embedded, which takes half of the time; default true. */
  readonly embed?: boolean;
}

export interface AnalysedFace extends Face {
  /** A unit vector; empty where `embed` is false. */
  readonly vector: Float32Array;
}

export interface Analysis {
  /** Pixels of the upright picture. */
  readonly width: number;
  readonly height: number;
  /** Largest first. */
  readonly faces: readonly AnalysedFace[];
}

/**
 * Returns the faces of a JPEG or PNG.
 *
 * @throws InvalidPictureError where the bytes are not a picture within the limits.
 */
export async function analysePicture(
  engine: FaceEngine,
  bytes: Uint8Array,
  { facesMax, embed = true, ...limits }: AnalysisOptions = {},
): Promise<Analysis> {
  const picture = await decodePicture(bytes, limits);
  const detected = await engine.detect(picture, facesMax === undefined ? {} : { facesMax });
  const faces: AnalysedFace[] = [];
  for (const face of detected)
    faces.push({ ...face, vector: embed ? await engine.embed(picture, face) : new Float32Array() });
  return { width: picture.width, height: picture.height, faces };
}
