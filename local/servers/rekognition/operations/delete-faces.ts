/**
 * DeleteFaces: deletes each face independently. A face that is associated with a user is not deleted, as on
 * AWS.
 */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { collectionOf, type Rekognition } from '../rekognition.ts';
import { collectionId, faceIds } from '../shapes.ts';

export const deleteFaces = (rekognition: Rekognition) =>
  operation({ ...collectionId, FaceIds: required(faceIds) }, (input) => {
    const { storedFaces, truncateLog } = rekognition;
    const collection = collectionOf(rekognition, input);
    const deleted: string[] = [];
    const unsuccessful: { FaceId: string; UserId?: string | undefined; Reasons: string[] }[] = [];
    for (const FaceId of new Set(input.FaceIds)) {
      const face = storedFaces.byFaceId(collection.id, FaceId);
      if (face === undefined) {
        unsuccessful.push({ FaceId, Reasons: ['FACE_NOT_FOUND'] });
      } else if (face.userRowId !== undefined) {
        unsuccessful.push({ FaceId, UserId: face.userId, Reasons: ['ASSOCIATED_TO_AN_EXISTING_USER'] });
      } else {
        storedFaces.delete(face, collection.id);
        deleted.push(FaceId);
      }
    }
    if (deleted.length > 0) truncateLog();
    return { DeletedFaces: deleted, UnsuccessfulFaceDeletions: unsuccessful };
  });
