/** How Rekognition words its refusals. Codes are the contract; the texts follow AWS's so that logs read alike. */
import { AwsError } from '../wire/aws-error.ts';
import type { Violation } from '../wire/shape.ts';

/** Limits of the service model are checked before the service itself, and refused under a code it does not list. */
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

/** Not a ResourceNotFoundException, which is for collections and users. */
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
    'The client request token was used before, with other parameters',
  );
}

export function invalidPageToken(): AwsError {
  return new AwsError('InvalidPaginationTokenException', 'Invalid pagination token');
}

export function notAPicture(): AwsError {
  return new AwsError('InvalidImageFormatException', 'Request has invalid image format');
}

export function pictureTooLarge(what: string): AwsError {
  return new AwsError('ImageTooLargeException', `Image dimensions exceed the maximum limit: ${what}`);
}

export function pictureTooSmall(pixelsMin: number): AwsError {
  return invalidParameter(
    `Request has invalid parameters: either side of the image must have ${pixelsMin} pixels`,
  );
}

export function notFromS3(): AwsError {
  return new AwsError(
    'InvalidS3ObjectException',
    'Image.S3Object is not served here: send the picture as Image.Bytes.',
  );
}

export function tooMuchAtOnce(): AwsError {
  return new AwsError('ProvisionedThroughputExceededException', 'Provisioned rate exceeded.');
}

export function otherModel(collectionId: string, collectionModel: string, engineModel: string): AwsError {
  return invalidParameter(
    `The collection id: ${collectionId} holds vectors of model ${collectionModel}, which cannot be compared with those of ${engineModel}: use another collection, or delete rekognition.sqlite in the data folder`,
  );
}
