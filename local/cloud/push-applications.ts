/**
 * The SNS platform applications of the chain's app, one per push service. CloudFormation cannot create them,
 * since they contain certificates; a deployment receives their ARNs as context, and so does the local
 * synthesis, before they exist.
 */
import { CreatePlatformApplicationCommand, type SNSClient } from '@aws-sdk/client-sns';
import { arnOf, LOCAL_ACCOUNT } from '../servers/wire/account.ts';

const NAME = 'aisle';
const PLATFORMS = { fcmApplicationArn: 'GCM', apnsApplicationArn: 'APNS' } as const;

/** The ARNs, as context of the CDK app. */
export const PUSH_CONTEXT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PLATFORMS).map(([name, platform]) => [
    name,
    arnOf('sns', LOCAL_ACCOUNT, `app/${platform}/${NAME}`),
  ]),
);

/** Creates the applications; existing ones are kept. */
export async function createPushApplications(client: SNSClient): Promise<void> {
  await Promise.all(
    Object.values(PLATFORMS).map((Platform) =>
      client.send(
        new CreatePlatformApplicationCommand({
          Name: NAME,
          Platform,
          Attributes: { PlatformCredential: 'local' },
        }),
      ),
    ),
  );
}
