/**
 * Changes to a user that span the index and the table. The row is written before the vectors change and deleted after
 * they are gone, so that the remains of a crash are found by their row and the change is repeated.
 */
import type { FaceUser } from '#domain/people/faces/face-user.ts';
import type { FaceIndex } from '../ports/face-index.ts';
import type { FaceStore } from '../ports/face-store.ts';

export interface FaceUserPorts {
  readonly index: FaceIndex;
  readonly store: FaceStore;
}

/** Removes every vector of a user; the row stays, as proof of the consent and its withdrawal. */
export async function removeVectors({ index, store }: FaceUserPorts, user: FaceUser): Promise<void> {
  const { userId } = user;
  const faceIds = await vectorsOf(index, user);
  await index.deleteUser(userId);
  if (faceIds.length > 0) await index.deleteFaces(faceIds);
  for (const faceId of user.faceIds) await store.dropFace(userId, faceId);
}

/** Removes a user's vectors and rows. */
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
 * The evidence for a merge is faces similar to both users; the users' own faces need not be similar to each other, and a
 * face that was left out could not be returned by a split.
 */
const MOVED_MATCH_MIN = 0;

/** Moves faces from one user to another; a face that is gone meanwhile is ignored. */
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
