/** A combination of detector, alignment and embedder that the faces bench compares. */
import type { Picture } from '#vision/picture/decode.ts';

/** Turns a picture of one person into a vector. */
export interface Recipe {
  readonly name: string;
  /** Returns the similarity, 0..100, for a cosine, by the constants fitted for the embedder. */
  similarity(cosine: number): number;
  /** Returns the vector of the largest face, or `undefined` where no face is detected. */
  vectorOf(picture: Picture): Promise<Float32Array | undefined>;
}
