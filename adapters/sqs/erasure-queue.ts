/**
 * The queue of erasures. A message is the work itself and is delivered again until it is done; it contains identifiers of a
 * person, so it goes nowhere else, and the queue is encrypted.
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
