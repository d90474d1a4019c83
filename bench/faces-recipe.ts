/** One choice of detector, alignment and embedder, as the bench of faces compares them. */
import type { Picture } from '#vision/picture/decode.ts';

/** What turns a picture of one person into a vector. */
export interface Recipe {
  readonly name: string;
  /** 0..100; absent where no constants were fitted for the embedder. */
  similarity(cosine: number): number;
  vectorOf(picture: Picture): Promise<Float32Array | undefined>;
}
