/** Where a stream mapping sends its notices; over an ordinary SQS client, or into a list in a test. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface NoticeQueue {
  sendNotice(queueUrl: string, notice: object): Promise<void>;
}

export function sqsNoticeQueue(client: SQSClient): NoticeQueue {
  return {
    async sendNotice(QueueUrl, notice) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(notice) }));
    },
  };
}
