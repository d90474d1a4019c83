/** Errors as SNS words them. Clients parse ARNs and reasons out of the texts, so these are part of the contract. */
import { AwsError } from '../wire/aws-error.ts';
import type { Violation } from '../wire/shape.ts';
import type { Platform } from './platforms.ts';

/** Returns the error for absent members, which AWS reports before the request reaches SNS, under a code of its own. */
export function invalidInput(violations: readonly Violation[]): AwsError {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  const each = violations.map(
    ({ path, value, rule }) => `Value ${value} at '${path}' failed to satisfy constraint: ${rule}`,
  );
  return new AwsError('ValidationError', `${count}: ${each.join('; ')}`);
}

/** Returns the error for a parameter's value. */
export function invalidParameter(what: string, reason?: string): AwsError {
  return new AwsError(
    'InvalidParameter',
    `Invalid parameter: ${what}${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );
}

/** Returns the error for a token that is taken. Its text is the only way for a client to learn that endpoint's ARN. */
export function endpointExists(endpointArn: string): AwsError {
  return invalidParameter(
    'Token',
    `Endpoint ${endpointArn} already exists with the same Token, but different attributes.`,
  );
}

/** Returns the error for an unknown application. */
export function noApplication(): AwsError {
  return new AwsError('NotFound', 'PlatformApplication does not exist', { status: 404 });
}

/** Returns the error for an unknown endpoint. */
export function noEndpoint(): AwsError {
  return new AwsError('NotFound', 'Endpoint does not exist', { status: 404 });
}

/** Returns the error of Publish for an unknown endpoint, which on AWS is no NotFound. */
export function noTarget(): AwsError {
  return invalidParameter('TargetArn', 'No endpoint found for the target arn specified');
}

/** Returns the error for a topic: there are none here. */
export function noTopic(): AwsError {
  return new AwsError('NotFound', 'Topic does not exist', { status: 404 });
}

/** Returns the error of Publish for a disabled endpoint. */
export function endpointDisabled(): AwsError {
  return new AwsError('EndpointDisabled', 'Endpoint is disabled');
}

/** Returns the error for a payload that the push service would reject. */
export function invalidNotification(platform: Platform, reason: string): AwsError {
  return invalidParameter('Message', `Invalid notification for protocol ${platform}: ${reason}`);
}

/** Returns the error for an operation that is not served. */
export function unknownAction(action: string): AwsError {
  return new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
}
