/** ListFaces: in the order of indexing, optionally of one user or out of given ids. */
import { operation } from '../../wire/json-service.ts';
import { describeFace } from '../descriptions.ts';
import type { StoredFace } from '../faces.ts';
import { FACES_PER_CALL_MAX } from '../limits.ts';
import { readPage } from '../paging.ts';
import { collectionOf, type Rekognition } from '../rekognition.ts';
import { collectionId, faceIds, page, userId } from '../shapes.ts';

export const listFaces = (rekognition: Rekognition) =>
  operation({ ...collectionId, ...page, UserId: userId, FaceIds: faceIds }, (input) => {
    const collection = collectionOf(rekognition, input);
    const { rows, nextToken } = readPage(
      `faces-${collection.id}`,
      input,
      FACES_PER_CALL_MAX,
      (id, countMax) =>
        input.FaceIds === undefined
          ? rekognition.storedFaces.after(collection.id, id, countMax, input.UserId)
          : facesAmong(rekognition, collection.id, input.FaceIds, input.UserId)
              .filter((face) => face.id > id)
              .slice(0, countMax),
    );
    return { Faces: rows.map(describeFace), FaceModelVersion: collection.modelId, NextToken: nextToken };
  });

function facesAmong(
  { storedFaces }: Rekognition,
  collectionRowId: number,
  ids: readonly string[],
  ofUser: string | undefined,
): StoredFace[] {
  return [...new Set(ids)]
    .flatMap((id) => storedFaces.byFaceId(collectionRowId, id) ?? [])
    .filter((face) => ofUser === undefined || face.userId === ofUser)
    .sort((a, b) => a.id - b.id);
}
