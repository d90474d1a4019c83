/**
 * Vectors in memory with exhaustive search: every vector is compared. It takes a few milliseconds for ten
 * thousand vectors and, unlike an approximate index, misses none.
 */
import { cosine, vectorOfBytes } from './vectors.ts';

export interface Neighbour {
  readonly id: number;
  readonly cosine: number;
}

export interface Gallery {
  put(id: number, vector: Float32Array): void;
  drop(id: number): void;
  /** Returns the vectors that `accepts` accepts, nearest first; among equally near ones the oldest first. */
  nearest(vector: Float32Array, accepts: (neighbour: Neighbour) => boolean): Neighbour[];
}

/** Returns an empty gallery. */
export function createGallery(): Gallery {
  const vectors = new Map<number, Float32Array>();
  return {
    put: (id, vector) => vectors.set(id, vector),
    drop: (id) => vectors.delete(id),
    nearest(vector, accepts) {
      const neighbours: Neighbour[] = [];
      for (const [id, other] of vectors) {
        const neighbour = { id, cosine: cosine(vector, other) };
        if (accepts(neighbour)) neighbours.push(neighbour);
      }
      return neighbours.sort((a, b) => b.cosine - a.cosine || a.id - b.id);
    },
  };
}

export interface VectorRow {
  readonly id: number;
  /** Null for a user without faces. */
  readonly vector: Uint8Array | null;
}

/** Returns a function from a collection's row id to its gallery, which `load` fills at the first use. */
export function createGalleries(
  load: (collectionRowId: number) => readonly VectorRow[],
): (collectionRowId: number) => Gallery {
  const galleries = new Map<number, Gallery>();
  return (collectionRowId) => {
    const existing = galleries.get(collectionRowId);
    if (existing !== undefined) return existing;
    const gallery = createGallery();
    for (const row of load(collectionRowId)) applyRow(gallery, row);
    galleries.set(collectionRowId, gallery);
    return gallery;
  };
}

/** Puts a row's vector into a gallery, or drops the row if it has none. */
export function applyRow(gallery: Gallery, { id, vector }: VectorRow): void {
  if (vector === null) gallery.drop(id);
  else gallery.put(id, vectorOfBytes(vector));
}
