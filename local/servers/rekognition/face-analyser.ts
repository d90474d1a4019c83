/**
 * The port of a face engine: a picture in, its faces out.
 *
 * The engine is a parameter of the server, so that tests define the faces of a picture, and so that the
 * server itself starts no worker and loads no model.
 */
export type LandmarkKind = 'leftEye' | 'rightEye' | 'nose' | 'mouthLeft' | 'mouthRight';

export interface AnalysedFace {
  /** In pixels of the upright picture; the box of a face at the edge may extend beyond it. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** Probability that it is a face, 0 to 1. */
  readonly confidence: number;
  readonly landmarks: ReadonlyArray<{ readonly kind: LandmarkKind; readonly x: number; readonly y: number }>;
  /** 0 to 100 each. */
  readonly quality: { readonly brightness: number; readonly sharpness: number };
  /** In degrees; all 0 for an upright face that looks into the camera. */
  readonly pose: { readonly roll: number; readonly pitch: number; readonly yaw: number };
  /** The embedding, of unit length: the dot product of two is their cosine. */
  readonly vector: Float32Array;
}

export interface Analysis {
  /** Size of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly faces: readonly AnalysedFace[];
}

export interface AnalysisOptions {
  /** Only this number of faces is returned, the largest ones. */
  readonly facesMax?: number;
}

export interface FaceAnalyser {
  /** Identifies the model of the vectors. Vectors of different models cannot be compared. */
  readonly modelId: string;
  /** Rejects with an error that has a `reason` where the bytes are not a picture that it decodes. */
  analyse(bytes: Uint8Array, options?: AnalysisOptions): Promise<Analysis>;
}
