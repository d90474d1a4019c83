/**
 * SearchUsersByImage: the users that are similar to the largest face of a picture that passes the quality
 * filter. The other faces are returned with the reason why they were not searched for. Unlike for
 * SearchFacesByImage, a picture without a face is no error.
 */
import { operation } from '../../wire/json-service.ts';
import { describeDetail } from '../descriptions.ts';
import { matchUsers } from '../matching.ts';
import { analyse } from '../pictures.ts';
import { reasonsAgainst } from '../quality.ts';
import { comparableCollectionOf, type Rekognition } from '../rekognition.ts';
import { collectionId, maxUsers, percent, qualityFilter, requiredImage } from '../shapes.ts';

export const searchUsersByImage = (rekognition: Rekognition) =>
  operation(
    {
      ...collectionId,
      Image: requiredImage,
      UserMatchThreshold: percent,
      MaxUsers: maxUsers,
      QualityFilter: qualityFilter,
    },
    async (input) => {
      const collection = comparableCollectionOf(rekognition, input);
      const { QualityFilter = 'NONE' } = input;
      const picture = await analyse(rekognition, input.Image);
      const judged = picture.faces.map((face) => ({ face, reasons: reasonsAgainst(face, QualityFilter) }));
      const largest = judged.find(({ reasons }) => reasons.length === 0)?.face;
      const unsearched = judged.filter(({ face }) => face !== largest);
      return {
        UserMatches: largest === undefined ? [] : matchUsers(rekognition, collection, largest.vector, input),
        FaceModelVersion: collection.modelId,
        SearchedFace: largest && { FaceDetail: describeDetail(largest, picture) },
        UnsearchedFaces: unsearched.map(({ face, reasons }) => ({
          FaceDetails: describeDetail(face, picture),
          Reasons: reasons.length > 0 ? reasons : ['FACE_NOT_LARGEST'],
        })),
      };
    },
  );
