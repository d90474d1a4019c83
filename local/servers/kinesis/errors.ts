/** Errors as Kinesis words them. The codes are the contract; the texts follow AWS's, so that logs read alike. */
import { AwsError } from '../wire/aws-error.ts';
import type { Violation } from '../wire/shape.ts';

/** The code of a record that exceeds its shard's rate. The SDKs and the producers retry it. */
export const RATE_EXCEEDED = 'ProvisionedThroughputExceededException';

/** Returns the error for a request beyond the limits of the service model. */
export function invalidInput(violations: readonly Violation[]): AwsError {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  const each = violations.map(
    ({ path, value, rule }) => `Value ${value} at '${path}' failed to satisfy constraint: ${rule}`,
  );
  return validationError(`${count}: ${each.join('; ')}`);
}

/** Returns the error for a request that its stream's mode rules out. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Returns the error for a value that only the stream's state shows to be wrong. */
export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}

/** Returns the error for an unknown stream or shard. */
export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

/** Returns the error for a stream that exists already. */
export function inUse(message: string): AwsError {
  return new AwsError('ResourceInUseException', message);
}
