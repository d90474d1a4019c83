/**
 * Pushes to phones over SNS: a phone's app is an endpoint, found by the token that its push service gave it, and a message to the
 * endpoint appears on the phone.
 *
 * A token wanders: an app that is installed anew has another, a phone that is sold keeps it. So registering always says all there is
 * to say of the endpoint, whoever had it before. That a phone has thrown the app away shows only when it is pushed to:
 * the push service tells SNS, and SNS switches the endpoint off.
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
      if (EndpointArn === undefined) throw new Error('SNS made an endpoint and did not say which');
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
        // It may have been there, switched off, or with what was said of its last owner.
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

/** SNS says which endpoint a token has in the text of a refusal, and nowhere else. */
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

/** Why SNS will not have it, however often it is asked; what may pass is thrown. */
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

/** The service's own failure, or one on the way there. For calls that may be made twice. */
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
