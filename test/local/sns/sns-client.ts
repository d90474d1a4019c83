/** Helpers of the SNS tests: a server with the real SDK's client, and the most frequent calls. */
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
/** A well-formed ARN of no endpoint. */
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

/** Starts a server with an application for each platform. */
export async function startWithApplications(options: SnsOptions = {}) {
  const started = await startWithClient(options);
  await createApplication(started.client, 'GCM');
  await createApplication(started.client, 'APNS');
  return started;
}

export async function createEndpoint(
  client: SNSClient,
  Token: string,
  options: Partial<CreatePlatformEndpointCommandInput> = {},
): Promise<string> {
  const command = new CreatePlatformEndpointCommand({
    PlatformApplicationArn: GCM_APPLICATION,
    Token,
    ...options,
  });
  return (await client.send(command)).EndpointArn ?? '';
}

export async function attributesOf(client: SNSClient, EndpointArn: string) {
  return (await client.send(new GetEndpointAttributesCommand({ EndpointArn }))).Attributes;
}

/** Publishes a message with a payload for each platform and returns its id. */
export async function publish(
  client: SNSClient,
  TargetArn: string,
  message: Readonly<Record<string, unknown>>,
  options: Partial<PublishCommandInput> = {},
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
      ...options,
    }),
  );
  return MessageId ?? '';
}
