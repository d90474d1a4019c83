/** DeleteCollection, with its faces and users. */
import { operation } from '../../wire/json-service.ts';
import { collectionOf, type Rekognition } from '../rekognition.ts';
import { collectionId } from '../shapes.ts';

export const deleteCollection = (rekognition: Rekognition) =>
  operation(collectionId, (input) => {
    const collection = collectionOf(rekognition, input);
    rekognition.collections.delete(collection);
    rekognition.storedFaces.forget(collection.id);
    rekognition.users.forget(collection.id);
    rekognition.wipe();
    return { StatusCode: 200 };
  });
