/** Helpers of the SQS tests: a server with the real SDK's client, and the most frequent calls. */
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { type SqsOptions, startSqs } from '#local/servers/sqs/server.ts';

export function clientOf(url: string): SQSClient {
  return new SQSClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
}

export async function startWithClient(options: SqsOptions = {}) {
  const server = await startSqs(options);
  const client = clientOf(server.url);
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  return { server, client };
}

/** Creates a queue and returns its URL. */
export async function createQueue(
  client: SQSClient,
  Attributes: Record<string, string> = {},
  QueueName = 'cells-changed',
): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl ?? '';
}

/** Creates a queue whose messages move to a dead-letter queue after so many receives. */
export async function createQueueWithDeadLetters(client: SQSClient, maxReceiveCount: number) {
  const deadLettersUrl = await createQueue(client, {}, 'dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount });
  const queueUrl = await createQueue(client, { RedrivePolicy, VisibilityTimeout: '30' });
  return { queueUrl, deadLettersUrl };
}

export function arnOf(queueName: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${queueName}`;
}

export async function send(client: SQSClient, QueueUrl: string, ...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

export async function receive(
  client: SQSClient,
  QueueUrl: string,
  options: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...options });
  return (await client.send(command)).Messages ?? [];
}

export function bodiesOf(messages: readonly Message[]): (string | undefined)[] {
  return messages.map((message) => message.Body);
}

/** Returns the numbers of visible, in-flight and delayed messages. */
export async function countsOf(client: SQSClient, QueueUrl: string): Promise<number[]> {
  const { Attributes: counts = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return [
    Number(counts.ApproximateNumberOfMessages),
    Number(counts.ApproximateNumberOfMessagesNotVisible),
    Number(counts.ApproximateNumberOfMessagesDelayed),
  ];
}
