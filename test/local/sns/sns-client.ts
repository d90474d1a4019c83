/** What the SNS tests share: a server with the real SDK's client, and the commonest calls. */
import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  type CreatePlatformEndpointCommandInput,
  GetEndpointAttributesCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
} from '@aws-sdk/client-sns';
import { onTestFinished } from 'vitest';
import { type SnsOptions, startSns } from '#local/servers/sns/server.ts';

export const GCM_APPLICATION = 'arn:aws:sns:us-east-1:000000000000:app/GCM/aisle';
export const APNS_APPLICATION = 'arn:aws:sns:us-east-1:000000000000:app/APNS/aisle';
/** Of the right form, and nobody's. */
export const UNKNOWN_ENDPOINT = 'arn:aws:sns:us-east-1:000000000000:endpoint/GCM/aisle/none';

export function clientOf(url: string): SNSClient {
  return new SNSClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

export async function startWithClient(options: SnsOptions = {}) {
  const server = await startSns(options);
  const client = clientOf(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { server, client };
}

export async function createApplication(
  client: SNSClient,
  Platform = 'GCM',
  Name = 'aisle',
  more: Record<string, string> = {},
): Promise<string> {
  const { PlatformApplicationArn } = await client.send(
    new CreatePlatformApplicationCommand({
      Name,
      Platform,
      Attributes: { PlatformCredential: 'local', ...more },
    }),
  );
  return PlatformApplicationArn ?? '';
}

/** A server that has both applications. */
export async function startWithApplications(options: SnsOptions = {}) {
  const started = await startWithClient(options);
  await createApplication(started.client, 'GCM');
  await createApplication(started.client, 'APNS');
  return started;
}

export async function createEndpoint(
  client: SNSClient,
  Token: string,
  how: Partial<CreatePlatformEndpointCommandInput> = {},
): Promise<string> {
  const command = new CreatePlatformEndpointCommand({
    PlatformApplicationArn: GCM_APPLICATION,
    Token,
    ...how,
  });
  return (await client.send(command)).EndpointArn ?? '';
}

export async function attributesOf(client: SNSClient, EndpointArn: string) {
  return (await client.send(new GetEndpointAttributesCommand({ EndpointArn }))).Attributes;
}

/** Publishes to an endpoint what is meant for each platform, and answers the message's id. */
export async function publish(
  client: SNSClient,
  TargetArn: string,
  message: Readonly<Record<string, unknown>>,
  how: Partial<PublishCommandInput> = {},
): Promise<string> {
  const texts = Object.entries(message).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const { MessageId } = await client.send(
    new PublishCommand({
      TargetArn,
      Message: JSON.stringify(Object.fromEntries(texts)),
      MessageStructure: 'json',
      ...how,
    }),
  );
  return MessageId ?? '';
}
