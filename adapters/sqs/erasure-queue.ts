/**
 * The queue of people who are to be forgotten. A message is the work itself and comes again until it is done; it holds what is
 * known of somebody, so it goes nowhere else, and the queue is encrypted.
 */

import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ErasureQueue } from '#application/ports/queues.ts';

export function sqsErasureQueue(client: SQSClient, QueueUrl: string): ErasureQueue {
  return {
    async send(work, DelaySeconds) {
      await client.send(
        new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(work), DelaySeconds }),
      );
    },
  };
}
