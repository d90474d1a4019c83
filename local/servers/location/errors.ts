/**
 * Errors as Amazon Location words them. Codes and statuses are the contract; the texts are AWS's where they
 * are known. No error repeats a member of the request except names of resources: positions and geometries are
 * often a customer's location. Each function returns the error, for the caller to throw.
 */
import { AwsError } from '../wire/aws-error.ts';
import { NOT_NULL, type Violation } from '../wire/shape.ts';

type Reason = 'UnknownOperation' | 'Missing' | 'CannotParse' | 'FieldValidationFailed' | 'Other';

interface Field {
  readonly name: string;
  readonly message: string;
}

/** A ValidationException. It has a reason and a list of the invalid members besides its message. */
export class InvalidRequest extends AwsError {
  readonly reason: Reason;
  readonly fieldList: readonly Field[];

  constructor(reason: Reason, message: string, fieldList: readonly Field[] = []) {
    super('ValidationException', message);
    this.reason = reason;
    this.fieldList = fieldList;
  }
}

/** Returns one error for all limits of the service model that a request violates. */
export function invalidInput(violations: readonly Violation[]): AwsError {
  const fieldList = violations.map(({ path, rule }) => ({ name: path, message: rule }));
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  const each = fieldList.map(
    ({ name, message }) => `Value at '${name}' failed to satisfy constraint: ${message}`,
  );
  const isMissing = violations.every(({ rule }) => rule === NOT_NULL);
  return new InvalidRequest(
    isMissing ? 'Missing' : 'FieldValidationFailed',
    `${count}: ${each.join('; ')}`,
    fieldList,
  );
}

/** Returns the error of one member that is invalid beyond the service model. */
export function invalidField(name: string, message: string): AwsError {
  return new InvalidRequest('FieldValidationFailed', message, [{ name, message }]);
}

/** Returns the error of a request that cannot be parsed. */
export function unparseable(message: string): AwsError {
  return new InvalidRequest('CannotParse', message);
}

export function invalidPageToken(): AwsError {
  return invalidField('nextToken', 'The token is not of this listing');
}

export function unknownOperation(): AwsError {
  return new AwsError('UnknownOperationException', 'Unknown operation', { status: 404 });
}

export function collectionNotFound(name: string): AwsError {
  return notFound(`Geofence Collection not found: ${name}.`);
}

export function trackerNotFound(name: string): AwsError {
  return notFound(`Tracker not found: ${name}.`);
}

export function collectionExists(name: string): AwsError {
  return conflict(`Geofence Collection already exists: ${name}.`);
}

export function trackerExists(name: string): AwsError {
  return conflict(`Tracker already exists: ${name}.`);
}

export function consumerExists(arn: string): AwsError {
  return conflict(`Tracker consumer already exists: ${arn}.`);
}

/** Returns the error of an exceeded quota; its status is indeed 402. */
export function quotaExceeded(message: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', message, { status: 402 });
}

/** Returns the error of a call beyond the rate; clients retry it. */
export function tooManyCalls(): AwsError {
  return new AwsError('ThrottlingException', 'Rate exceeded', { status: 429 });
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { status: 404 });
}

function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { status: 409 });
}

/** The error of one item of a batch. */
export interface ItemError {
  readonly Code: 'ValidationError' | 'ResourceNotFoundError' | 'ConflictError';
  readonly Message: string;
}

/** Returns the error of an item of a batch that is invalid beyond the service model. */
export const invalidItem = (Message: string): ItemError => ({ Code: 'ValidationError', Message });
