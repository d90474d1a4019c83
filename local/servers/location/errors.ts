/**
 * How Amazon Location words its refusals. Codes and statuses are the contract; where AWS's own words are
 * known they stand here. No value that was sent is ever repeated: most of what is sent here says where
 * somebody is.
 */
import { AwsError } from '../wire/aws-error.ts';
import { NOT_NULL, type Violation } from '../wire/shape.ts';

type Reason = 'UnknownOperation' | 'Missing' | 'CannotParse' | 'FieldValidationFailed' | 'Other';

interface Field {
  readonly name: string;
  readonly message: string;
}

/** A ValidationException, which says besides its message what kind of mistake it is and in which members. */
export class InvalidRequest extends AwsError {
  readonly reason: Reason;
  readonly fieldList: readonly Field[];

  constructor(reason: Reason, message: string, fieldList: readonly Field[] = []) {
    super('ValidationException', message);
    this.reason = reason;
    this.fieldList = fieldList;
  }
}

/** Limits of the service model, all those that a request breaks at once. */
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

export function invalidField(name: string, message: string): AwsError {
  return new InvalidRequest('FieldValidationFailed', message, [{ name, message }]);
}

export function unreadable(message: string): AwsError {
  return new InvalidRequest('CannotParse', message);
}

export function invalidPageToken(): AwsError {
  return invalidField('nextToken', 'The token is not one of this listing');
}

export function unknownOperation(): AwsError {
  return new AwsError('UnknownOperationException', 'There is no such operation here', { status: 404 });
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

/** 402, of all statuses. */
export function quotaExceeded(what: string): AwsError {
  return new AwsError('ServiceQuotaExceededException', what, { status: 402 });
}

export function tooManyCalls(): AwsError {
  return new AwsError('ThrottlingException', 'Rate exceeded', { status: 429 });
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { status: 404 });
}

function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message, { status: 409 });
}

/** Why one item of a batch was not taken. */
export interface ItemFault {
  readonly Code: 'ValidationError' | 'ResourceNotFoundError' | 'ConflictError';
  readonly Message: string;
}

export const invalidItem = (Message: string): ItemFault => ({ Code: 'ValidationError', Message });
