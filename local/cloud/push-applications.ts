/**
 * The chain's app at the two push services. CloudFormation cannot make these applications, since they hold certificates; a
 * deployment is told their ARNs, and so is the synthesis here, before there is anybody who could have made them.
 */
import { CreatePlatformApplicationCommand, type SNSClient } from '@aws-sdk/client-sns';
import { arnOf, LOCAL_ACCOUNT } from '../servers/wire/account.ts';

const NAME = 'aisle';
const PLATFORMS = { fcmApplicationArn: 'GCM', apnsApplicationArn: 'APNS' } as const;

/** Context of the CDK app. */
export const PUSH_CONTEXT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(PLATFORMS).map(([name, platform]) => [
    name,
    arnOf('sns', LOCAL_ACCOUNT, `app/${platform}/${NAME}`),
  ]),
);

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
