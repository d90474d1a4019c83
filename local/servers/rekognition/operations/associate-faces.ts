/**
 * AssociateFaces: adds faces to a user, each if it is similar enough to the user's present faces; the first
 * ones are accepted as they are. The user's new vector takes effect in searches with a delay.
 */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { quotaExceeded } from '../errors.ts';
import type { StoredFace } from '../faces.ts';
import { ASSOCIATE_MATCH_MIN_DEFAULT, FACES_PER_USER_MAX } from '../limits.ts';
import { comparableCollectionOf, findFace, type Rekognition, userOf } from '../rekognition.ts';
import { clientRequestToken, collectionId, percent, userFaceIds, userId } from '../shapes.ts';
import { cosine, meanOf } from '../vectors.ts';

interface Unsuccessful {
  readonly FaceId: string;
  readonly UserId?: string | undefined;
  readonly Confidence?: number;
  readonly Reasons: readonly string[];
}

export const associateFaces = (rekognition: Rekognition) =>
  operation(
    {
      ...collectionId,
      UserId: required(userId),
      FaceIds: required(userFaceIds),
      UserMatchThreshold: percent,
      ...clientRequestToken,
    },
    (input) => {
      const { requestTokens, storedFaces, users, similarityOf, clock, delays } = rekognition;
      const { UserMatchThreshold: threshold = ASSOCIATE_MATCH_MIN_DEFAULT } = input;
      return requestTokens.once('AssociateFaces', input, () => {
        const collection = comparableCollectionOf(rekognition, input);
        const user = userOf(rekognition, collection, input.UserId);
        const before = storedFaces.ofUser(user.id);
        const mean = meanOf(before.map(({ vector }) => vector));
        const associated: StoredFace[] = [];
        const unsuccessful: Unsuccessful[] = [];
        for (const FaceId of new Set(input.FaceIds)) {
          const face = findFace(rekognition, collection, FaceId);
          if (face === undefined) {
            unsuccessful.push({ FaceId, Reasons: ['FACE_NOT_FOUND'] });
            continue;
          }
          if (face.userRowId === user.id) continue;
          if (face.userRowId !== undefined) {
            unsuccessful.push({ FaceId, UserId: face.userId, Reasons: ['ASSOCIATED_TO_A_DIFFERENT_USER'] });
            continue;
          }
          const similarity = mean === undefined ? 100 : similarityOf(cosine(mean, face.vector));
          if (similarity < threshold) {
            unsuccessful.push({ FaceId, Confidence: similarity, Reasons: ['LOW_MATCH_CONFIDENCE'] });
          } else if (before.length >= FACES_PER_USER_MAX) {
            throw quotaExceeded(`A user has ${FACES_PER_USER_MAX} faces at most`);
          } else if (before.length + associated.length >= FACES_PER_USER_MAX) {
            // AWS lists a face beyond the quota without a reason.
            unsuccessful.push({ FaceId, Reasons: [] });
          } else {
            associated.push(face);
          }
        }
        for (const face of associated) storedFaces.associate(face, user.id);
        if (associated.length > 0) {
          const vectors = [...before, ...associated].map(({ vector }) => vector);
          users.change(user, meanOf(vectors), clock.nowMs() + delays.userReadyMs);
        }
        return {
          AssociatedFaces: associated.map(({ faceId }) => ({ FaceId: faceId })),
          UnsuccessfulFaceAssociations: unsuccessful,
          UserStatus: userOf(rekognition, collection, input.UserId).status,
        };
      });
    },
  );
