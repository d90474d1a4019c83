/** How Kinesis words its refusals. Codes are the contract; the texts follow AWS's so that logs read alike. */
import { AwsError } from '../wire/aws-error.ts';
import type { Violation } from '../wire/shape.ts';

export function invalidInput(violations: readonly Violation[]): AwsError {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  const each = violations.map(
    ({ path, value, rule }) => `Value ${value} at '${path}' failed to satisfy constraint: ${rule}`,
  );
  return new AwsError('ValidationException', `${count}: ${each.join('; ')}`);
}

export function notValid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function inUse(message: string): AwsError {
  return new AwsError('ResourceInUseException', message);
}

export const RATE_EXCEEDED = 'ProvisionedThroughputExceededException';
