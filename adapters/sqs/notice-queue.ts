/** The queue of what is to be looked at again once a frame must be over. A notice may come twice or late. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { FaceNotice } from '#contracts/frames.ts';

export interface NoticeQueue {
  /** Sends a notice that nobody sees before so many seconds have passed (at most 900), or throws. */
  send(notice: FaceNotice, delaySeconds: number): Promise<void>;
}

export function sqsNoticeQueue(client: SQSClient, QueueUrl: string): NoticeQueue {
  return {
    async send(notice, DelaySeconds) {
      await client.send(
        new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(notice), DelaySeconds }),
      );
    },
  };
}
