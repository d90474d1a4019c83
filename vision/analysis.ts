/** From the bytes of a picture to its faces and their vectors: what a worker does for each task. */
import type { Face, FaceEngine } from './face-engine.ts';
import { decodePicture } from './picture.ts';

export interface AnalysisOptions {
  readonly facesMax?: number;
  /** As of `decodePicture`. */
  readonly pixelsMax?: number;
  readonly sideMin?: number;
  /** Without it faces come without vectors, which is twice as quick. */
  readonly embed?: boolean;
}

export interface AnalysedFace extends Face {
  /** Empty where no vectors were asked for. */
  readonly vector: Float32Array;
}

export interface Analysis {
  readonly width: number;
  readonly height: number;
  /** Largest first. */
  readonly faces: readonly AnalysedFace[];
}

/** @throws PictureRefused */
export async function analyse(
  engine: FaceEngine,
  bytes: Uint8Array,
  { facesMax, embed = true, ...limits }: AnalysisOptions = {},
): Promise<Analysis> {
  const picture = await decodePicture(bytes, limits);
  const found = await engine.detect(picture, facesMax === undefined ? {} : { facesMax });
  const faces: AnalysedFace[] = [];
  for (const face of found)
    faces.push({ ...face, vector: embed ? await engine.embed(picture, face) : new Float32Array() });
  return { width: picture.width, height: picture.height, faces };
}
