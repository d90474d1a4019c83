/**
 * What is done to a user in the index and in the table together. The row is written before the vectors are touched and
 * removed after they are gone, so that whatever a crash leaves can be found by its row and done again.
 */
import type { FaceUser } from '#domain/people/faces/face-user.ts';
import type { FaceIndex } from '../ports/face-index.ts';
import type { FaceStore } from '../ports/face-store.ts';

export interface FaceUserPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
}

/** Removes every vector of a user; the row stays, for the proof of what was agreed and withdrawn. */
export async function removeVectors({ index, store }: FaceUserPorts, user: FaceUser): Promise<void> {
  const { userId } = user;
  const faceIds = await vectorsOf(index, user);
  await index.deleteUser(userId);
  if (faceIds.length > 0) await index.deleteFaces(faceIds);
  for (const faceId of user.faceIds) await store.dropFace(userId, faceId);
}

/** Removes a user altogether. */
export async function removeUser({ index, store }: FaceUserPorts, user: FaceUser): Promise<void> {
  const faceIds = await vectorsOf(index, user);
  await index.deleteUser(user.userId);
  if (faceIds.length > 0) await index.deleteFaces(faceIds);
  await store.forget(user.userId, faceIds);
}

const vectorsOf = async (index: FaceIndex, { userId, faceIds }: FaceUser): Promise<string[]> => [
  ...new Set([...faceIds, ...(await index.facesOfUser(userId))]),
];

/**
 * That two users are one was shown by faces that are like both; their own need not be like each other, and one that was
 * left out could not be given back.
 */
const MOVED_MATCH_MIN = 0;

/** Moves faces from one user to another; one that is gone meanwhile is passed over. */
export async function moveFaces(
  { index, store }: FaceUserPorts,
  faceIds: readonly string[],
  from: string,
  into: string,
): Promise<void> {
  for (const faceId of faceIds) {
    await store.addFace(into, faceId);
    await index.disassociate(from, [faceId]);
    if (!(await index.associate(into, faceId, MOVED_MATCH_MIN))) {
      await index.deleteFaces([faceId]);
      await store.dropFace(into, faceId);
    }
    await store.dropFace(from, faceId);
  }
}
