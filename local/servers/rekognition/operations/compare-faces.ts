/** CompareFaces: the largest face of one picture against every face of another. Nothing is kept. */
import { operation } from '../../wire/json-service.ts';
import { boxOf, confidenceOf, describeDetail } from '../descriptions.ts';
import { MATCH_MIN_DEFAULT } from '../limits.ts';
import { analyse } from '../pictures.ts';
import { reasonsAgainst } from '../quality.ts';
import { noFaces } from '../refusals.ts';
import type { Rekognition } from '../rekognition.ts';
import { percent, qualityFilter, requiredImage } from '../shapes.ts';
import { cosine } from '../vectors.ts';

export const compareFaces = (rekognition: Rekognition) =>
  operation(
    {
      SourceImage: requiredImage,
      TargetImage: requiredImage,
      SimilarityThreshold: percent,
      QualityFilter: qualityFilter,
    },
    async ({ SourceImage, TargetImage, SimilarityThreshold = MATCH_MIN_DEFAULT, QualityFilter = 'NONE' }) => {
      const facesOf = async (image: typeof SourceImage) => {
        const picture = await analyse(rekognition, image);
        const faces = picture.faces.filter((face) => reasonsAgainst(face, QualityFilter).length === 0);
        const [largest] = faces;
        if (largest === undefined) throw noFaces();
        return { picture, faces, largest };
      };
      const source = await facesOf(SourceImage);
      const target = await facesOf(TargetImage);
      const compared = target.faces
        .map((face) => ({
          similarity: rekognition.similarityOf(cosine(source.largest.vector, face.vector)),
          detail: describeDetail(face, target.picture),
        }))
        .sort((a, b) => b.similarity - a.similarity);
      return {
        SourceImageFace: {
          BoundingBox: boxOf(source.largest, source.picture),
          Confidence: confidenceOf(source.largest),
        },
        FaceMatches: compared
          .filter(({ similarity }) => similarity >= SimilarityThreshold)
          .map(({ similarity, detail }) => ({ Similarity: similarity, Face: detail })),
        UnmatchedFaces: compared
          .filter(({ similarity }) => similarity < SimilarityThreshold)
          .map(({ detail }) => detail),
      };
    },
  );
