/** DetectFaces: where the faces of a picture are, and how good. Nothing is kept. */
import { operation } from '../../wire/json-service.ts';
import { describeDetail } from '../descriptions.ts';
import { analyse } from '../pictures.ts';
import type { Rekognition } from '../rekognition.ts';
import { attributes, requiredImage } from '../shapes.ts';

export const detectFaces = (rekognition: Rekognition) =>
  operation({ Image: requiredImage, Attributes: attributes }, async (input) => {
    const picture = await analyse(rekognition, input.Image, { embed: false });
    return { FaceDetails: picture.faces.map((face) => describeDetail(face, picture)) };
  });
