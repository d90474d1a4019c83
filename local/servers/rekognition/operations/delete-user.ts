/** DeleteUser: deletes a user. Its faces remain in the collection, without a user. */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { collectionOf, type Rekognition, userOf } from '../rekognition.ts';
import { clientRequestToken, collectionId, userId } from '../shapes.ts';

export const deleteUser = (rekognition: Rekognition) =>
  operation({ ...collectionId, UserId: required(userId), ...clientRequestToken }, (input) => {
    const response = rekognition.requestTokens.once('DeleteUser', input, () => {
      const collection = collectionOf(rekognition, input);
      rekognition.users.delete(userOf(rekognition, collection, input.UserId), collection.id);
      return {};
    });
    rekognition.truncateLog();
    return response;
  });
