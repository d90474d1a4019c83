/** A full scan of a face collection: every user, and every face with the id of the picture it came from. */

import { paginateListFaces, paginateListUsers, type RekognitionClient } from '@aws-sdk/client-rekognition';
import type { CollectionSearch, ListedFace } from '#application/ports/face-index.ts';
import { defined } from '#application/support/defined.ts';
import type { FindTraces } from '#domain/people/erasure/trace-finder.ts';

const USERS_PER_PAGE_MAX = 500;
const FACES_PER_PAGE_MAX = 4096;

export async function searchCollection(
  client: RekognitionClient,
  CollectionId: string,
  tracesIn: FindTraces,
): Promise<CollectionSearch> {
  let usersLookedAt = 0;
  let facesLookedAt = 0;
  const userIds: string[] = [];
  const faces: ListedFace[] = [];
  for await (const { Users = [] } of paginateListUsers(
    { client, pageSize: USERS_PER_PAGE_MAX },
    { CollectionId },
  )) {
    usersLookedAt += Users.length;
    for (const { UserId = '' } of Users) if (tracesIn({ UserId }).size > 0) userIds.push(UserId);
  }
  for await (const { Faces = [] } of paginateListFaces(
    { client, pageSize: FACES_PER_PAGE_MAX },
    { CollectionId },
  )) {
    facesLookedAt += Faces.length;
    for (const { FaceId = '', ImageId, ExternalImageId, UserId } of Faces) {
      if (tracesIn({ FaceId, ImageId, ExternalImageId, UserId }).size === 0) continue;
      faces.push({ faceId: FaceId, ...defined({ userId: UserId }) });
    }
  }
  return { usersLookedAt, facesLookedAt, userIds, faces };
}
