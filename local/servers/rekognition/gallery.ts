/**
 * Vectors to search among, in memory: each is compared with every other, which takes a few milliseconds for ten
 * thousand and needs no index that could miss one.
 */
import { cosine } from './vectors.ts';

export interface Found {
  readonly id: number;
  readonly cosine: number;
}

export interface Gallery {
  put(id: number, vector: Float32Array): void;
  drop(id: number): void;
  /** All that `accepts` lets pass, nearest first; of two as near, the older one. */
  nearest(vector: Float32Array, accepts: (found: Found) => boolean): Found[];
}

export function createGallery(): Gallery {
  const vectors = new Map<number, Float32Array>();
  return {
    put: (id, vector) => vectors.set(id, vector),
    drop: (id) => vectors.delete(id),
    nearest(vector, accepts) {
      const found: Found[] = [];
      for (const [id, other] of vectors) {
        const one = { id, cosine: cosine(vector, other) };
        if (accepts(one)) found.push(one);
      }
      return found.sort((a, b) => b.cosine - a.cosine || a.id - b.id);
    },
  };
}
