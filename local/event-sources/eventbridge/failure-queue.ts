/** The queues that events end in which nobody could use; over an ordinary SQS client, or into a list in a test. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface EventQueue {
  /** What stands beside the body are message attributes: texts, and numbers where AWS sends numbers. */
  send(queueUrl: string, body: string, attributes?: Readonly<Record<string, string | number>>): Promise<void>;
}

export function sqsEventQueue(client: SQSClient): EventQueue {
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
