/** SearchFacesByImage: the faces of the collection that are similar to the largest face of a picture. */
import { operation } from '../../wire/json-service.ts';
import { boxOf, confidenceOf } from '../descriptions.ts';
import { noFaces } from '../errors.ts';
import { matchFaces } from '../matching.ts';
import { analyse } from '../pictures.ts';
import { reasonsAgainst } from '../quality.ts';
import { comparableCollectionOf, type Rekognition } from '../rekognition.ts';
import { collectionId, maxFaces, percent, qualityFilter, requiredImage } from '../shapes.ts';

export const searchFacesByImage = (rekognition: Rekognition) =>
  operation(
    {
      ...collectionId,
      Image: requiredImage,
      MaxFaces: maxFaces,
      FaceMatchThreshold: percent,
      QualityFilter: qualityFilter,
    },
    async (input) => {
      const collection = comparableCollectionOf(rekognition, input);
      const { QualityFilter = 'NONE' } = input;
      // Without a filter only the largest face is searched for, so the engine need not embed the others.
      const picture = await analyse(
        rekognition,
        input.Image,
        QualityFilter === 'NONE' ? { facesMax: 1 } : {},
      );
      const largest = picture.faces.find((face) => reasonsAgainst(face, QualityFilter).length === 0);
      if (largest === undefined) throw noFaces();
      return {
        SearchedFaceBoundingBox: boxOf(largest, picture),
        SearchedFaceConfidence: confidenceOf(largest),
        FaceMatches: matchFaces(rekognition, collection, largest.vector, input),
        FaceModelVersion: collection.modelId,
      };
    },
  );
