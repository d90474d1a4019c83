/**
 * DisassociateFaces: the faces remain in the collection, without a user. The user's vector follows with a
 * delay.
 */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import type { StoredFace } from '../faces.ts';
import { collectionOf, type Rekognition, userOf } from '../rekognition.ts';
import { clientRequestToken, collectionId, userFaceIds, userId } from '../shapes.ts';
import { meanOf } from '../vectors.ts';

export const disassociateFaces = (rekognition: Rekognition) =>
  operation(
    { ...collectionId, UserId: required(userId), FaceIds: required(userFaceIds), ...clientRequestToken },
    (input) =>
      rekognition.requestTokens.once('DisassociateFaces', input, () => {
        const { storedFaces, users, clock, delays } = rekognition;
        const collection = collectionOf(rekognition, input);
        const user = userOf(rekognition, collection, input.UserId);
        const disassociated: StoredFace[] = [];
        const unsuccessful: { FaceId: string; UserId?: string | undefined; Reasons: string[] }[] = [];
        for (const FaceId of new Set(input.FaceIds)) {
          const face = storedFaces.byFaceId(collection.id, FaceId);
          if (face === undefined) {
            unsuccessful.push({ FaceId, Reasons: ['FACE_NOT_FOUND'] });
          } else if (face.userRowId === user.id) {
            disassociated.push(face);
          } else if (face.userRowId !== undefined) {
            unsuccessful.push({ FaceId, UserId: face.userId, Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] });
          }
        }
        for (const face of disassociated) storedFaces.associate(face, undefined);
        if (disassociated.length > 0) {
          const left = storedFaces.ofUser(user.id).map(({ vector }) => vector);
          users.change(user, meanOf(left), clock.nowMs() + delays.userReadyMs);
        }
        return {
          DisassociatedFaces: disassociated.map(({ faceId }) => ({ FaceId: faceId })),
          UnsuccessfulFaceDisassociations: unsuccessful,
          UserStatus: userOf(rekognition, collection, input.UserId).status,
        };
      }),
  );
