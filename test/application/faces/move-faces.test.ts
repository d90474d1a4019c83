/** Moving and removing the vectors of a face user, over an index in memory. */
import { describe, expect, it } from 'vitest';
import { removeVectors } from '#application/faces/move-faces.ts';
import type { FaceUser } from '#domain/people/faces/face-user.ts';
import { memoryFaceIndex } from '../../support/memory-face-index.ts';
import { memoryFaceStore } from '../../support/memory-face-store.ts';

const PICTURE = Buffer.from('picture');

/** An index with one face of a user, and the calls that delete faces. */
async function world() {
  const index = memoryFaceIndex();
  index.ripenAtOnce();
  index.draw(PICTURE, [{ vector: [0.5] }]);
  const indexed = await index.index(PICTURE, 'picture', 1);
  const faceIds = indexed.kind === 'indexed' ? indexed.faces.map(({ faceId }) => faceId) : [];
  const deleted: (readonly string[])[] = [];
  const spied = {
    ...index,
    deleteFaces: async (ids: readonly string[]) => {
      deleted.push(ids);
      await index.deleteFaces(ids);
    },
  };
  return { index: spied, store: memoryFaceStore(), faceIds, deleted };
}

const userWith = (faceIds: readonly string[]) => ({ userId: 'm.M-1', faceIds }) as FaceUser;

describe('removing the vectors of a user', () => {
  it('deletes every face of the user from the index', async () => {
    const { index, store, faceIds, deleted } = await world();
    expect(faceIds).toHaveLength(1);
    await removeVectors({ index, store }, userWith(faceIds));
    expect(deleted).toEqual([faceIds]);
    expect(await index.listed()).toEqual([]);
  });

  it('asks for no deletion where the user has no face, which the service would reject', async () => {
    const { index, store, deleted } = await world();
    await removeVectors({ index, store }, userWith([]));
    expect(deleted).toEqual([]);
  });
});
