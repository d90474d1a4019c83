/**
 * Errors as Rekognition words them. The codes are the contract; the texts follow AWS's, so that logs read
 * alike. Each function returns the error, for the caller to throw.
 */
import { AwsError } from '../wire/aws-error.ts';
import type { Violation } from '../wire/shape.ts';

/**
 * Returns one error for all limits of the service model that a request violates. AWS checks them first, under
 * this code.
 */
export function invalidInput(violations: readonly Violation[]): AwsError {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  const each = violations.map(
    ({ path, value, rule }) => `Value ${value} at '${path}' failed to satisfy constraint: ${rule}`,
  );
  return new AwsError('ValidationException', `${count}: ${each.join('; ')}`);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

export function noFaces(): AwsError {
  return invalidParameter('There are no faces in the image. Should be at least 1.');
}

/**
 * Returns AWS's error for an unknown face, which is not ResourceNotFoundException as for collections and
 * users.
 */
export function faceNotFound(): AwsError {
  return invalidParameter('faceId was not found in the collection');
}

export function collectionNotFound(collectionId: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The collection id: ${collectionId} does not exist`);
}

export function collectionExists(collectionId: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The collection id: ${collectionId} already exists`);
}

export function userNotFound(userId: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The user id: ${userId} does not exist`);
}

export function userExists(userId: string): AwsError {
  return new AwsError('ConflictException', `The user id: ${userId} already exists`);
}

export function quotaExceeded(message: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', message);
}

export function tokenReused(): AwsError {
  return new AwsError(
    'IdempotentParameterMismatchException',
    'The client request token was used before with other parameters',
  );
}

export function invalidPageToken(): AwsError {
  return new AwsError('InvalidPaginationTokenException', 'Invalid pagination token');
}

export function invalidImageFormat(): AwsError {
  return new AwsError('InvalidImageFormatException', 'Request has invalid image format');
}

export function imageTooLarge(message: string): AwsError {
  return new AwsError('ImageTooLargeException', `Image dimensions exceed the maximum limit: ${message}`);
}

export function imageTooSmall(pixelsMin: number): AwsError {
  return invalidParameter(
    `Request has invalid parameters: either side of the image must have ${pixelsMin} pixels`,
  );
}

/** Returns an error for every S3 object; AWS uses this code for one that it cannot read. */
export function s3NotSupported(): AwsError {
  return new AwsError(
    'InvalidS3ObjectException',
    'Image.S3Object is not supported here: send the picture as Image.Bytes.',
  );
}

/** Returns the error of a picture beyond the limit; clients retry it. */
export function throughputExceeded(): AwsError {
  return new AwsError('ProvisionedThroughputExceededException', 'Provisioned rate exceeded.');
}

/** Returns the error of a collection whose vectors are of another face model; AWS has no such case. */
export function modelMismatch(collectionId: string, collectionModel: string, engineModel: string): AwsError {
  return invalidParameter(
    `The collection id: ${collectionId} holds vectors of model ${collectionModel}, which cannot be compared with those of ${engineModel}: use another collection, or delete rekognition.sqlite in the data folder`,
  );
}
