/**
 * A face index in memory. A picture is a list of faces, each with a vector of numbers; two faces are as similar as their
 * vectors are near. It is as delayed as the real service: a user's vector counts only after `ripen`.
 */

import type { FaceIndex, IndexedFace, ListedFace } from '#application/ports/face-index.ts';
import { defined } from '#application/support/defined.ts';

/** A face in a test picture: the person's vector, a deviation, and its quality. */
export interface DrawnFace extends Partial<Omit<IndexedFace, 'faceId'>> {
  readonly vector: readonly number[];
  /** Unfit for the service, which does not index it. */
  readonly unfit?: boolean;
}

export interface MemoryFaceIndex extends FaceIndex {
  /** Sets the faces in a picture of these bytes. */
  draw(bytes: Uint8Array, faces: readonly DrawnFace[]): void;
  /** From now on users are found as soon as they have faces; otherwise only after `ripen`. */
  ripenAtOnce(): void;
  ripen(): void;
  listed(): Promise<ListedFace[]>;
  userIds(): string[];
}

interface Kept {
  readonly faceId: string;
  readonly pictureId: string;
  readonly vector: readonly number[];
  userId?: string;
}

const MATCHES_MAX = 10;

/** 100 for the same vector, 90 for one a tenth of a unit away, down to 0. */
const similarityOf = (a: readonly number[], b: readonly number[]): number =>
  Math.max(0, 100 - 100 * Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0))));

const meanOf = (vectors: ReadonlyArray<readonly number[]>): number[] =>
  (vectors[0] ?? []).map(
    (_, axis) => vectors.reduce((sum, one) => sum + (one[axis] ?? 0), 0) / vectors.length,
  );

const GOOD = { confidence: 99.9, sharpness: 80, brightness: 60, yaw: 0, pitch: 0 };

export function memoryFaceIndex(): MemoryFaceIndex {
  const pictures = new Map<string, readonly DrawnFace[]>();
  const faces = new Map<string, Kept>();
  const users = new Set<string>();
  let ripe = new Map<string, number[]>();
  let isRipeAtOnce = true;

  const vectorsNow = (): Map<string, number[]> => {
    const now = new Map<string, number[]>();
    for (const userId of users) {
      const own = [...faces.values()].filter((face) => face.userId === userId);
      if (own.length > 0) now.set(userId, meanOf(own.map(({ vector }) => vector)));
    }
    return now;
  };
  const found = (): Map<string, number[]> => (isRipeAtOnce ? vectorsNow() : ripe);
  const name = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

  return {
    draw: (bytes, drawn) => void pictures.set(name(bytes), drawn),
    ripenAtOnce: () => {
      isRipeAtOnce = true;
    },
    ripen: () => {
      isRipeAtOnce = false;
      ripe = vectorsNow();
    },
    listed: async () => [...faces.values()].map(listedOf),
    userIds: () => [...users].sort(),
    async index(bytes, pictureId, facesMax) {
      const drawn = pictures.get(name(bytes));
      if (drawn === undefined) return { kind: 'unreadable', reason: 'Request has invalid image format' };
      const measured = drawn.map(({ vector: _, unfit: __, ...face }, at) => ({
        ...GOOD,
        box: { left: (at % 10) / 10, top: Math.floor(at / 10) / 10, width: 0.09, height: 0.09 },
        ...face,
      }));
      const indexed = measured.flatMap((face, at) => {
        const { vector, unfit } = drawn[at] ?? { vector: [] };
        if (unfit || at >= facesMax) return [];
        const faceId = `${pictureId}/${at}`;
        // The same picture under the same id yields the same face, not a second one.
        if (!faces.has(faceId)) faces.set(faceId, { faceId, pictureId, vector });
        return [{ ...face, faceId }];
      });
      const unindexed = measured.flatMap((face, at) =>
        drawn[at]?.unfit ? [{ ...face, reasons: ['LOW_SHARPNESS'] }] : [],
      );
      return { kind: 'indexed', faces: indexed, unindexed };
    },
    async searchUsers(faceId, similarityMin) {
      const face = faces.get(faceId);
      if (face === undefined) return [];
      return [...found()]
        .filter(([userId]) => users.has(userId))
        .map(([userId, vector]) => ({ userId, similarity: similarityOf(face.vector, vector) }))
        .filter(({ similarity }) => similarity >= similarityMin)
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, MATCHES_MAX);
    },
    async searchFaces(faceId, similarityMin) {
      const face = faces.get(faceId);
      if (face === undefined) return [];
      return [...faces.values()]
        .filter((other) => other !== face)
        .map((other) => ({ faceId: other.faceId, similarity: similarityOf(face.vector, other.vector) }))
        .filter(({ similarity }) => similarity >= similarityMin)
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, MATCHES_MAX);
    },
    createUser: async (userId) => void users.add(userId),
    async associate(userId, faceId, similarityMin) {
      const face = faces.get(faceId);
      if (face === undefined || !users.has(userId)) return false;
      if (face.userId !== undefined) return face.userId === userId;
      const vector = vectorsNow().get(userId);
      if (vector !== undefined && similarityOf(face.vector, vector) < similarityMin) return false;
      face.userId = userId;
      return true;
    },
    async disassociate(userId, faceIds) {
      for (const faceId of faceIds) {
        const face = faces.get(faceId);
        if (face?.userId === userId) delete face.userId;
      }
    },
    async deleteFaces(faceIds) {
      for (const faceId of faceIds) if (faces.get(faceId)?.userId === undefined) faces.delete(faceId);
    },
    async deleteUser(userId) {
      users.delete(userId);
      for (const face of faces.values()) if (face.userId === userId) delete face.userId;
    },
    facesOfUser: async (userId) =>
      [...faces.values()].filter((face) => face.userId === userId).map(({ faceId }) => faceId),
    async *allFaces() {
      yield* [...faces.values()].map(listedOf);
    },
  };
}

const listedOf = ({ faceId, pictureId, userId }: Kept): ListedFace => ({
  faceId,
  pictureId,
  ...defined({ userId }),
});
