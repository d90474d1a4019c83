/** The two operations of a mapping on its queue, over an SQS client. */
import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type SqsItem, toSqsItem } from './event.ts';

export interface SqsQueue {
  /**
   * Returns at most ten messages; waits for the first one up to `waitSeconds`, or until the signal is
   * aborted.
   */
  receive(count: number, waitSeconds: number, signal: AbortSignal): Promise<readonly SqsItem[]>;
  /** Deletes processed messages; rejects where the queue keeps any of them. */
  remove(items: readonly SqsItem[]): Promise<void>;
}

/** The most messages of one SQS request. */
export const CALL_MESSAGES_MAX = 10;

/** Returns the queue behind an SQS client. */
export function sqsQueue(client: SQSClient, QueueUrl: string, queueArn: string): SqsQueue {
  return {
    async receive(count, WaitTimeSeconds, abortSignal) {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        WaitTimeSeconds,
        MaxNumberOfMessages: Math.min(count, CALL_MESSAGES_MAX),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      const { Messages = [] } = await client.send(command, { abortSignal });
      return Messages.map((message) => toSqsItem(message, queueArn));
    },
    async remove(items) {
      for (let start = 0; start < items.length; start += CALL_MESSAGES_MAX) {
        const Entries = items
          .slice(start, start + CALL_MESSAGES_MAX)
          .map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
        const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
        if (Failed.length > 0) throw new Error(`SQS kept ${Failed.length} messages: ${Failed[0]?.Message}`);
      }
    },
  };
}
