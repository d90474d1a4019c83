/**
 * The queues that carry change notices to the roll-up. A notice may arrive twice or late; it only says which cells to read.
 */

import { SendMessageBatchCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { ChangeQueue } from '#application/ports/queues.ts';

/** SendMessageBatch's own limit. */
const ENTRIES_MAX = 10;

const REQUEST_TIMEOUT_MS = 5_000;

export const sqsClient = (config: SQSClientConfig = {}): SQSClient =>
  new SQSClient({ requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS }, ...config });

export function sqsChangeQueue(client: SQSClient, QueueUrl: string): ChangeQueue {
  return {
    async send(notices) {
      for (let start = 0; start < notices.length; start += ENTRIES_MAX) {
        const answer = await client.send(
          new SendMessageBatchCommand({
            QueueUrl,
            Entries: notices
              .slice(start, start + ENTRIES_MAX)
              .map((notice, index) => ({ Id: String(index), MessageBody: JSON.stringify(notice) })),
          }),
        );
        const failed = answer.Failed?.[0];
        if (failed !== undefined) throw new Error(`the queue rejected a notice: ${failed.Code}`);
      }
    },
  };
}
