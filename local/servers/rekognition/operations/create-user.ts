/** CreateUser: creates a user without faces, which no search finds until faces are associated with it. */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { quotaExceeded, userExists } from '../errors.ts';
import { collectionOf, type Rekognition } from '../rekognition.ts';
import { clientRequestToken, collectionId, userId } from '../shapes.ts';

export const createUser = (rekognition: Rekognition) =>
  operation({ ...collectionId, UserId: required(userId), ...clientRequestToken }, (input) =>
    rekognition.requestTokens.once('CreateUser', input, () => {
      const { users, clock, quotas } = rekognition;
      const collection = collectionOf(rekognition, input);
      if (users.byUserId(collection.id, input.UserId, clock.nowMs()) !== undefined) {
        throw userExists(input.UserId);
      }
      if (users.count(collection.id) >= quotas.usersPerCollectionMax) {
        throw quotaExceeded(`A collection has ${quotas.usersPerCollectionMax} users at most`);
      }
      users.create(collection.id, input.UserId);
      return {};
    }),
  );
