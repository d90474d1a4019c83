/** The operations of the server, by their names on the wire. Every other name is an UnknownOperationException. */
import type { Operation } from '../../wire/json-service.ts';
import type { Sqs } from '../sqs.ts';
import { createQueue } from './create-queue.ts';
import { deleteMessage } from './delete-message.ts';
import { deleteMessageBatch } from './delete-message-batch.ts';
import { getQueueAttributes } from './get-queue-attributes.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage } from './send-message.ts';
import { sendMessageBatch } from './send-message-batch.ts';
import { setQueueAttributes } from './set-queue-attributes.ts';

/** Returns the operations over one server's state. */
export function operationsOf(sqs: Sqs): Readonly<Record<string, Operation>> {
  return {
    CreateQueue: createQueue(sqs),
    DeleteMessage: deleteMessage(sqs),
    DeleteMessageBatch: deleteMessageBatch(sqs),
    GetQueueAttributes: getQueueAttributes(sqs),
    ReceiveMessage: receiveMessage(sqs),
    SendMessage: sendMessage(sqs),
    SendMessageBatch: sendMessageBatch(sqs),
    SetQueueAttributes: setQueueAttributes(sqs),
  };
}
