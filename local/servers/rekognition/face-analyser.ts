/**
 * What the server needs of a face engine: a picture in, its faces out, largest first or in any order.
 *
 * The engine is a parameter, so that the wire can be tested with faces a test has written down, and so that the
 * server starts no thread and loads no model by itself.
 */
export type LandmarkKind = 'leftEye' | 'rightEye' | 'nose' | 'mouthLeft' | 'mouthRight';

export interface AnalysedFace {
  /** Pixels of the upright picture; a face at the edge may reach beyond it. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** That it is a face: 0 to 1. */
  readonly confidence: number;
  readonly landmarks: ReadonlyArray<{ readonly kind: LandmarkKind; readonly x: number; readonly y: number }>;
  /** 0 to 100 each. */
  readonly quality: { readonly brightness: number; readonly sharpness: number };
  /** Degrees; 0 looks into the camera, upright. */
  readonly pose: { readonly roll: number; readonly pitch: number; readonly yaw: number };
  /** Of unit length: the product of two is the cosine between them. */
  readonly vector: Float32Array;
}

export interface Analysis {
  /** Of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly faces: readonly AnalysedFace[];
}

export interface AnalysisOptions {
  /** The largest so many. */
  readonly facesMax?: number;
}

export interface FaceAnalyser {
  /** Names the nets that made the vectors. Vectors of two models cannot be compared. */
  readonly modelId: string;
  /** Rejects with an error that has a `reason` where the bytes are not a picture that it decodes. */
  analyse(bytes: Uint8Array, options?: AnalysisOptions): Promise<Analysis>;
}
