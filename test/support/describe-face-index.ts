/** Contract of every face index. People are directions in degrees: 5 apart are similar, 40 apart are not. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FaceIndex, IndexedFace } from '#application/ports/face-index.ts';
import { gather } from './gather.ts';

export interface FaceIndexUnderTest {
  readonly index: FaceIndex;
  /** A picture of these people, largest first. */
  readonly picture: (directions: readonly number[]) => Uint8Array;
  /** Bytes that the service cannot decode. */
  readonly noPicture: Uint8Array;
}

const ALIKE = 90;

export function describeFaceIndex(name: string, create: () => Promise<FaceIndexUnderTest>): void {
  describe(`a face index: ${name}`, () => {
    let under: FaceIndexUnderTest;
    let index: FaceIndex;
    beforeEach(async () => {
      under = await create();
      index = under.index;
    });

    async function facesOf(
      directions: readonly number[],
      pictureId: string,
    ): Promise<readonly IndexedFace[]> {
      const indexed = await index.index(under.picture(directions), pictureId, 100);
      if (indexed.kind !== 'indexed') throw new Error(indexed.reason);
      return indexed.faces;
    }
    async function faceOf(direction: number, pictureId: string): Promise<string> {
      const [face] = await facesOf([direction], pictureId);
      return face?.faceId ?? '';
    }
    const listed = () => gather(index.allFaces());

    it("returns box and quality of each face, and stores its id and its picture's", async () => {
      const faces = await facesOf([0, 90], 'one');
      expect(faces).toHaveLength(2);
      for (const face of faces) {
        expect(face.box.width).toBeGreaterThan(0);
        expect(face.confidence).toBeGreaterThan(90);
        expect(face.sharpness).toBeGreaterThan(20);
      }
      expect((await listed()).map(({ faceId, pictureId }) => ({ faceId, pictureId }))).toEqual(
        faces.map(({ faceId }) => ({ faceId, pictureId: 'one' })),
      );
    });

    it('returns the same faces for the same picture under the same id', async () => {
      const first = await facesOf([0, 90], 'one');
      expect((await facesOf([0, 90], 'one')).map(({ faceId }) => faceId)).toEqual(
        first.map(({ faceId }) => faceId),
      );
      expect(await listed()).toHaveLength(2);
    });

    it('indexes no more faces than requested', async () => {
      const indexed = await index.index(under.picture([0, 90, 180]), 'one', 1);
      expect(indexed.kind === 'indexed' && indexed.faces).toHaveLength(1);
      expect(await listed()).toHaveLength(1);
    });

    it('reports bytes that are no picture as unreadable', async () => {
      expect(await index.index(under.noPicture, 'one', 100)).toMatchObject({ kind: 'unreadable' });
    });

    it('finds users and faces similar to a face, most similar first, without itself', async () => {
      const [a, b, other] = [await faceOf(0, 'a'), await faceOf(8, 'b'), await faceOf(90, 'c')];
      for (const [userId, faceId] of [
        ['v.a', a],
        ['v.b', b],
        ['v.c', other],
      ] as const) {
        await index.createUser(userId);
        expect(await index.associate(userId, faceId, ALIKE)).toBe(true);
      }
      const seen = await faceOf(5, 'd');
      expect((await index.searchUsers(seen, ALIKE)).map(({ userId }) => userId)).toEqual(['v.b', 'v.a']);
      expect((await index.searchFaces(seen, ALIKE)).map(({ faceId }) => faceId)).toEqual([b, a]);
      expect((await index.searchUsers(seen, ALIKE))[0]?.similarity).toBeGreaterThan(95);
      expect(await index.searchUsers(await faceOf(200, 'e'), ALIKE)).toEqual([]);
    });

    it('finds nothing for a face that is gone', async () => {
      const face = await faceOf(0, 'a');
      await index.deleteFaces([face]);
      expect(await index.searchUsers(face, ALIKE)).toEqual([]);
      expect(await index.searchFaces(face, ALIKE)).toEqual([]);
    });

    it('creates a user once, however often it is called', async () => {
      await index.createUser('v.a');
      await index.createUser('v.a');
      expect(await index.facesOfUser('v.a')).toEqual([]);
      expect(await index.facesOfUser('v.none')).toEqual([]);
    });

    it("associates a face idempotently, unless it is gone, another's or too unlike", async () => {
      const [a, unlike] = [await faceOf(0, 'a'), await faceOf(40, 'b')];
      await index.createUser('v.a');
      await index.createUser('v.b');
      expect(await index.associate('v.a', a, ALIKE)).toBe(true);
      expect(await index.associate('v.a', a, ALIKE)).toBe(true);
      expect(await index.associate('v.b', a, ALIKE)).toBe(false);
      expect(await index.associate('v.a', unlike, ALIKE)).toBe(false);
      expect(await index.associate('v.none', unlike, ALIKE)).toBe(false);
      await index.deleteFaces([unlike]);
      expect(await index.associate('v.b', unlike, ALIKE)).toBe(false);
      expect(await index.facesOfUser('v.a')).toEqual([a]);
      expect((await listed()).map(({ faceId, userId }) => [faceId, userId])).toEqual([[a, 'v.a']]);
    });

    it('deletes no face of a user, and ignores one that is gone', async () => {
      const [a, b] = [await faceOf(0, 'a'), await faceOf(90, 'b')];
      await index.createUser('v.a');
      await index.associate('v.a', a, ALIKE);
      await index.deleteFaces([a, b]);
      await index.deleteFaces([a, b]);
      expect((await listed()).map(({ faceId }) => faceId)).toEqual([a]);
      await index.disassociate('v.a', [a]);
      await index.disassociate('v.a', [a]);
      await index.disassociate('v.none', [a]);
      await index.deleteFaces([a]);
      expect(await listed()).toEqual([]);
    });

    it('leaves the faces of a deleted user without one', async () => {
      const a = await faceOf(0, 'a');
      await index.createUser('v.a');
      await index.associate('v.a', a, ALIKE);
      await index.deleteUser('v.a');
      await index.deleteUser('v.a');
      expect(await listed()).toEqual([{ faceId: a, pictureId: 'a' }]);
      expect(await index.searchUsers(await faceOf(1, 'b'), ALIKE)).toEqual([]);
    });
  });
}
