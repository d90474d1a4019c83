/** The queues for events and records that failed for good; over an SQS client, or into a list in a test. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface FailureQueue {
  /** Sends a message; `attributes` become message attributes, typed as AWS types them: String or Number. */
  send(queueUrl: string, body: string, attributes?: Readonly<Record<string, string | number>>): Promise<void>;
}

/** Returns the queue that sends through an SQS client. */
export function sqsFailureQueue(client: SQSClient): FailureQueue {
  return {
    async send(QueueUrl, MessageBody, attributes = {}) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) },
        ]),
      );
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    },
  };
}
