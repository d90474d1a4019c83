/**
 * How SQS words its refusals. Each has two codes: one of the JSON protocol, and the one that callers knew
 * from the older query protocol, which still goes along in a header and is what the SDKs report.
 */
import { AwsError } from '../wire/aws-error.ts';
import { NOT_NULL, type Violation } from '../wire/shape.ts';

const CORAL = 'com.amazon.coral.service#';
const SQS = 'com.amazonaws.sqs#';
const QUERY = 'AWS.SimpleQueueService.';

export function invalidInput([first]: readonly Violation[]): AwsError {
  if (first === undefined) return invalidParameter('The request is empty.');
  const parameter = first.path.charAt(0).toUpperCase() + first.path.slice(1);
  return first.rule === NOT_NULL
    ? missing(parameter)
    : invalidValue(first.value, parameter, `${first.rule}.`);
}

export function missing(parameter: string): AwsError {
  return new AwsError(
    `${CORAL}MissingRequiredParameterException`,
    `The request must contain the parameter ${parameter}.`,
    {
      queryCode: 'MissingParameter',
    },
  );
}

export function invalidValue(value: string | number, parameter: string, reason: string): AwsError {
  return invalidParameter(`Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError(`${CORAL}InvalidParameterValueException`, message, {
    queryCode: 'InvalidParameterValue',
  });
}

export function noSuchQueue(): AwsError {
  return new AwsError(`${SQS}QueueDoesNotExist`, 'The specified queue does not exist.', {
    queryCode: `${QUERY}NonExistentQueue`,
  });
}

export function queueExists(attribute: string): AwsError {
  const message = `A queue already exists with the same name and a different value for attribute ${attribute}`;
  return new AwsError(`${SQS}QueueNameExists`, message, { queryCode: 'QueueAlreadyExists' });
}

export function invalidAttributeName(name: string): AwsError {
  return new AwsError(`${SQS}InvalidAttributeName`, `Unknown Attribute ${name}.`, {
    queryCode: 'InvalidAttributeName',
  });
}

export function invalidAttributeValue(name: string): AwsError {
  return new AwsError(`${SQS}InvalidAttributeValue`, `Invalid value for the parameter ${name}.`, {
    queryCode: 'InvalidAttributeValue',
  });
}

export function invalidContents(): AwsError {
  const allowed = '#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';
  return new AwsError(
    `${SQS}InvalidMessageContents`,
    `Invalid characters found. Valid unicode characters are ${allowed}`,
    {
      queryCode: 'InvalidMessageContents',
    },
  );
}

export function invalidReceiptHandle(handle: string): AwsError {
  return new AwsError(
    `${SQS}ReceiptHandleIsInvalid`,
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
    {
      status: 404,
      queryCode: 'ReceiptHandleIsInvalid',
    },
  );
}

type BatchFault =
  | 'EmptyBatchRequest'
  | 'TooManyEntriesInBatchRequest'
  | 'BatchEntryIdsNotDistinct'
  | 'InvalidBatchEntryId'
  | 'BatchRequestTooLong';

export function badBatch(fault: BatchFault, message: string): AwsError {
  return new AwsError(`${SQS}${fault}`, message, { queryCode: `${QUERY}${fault}` });
}
