/** SearchUsers: the users that are similar to a face of the collection, or to one of its users. */
import { operation } from '../../wire/json-service.ts';
import { invalidParameter } from '../errors.ts';
import { matchUsers } from '../matching.ts';
import { comparableCollectionOf, faceOf, type Rekognition, userOf } from '../rekognition.ts';
import { collectionId, faceId, maxUsers, percent, userId } from '../shapes.ts';

export const searchUsers = (rekognition: Rekognition) =>
  operation(
    { ...collectionId, UserId: userId, FaceId: faceId, UserMatchThreshold: percent, MaxUsers: maxUsers },
    (input) => {
      const collection = comparableCollectionOf(rekognition, input);
      const FaceModelVersion = collection.modelId;
      if (input.FaceId !== undefined && input.UserId === undefined) {
        const { vector, faceId: FaceId } = faceOf(rekognition, collection, input.FaceId);
        const UserMatches = matchUsers(rekognition, collection, vector, input);
        return { UserMatches, FaceModelVersion, SearchedFace: { FaceId } };
      }
      if (input.UserId !== undefined && input.FaceId === undefined) {
        const { id, vector, userId: UserId } = userOf(rekognition, collection, input.UserId);
        const UserMatches =
          vector === undefined ? [] : matchUsers(rekognition, collection, vector, input, id);
        return { UserMatches, FaceModelVersion, SearchedUser: { UserId } };
      }
      throw invalidParameter('Request has invalid parameters: either FaceId or UserId must be given');
    },
  );
