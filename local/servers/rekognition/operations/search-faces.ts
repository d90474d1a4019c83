/** SearchFaces: the faces of the collection that are similar to one of them. */
import { operation } from '../../wire/json-service.ts';
import { required } from '../../wire/shape.ts';
import { matchFaces } from '../matching.ts';
import { comparableCollectionOf, faceOf, type Rekognition } from '../rekognition.ts';
import { collectionId, faceId, maxFaces, percent } from '../shapes.ts';

export const searchFaces = (rekognition: Rekognition) =>
  operation(
    { ...collectionId, FaceId: required(faceId), MaxFaces: maxFaces, FaceMatchThreshold: percent },
    (input) => {
      const collection = comparableCollectionOf(rekognition, input);
      const { id, faceId: SearchedFaceId, vector } = faceOf(rekognition, collection, input.FaceId);
      return {
        SearchedFaceId,
        FaceMatches: matchFaces(rekognition, collection, vector, input, id),
        FaceModelVersion: collection.modelId,
      };
    },
  );
