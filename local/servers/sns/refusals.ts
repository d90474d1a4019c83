/** How SNS words its refusals. Clients take ARNs and reasons out of the texts, so these are part of the contract, too. */
import { AwsError } from '../wire/aws-error.ts';
import type { Violation } from '../wire/shape.ts';
import type { Platform } from './platforms.ts';

/** What is missing altogether is refused before SNS itself is asked, under a code that it does not list. */
export function invalidInput(violations: readonly Violation[]): AwsError {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  const each = violations.map(
    ({ path, value, rule }) => `Value ${value} at '${path}' failed to satisfy constraint: ${rule}`,
  );
  return new AwsError('ValidationError', `${count}: ${each.join('; ')}`);
}

export function invalidParameter(what: string, reason?: string): AwsError {
  return new AwsError(
    'InvalidParameter',
    `Invalid parameter: ${what}${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );
}

/** The one text that tells a caller which endpoint the token is registered as. */
export function endpointExists(endpointArn: string): AwsError {
  return invalidParameter(
    'Token',
    `Endpoint ${endpointArn} already exists with the same Token, but different attributes.`,
  );
}

export function noApplication(): AwsError {
  return new AwsError('NotFound', 'PlatformApplication does not exist', { status: 404 });
}

export function noEndpoint(): AwsError {
  return new AwsError('NotFound', 'Endpoint does not exist', { status: 404 });
}

/** Where something is sent to an endpoint that is gone, this is no NotFound. */
export function noTarget(): AwsError {
  return invalidParameter('TargetArn', 'No endpoint found for the target arn specified');
}

export function noTopic(): AwsError {
  return new AwsError('NotFound', 'Topic does not exist', { status: 404 });
}

export function endpointDisabled(): AwsError {
  return new AwsError('EndpointDisabled', 'Endpoint is disabled');
}

export function invalidNotification(platform: Platform, why: string): AwsError {
  return invalidParameter('Message', `Invalid notification for protocol ${platform}: ${why}`);
}

export function unknownAction(action: string): AwsError {
  return new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
}
