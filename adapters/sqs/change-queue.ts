/**
 * The queues that carry notices of changed cells to whoever sums them up. A notice may come twice or late;
 * it only says where to look.
 */

import { SendMessageBatchCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { ChangeQueue } from '#application/ports/queues.ts';

/** SendMessageBatch's own bound. */
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
        if (failed !== undefined) throw new Error(`a notice was not taken by the queue: ${failed.Code}`);
      }
    },
  };
}
