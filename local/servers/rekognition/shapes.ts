/** Request members that several operations share, with the limits of AWS's service model. */
import { AwsError } from '../wire/aws-error.ts';
import { blob, integer, list, oneOf, required, type Shape, structure, text } from '../wire/shape.ts';
import {
  FACES_PER_ASSOCIATION_MAX,
  FACES_PER_CALL_MAX,
  IMAGE_BYTES_MAX,
  USERS_PER_CALL_MAX,
} from './limits.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const collectionId = {
  CollectionId: required(text({ min: 1, max: 255, pattern: /^[a-zA-Z0-9_.-]+$/ })),
};

export const faceId = text({ pattern: UUID });
export const userId = text({ min: 1, max: 128, pattern: /^[a-zA-Z0-9_.:-]+$/ });
export const externalImageId = text({ min: 1, max: 255, pattern: /^[a-zA-Z0-9_.:-]+$/ });

export const faceIds = list(required(faceId), { min: 1, max: FACES_PER_CALL_MAX });
export const userFaceIds = list(required(faceId), { min: 1, max: FACES_PER_ASSOCIATION_MAX });
export const maxFaces = integer({ min: 1, max: FACES_PER_CALL_MAX });
export const maxUsers = integer({ min: 1, max: USERS_PER_CALL_MAX });

export const clientRequestToken = {
  ClientRequestToken: text({ min: 1, max: 64, pattern: /^[a-zA-Z0-9-_]+$/ }),
};

/** A MaxResults of 0 means the maximum, like no MaxResults. */
export const page = {
  MaxResults: integer({ min: 0, max: FACES_PER_CALL_MAX }),
  NextToken: text({ max: 255 }),
};

const image = structure({
  Bytes: blob({ max: IMAGE_BYTES_MAX }),
  S3Object: structure({
    Bucket: text({ min: 3, max: 255, pattern: /^[0-9A-Za-z.\-_]*$/ }),
    Name: text({ min: 1, max: 1024 }),
    Version: text({ min: 1, max: 1024 }),
  }),
});
export const requiredImage = required(image);
export type Image = ReturnType<typeof requiredImage>;

export const qualityFilter = oneOf('NONE', 'AUTO', 'LOW', 'MEDIUM', 'HIGH');

/**
 * All values are accepted; responses always have the DEFAULT attributes: box, confidence, landmarks, pose and
 * quality. Age, gender, emotions and the others are not estimated, and the product never requests them.
 */
export const attributes = list(
  required(
    oneOf(
      'DEFAULT',
      'ALL',
      'AGE_RANGE',
      'BEARD',
      'EMOTIONS',
      'EYE_DIRECTION',
      'EYEGLASSES',
      'EYES_OPEN',
      'GENDER',
      'MOUTH_OPEN',
      'MUSTACHE',
      'FACE_OCCLUDED',
      'SMILE',
      'SUNGLASSES',
    ),
  ),
);

/** A similarity, 0 to 100, with fractions. */
export const percent: Shape<number | undefined> = (value, path, violations) => {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'number') {
    throw new AwsError('SerializationException', `${typeof value} can not be converted to Float`);
  }
  const report = (rule: string) => violations.push({ path, value: `'${value}'`, rule });
  if (value < 0) report('Member must have value greater than or equal to 0');
  if (value > 100) report('Member must have value less than or equal to 100');
  return value;
};
