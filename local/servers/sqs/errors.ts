/**
 * Errors as SQS words them. Each has two codes: that of the JSON protocol, and that of the older query
 * protocol, which is still sent in a header and which the SDKs report.
 */
import { AwsError } from '../wire/aws-error.ts';
import { NOT_NULL, type Violation } from '../wire/shape.ts';

const CORAL = 'com.amazon.coral.service#';
const SQS = 'com.amazonaws.sqs#';
const QUERY = 'AWS.SimpleQueueService.';

/** Returns the error for a request beyond the limits of the service model; SQS reports the first violation. */
export function invalidInput([first]: readonly Violation[]): AwsError {
  if (first === undefined) return invalidParameter('The request is empty.');
  const parameter = first.path.charAt(0).toUpperCase() + first.path.slice(1);
  return first.rule === NOT_NULL
    ? missing(parameter)
    : invalidValue(first.value, parameter, `${first.rule}.`);
}

/** Returns the error for an absent parameter. */
export function missing(parameter: string): AwsError {
  const message = `The request must contain the parameter ${parameter}.`;
  return new AwsError(`${CORAL}MissingRequiredParameterException`, message, {
    queryCode: 'MissingParameter',
  });
}

/** Returns the error for one parameter's value. */
export function invalidValue(value: string | number, parameter: string, reason: string): AwsError {
  return invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

/** Returns the error for parameters that AWS describes in a sentence of its own. */
export function invalidParameter(message: string): AwsError {
  return new AwsError(`${CORAL}InvalidParameterValueException`, message, {
    queryCode: 'InvalidParameterValue',
  });
}

/** Returns the error for a URL that names no queue. */
export function noSuchQueue(): AwsError {
  return new AwsError(`${SQS}QueueDoesNotExist`, 'The specified queue does not exist.', {
    queryCode: `${QUERY}NonExistentQueue`,
  });
}

/** Returns the error for CreateQueue on an existing queue whose attribute differs. */
export function queueExists(attribute: string): AwsError {
  const message = `A queue already exists with the same name and a different value for attribute ${attribute}`;
  return new AwsError(`${SQS}QueueNameExists`, message, { queryCode: 'QueueAlreadyExists' });
}

/** Returns the error for an attribute that queues do not have. */
export function invalidAttributeName(name: string): AwsError {
  return new AwsError(`${SQS}InvalidAttributeName`, `Unknown Attribute ${name}.`, {
    queryCode: 'InvalidAttributeName',
  });
}

/** Returns the error for an attribute's value out of its range. */
export function invalidAttributeValue(name: string): AwsError {
  return new AwsError(`${SQS}InvalidAttributeValue`, `Invalid value for the parameter ${name}.`, {
    queryCode: 'InvalidAttributeValue',
  });
}

/** Returns the error for a message body with characters that XML 1.0 forbids. */
export function invalidContents(): AwsError {
  const allowed = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
  const message = `Invalid characters found. Valid unicode characters are ${allowed}`;
  return new AwsError(`${SQS}InvalidMessageContents`, message, { queryCode: 'InvalidMessageContents' });
}

/** Returns the error for a receipt handle that the server did not issue. */
export function invalidReceiptHandle(handle: string): AwsError {
  const message = `The input receipt handle "${handle}" is not a valid receipt handle.`;
  return new AwsError(`${SQS}ReceiptHandleIsInvalid`, message, {
    status: 404,
    queryCode: 'ReceiptHandleIsInvalid',
  });
}

type BatchFault =
  | 'EmptyBatchRequest'
  | 'TooManyEntriesInBatchRequest'
  | 'BatchEntryIdsNotDistinct'
  | 'InvalidBatchEntryId'
  | 'BatchRequestTooLong';

/** Returns the error for a batch that is rejected as a whole. */
export function badBatch(fault: BatchFault, message: string): AwsError {
  return new AwsError(`${SQS}${fault}`, message, { queryCode: `${QUERY}${fault}` });
}
