/**
 * IndexFaces: detects the faces of a picture and stores the vectors of those that pass the quality filter,
 * largest first.
 *
 * As on AWS, a picture that is indexed again under the same external id adds nothing and returns the stored
 * faces, so a camera frame that is sent twice creates no duplicates.
 */
import { hash, randomUUID } from 'node:crypto';
import { operation } from '../../wire/json-service.ts';
import { integer } from '../../wire/shape.ts';
import { boxOf, confidenceOf, describeDetail, describeFace } from '../descriptions.ts';
import { quotaExceeded } from '../errors.ts';
import type { AnalysedFace, Analysis } from '../face-analyser.ts';
import type { NewFace } from '../faces.ts';
import { FACES_PER_IMAGE_MAX } from '../limits.ts';
import { analyse, bytesOf } from '../pictures.ts';
import { reasonsAgainst } from '../quality.ts';
import { comparableCollectionOf, type Rekognition } from '../rekognition.ts';
import { attributes, collectionId, externalImageId, qualityFilter, requiredImage } from '../shapes.ts';

export const indexFaces = (rekognition: Rekognition) =>
  operation(
    {
      ...collectionId,
      Image: requiredImage,
      ExternalImageId: externalImageId,
      DetectionAttributes: attributes,
      MaxFaces: integer({ min: 1 }),
      QualityFilter: qualityFilter,
    },
    async (input) => {
      const collection = comparableCollectionOf(rekognition, input);
      const { MaxFaces = FACES_PER_IMAGE_MAX, QualityFilter = 'AUTO' } = input;
      const analysis = await analyse(rekognition, input.Image);
      const judged = analysis.faces.map((face) => ({ face, reasons: reasonsAgainst(face, QualityFilter) }));
      const good = judged.filter(({ reasons }) => reasons.length === 0).map(({ face }) => face);
      const kept = good.slice(0, Math.min(MaxFaces, FACES_PER_IMAGE_MAX));
      const pictureHash = hash('sha256', bytesOf(input.Image), 'hex');
      const indexed = keep(rekognition, collection.id, kept, analysis, pictureHash, input.ExternalImageId);
      const unindexed = judged.flatMap(({ face, reasons }) => {
        if (reasons.length > 0) return [{ face, reasons }];
        return kept.includes(face) ? [] : [{ face, reasons: ['EXCEEDS_MAX_FACES'] }];
      });
      return {
        FaceRecords: indexed.map(({ stored, face }) => ({
          Face: describeFace(stored),
          FaceDetail: describeDetail(face, analysis),
        })),
        FaceModelVersion: collection.modelId,
        UnindexedFaces: unindexed.map(({ face, reasons }) => ({
          FaceDetail: describeDetail(face, analysis),
          Reasons: reasons,
        })),
      };
    },
  );

/** Stores the faces that the collection does not hold of this picture yet; answers all of them as stored. */
function keep(
  rekognition: Rekognition,
  collectionRowId: number,
  faces: readonly AnalysedFace[],
  picture: Analysis,
  pictureHash: string,
  externalId: string | undefined,
) {
  const { storedFaces, clock, delays, quotas } = rekognition;
  const before = storedFaces
    .ofPicture(collectionRowId, pictureHash)
    .filter((face) => face.externalImageId === externalId);
  const isHeld = (box: string) => before.some((face) => JSON.stringify(face.box) === box);
  const imageId = before[0]?.imageId ?? randomUUID();
  const added: NewFace[] = faces
    .filter((face) => !isHeld(JSON.stringify(boxOf(face, picture))))
    .map((face) => ({
      faceId: randomUUID(),
      imageId,
      externalImageId: externalId,
      pictureHash,
      box: boxOf(face, picture),
      confidence: confidenceOf(face),
      modelId: rekognition.faces.modelId,
      vector: face.vector,
      findableAtMs: clock.nowMs() + delays.faceReadyMs,
    }));
  if (storedFaces.count(collectionRowId) + added.length > quotas.facesPerCollectionMax) {
    throw quotaExceeded(`A collection has ${quotas.facesPerCollectionMax} faces at most`);
  }
  storedFaces.add(collectionRowId, added);
  const held = storedFaces
    .ofPicture(collectionRowId, pictureHash)
    .filter((face) => face.externalImageId === externalId);
  return faces.flatMap((face) => {
    const box = JSON.stringify(boxOf(face, picture));
    const stored = held.find((one) => JSON.stringify(one.box) === box);
    return stored === undefined ? [] : [{ stored, face }];
  });
}
