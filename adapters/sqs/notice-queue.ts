/** The queue of frames to be checked again after they must be over. A notice may arrive twice or late. */

import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { NoticeQueue } from '#application/ports/queues.ts';

export function sqsNoticeQueue(client: SQSClient, QueueUrl: string): NoticeQueue {
  return {
    async send(notice, DelaySeconds) {
      await client.send(
        new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(notice), DelaySeconds }),
      );
    },
  };
}
