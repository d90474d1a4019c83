/**
 * Pushes to phones over SNS: an app on a phone is an endpoint, found by the token of its push service, and a message to the
 * endpoint appears on the phone.
 *
 * Tokens move: a reinstalled app has a new one, a phone that is sold keeps its own. So registering always sets all
 * attributes of the endpoint, whichever customer had it before. That an app was uninstalled shows only when a push is
 * sent: the push service reports it to SNS, and SNS disables the endpoint.
 */

import { setTimeout as wait } from 'node:timers/promises';
import {
  CreatePlatformEndpointCommand,
  DeleteEndpointCommand,
  EndpointDisabledException,
  InvalidParameterException,
  NotFoundException,
  PlatformApplicationDisabledException,
  PublishCommand,
  SetEndpointAttributesCommand,
  type SNSClient,
  SNSServiceException,
} from '@aws-sdk/client-sns';
import type { PhonePush, PushApplications } from '#application/ports/phone-push.ts';
import { messageOf } from './payloads.ts';

const TRIES_MAX = 3;
const PAUSE_MS = 100;

export function snsPhonePush(client: SNSClient, applications: PushApplications): PhonePush {
  async function endpointOf(application: string, Token: string, CustomUserData: string): Promise<string> {
    const command = new CreatePlatformEndpointCommand({
      PlatformApplicationArn: application,
      Token,
      ...(CustomUserData !== '' && { CustomUserData }),
    });
    try {
      const { EndpointArn } = await repeatedly(isWorthAnotherTry, () => client.send(command));
      if (EndpointArn === undefined) throw new Error('SNS created an endpoint without returning its ARN');
      return EndpointArn;
    } catch (error) {
      const existing = existingEndpoint(error);
      if (existing === undefined) throw error;
      return existing;
    }
  }

  return {
    async register(platform, token, userData = '') {
      const application = applications[platform];
      if (application === undefined)
        return { kind: 'refused', reason: `pushes over ${platform} are not set up` };
      try {
        const endpointArn = await endpointOf(application, token, userData);
        // An existing endpoint may be disabled, or have the attributes of its last owner.
        const command = new SetEndpointAttributesCommand({
          EndpointArn: endpointArn,
          Attributes: { Token: token, Enabled: 'true', CustomUserData: userData },
        });
        await repeatedly(isWorthAnotherTry, () => client.send(command));
        return { kind: 'registered', endpointArn };
      } catch (error) {
        return { kind: 'refused', reason: reasonOf(error) };
      }
    },

    async send(TargetArn, platform, note) {
      const { message, attributes } = messageOf(platform, note);
      const command = new PublishCommand({
        TargetArn,
        Message: message,
        MessageStructure: 'json',
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [
            name,
            { DataType: 'String', StringValue },
          ]),
        ),
      });
      try {
        const { MessageId = '' } = await repeatedly(isThrottled, () => client.send(command));
        return { kind: 'sent', messageId: MessageId };
      } catch (error) {
        if (isGone(error)) return { kind: 'gone' };
        return { kind: 'refused', reason: reasonOf(error) };
      }
    },

    async forget(EndpointArn) {
      const command = new DeleteEndpointCommand({ EndpointArn });
      await repeatedly(isWorthAnotherTry, () => client.send(command));
    },
  };
}

/** SNS returns the existing endpoint of a token in the text of an error, and nowhere else. */
function existingEndpoint(error: unknown): string | undefined {
  if (!(error instanceof InvalidParameterException)) return undefined;
  return /Endpoint (arn:\S+) already exists with the same Token/.exec(error.message)?.[1];
}

function isGone(error: unknown): boolean {
  return (
    error instanceof EndpointDisabledException ||
    error instanceof NotFoundException ||
    (error instanceof InvalidParameterException && /No endpoint found/.test(error.message))
  );
}

/** Returns why SNS rejects a request permanently; throws errors that may pass. */
function reasonOf(error: unknown): string {
  if (
    error instanceof InvalidParameterException ||
    error instanceof NotFoundException ||
    error instanceof PlatformApplicationDisabledException
  ) {
    return error.message;
  }
  throw error;
}

function isThrottled(error: unknown): boolean {
  return error instanceof SNSServiceException && /^Throttl/.test(error.name);
}

/** Whether the service or the network failed. For calls that are safe to repeat. */
function isWorthAnotherTry(error: unknown): boolean {
  if (!(error instanceof SNSServiceException)) return true;
  return isThrottled(error) || (error.$metadata.httpStatusCode ?? 0) >= 500;
}

async function repeatedly<Result>(
  isWorthIt: (error: unknown) => boolean,
  call: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === TRIES_MAX || !isWorthIt(error)) throw error;
      await wait(PAUSE_MS * 2 ** tries);
    }
  }
}
