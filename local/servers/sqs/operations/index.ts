/** The operations this server knows, by the names they have on the wire. */
import type { Operation } from '../../wire/json-service.ts';
import type { Sqs } from '../sqs.ts';
import { changeMessageVisibility } from './change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './change-message-visibility-batch.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage } from './delete-message.ts';
import { deleteMessageBatch } from './delete-message-batch.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { getQueueUrl } from './get-queue-url.ts';
import { listQueues } from './list-queues.ts';
import { purgeQueue } from './purge-queue.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { sendMessageBatch } from './send-message-batch.ts';
import { setQueueAttributes } from './set-queue-attributes.ts';

export function operationsOf(sqs: Sqs): Readonly<Record<string, Operation>> {
  return {
    ChangeMessageVisibility: changeMessageVisibility(sqs),
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(sqs),
    CreateQueue: createQueue(sqs),
    DeleteMessage: deleteMessage(sqs),
    DeleteMessageBatch: deleteMessageBatch(sqs),
    GetQueueAttributes: getQueueAttributes(sqs),
    GetQueueUrl: getQueueUrl(sqs),
    ListQueues: listQueues(sqs),
    PurgeQueue: purgeQueue(sqs),
    ReceiveMessage: receiveMessage(sqs),
    SendMessage: sendMessage(sqs),
    SendMessageBatch: sendMessageBatch(sqs),
    SetQueueAttributes: setQueueAttributes(sqs),
  };
}
