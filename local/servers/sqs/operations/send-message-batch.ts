/** SendMessageBatch: up to ten messages, whose total size is limited like that of one. */
import { operation } from '../../wire/json-service.ts';
import { list, required, structure, text } from '../../wire/shape.ts';
import { checkBatch, runBatch } from '../batches.ts';
import { badBatch } from '../errors.ts';
import { MESSAGE_BYTES_MAX } from '../limits.ts';
import { bytesOfAttributes, checkAttributes } from '../message-attributes.ts';
import type { NewMessage } from '../messages.ts';
import { describeSent, sendShape, toMessage } from '../sending.ts';
import { queueOf, queueUrl, type Sqs } from '../sqs.ts';

export const sendMessageBatch = (sqs: Sqs) =>
  operation(
    { ...queueUrl, Entries: required(list(required(structure({ Id: required(text()), ...sendShape })))) },
    (input) => {
      const queue = queueOf(sqs, input);
      checkBatch(input.Entries, 'SendMessageBatchRequestEntry');
      const bytes = input.Entries.reduce(
        (sum, { MessageBody = '', MessageAttributes }) =>
          sum + Buffer.byteLength(MessageBody) + bytesOfAttributes(checkAttributes(MessageAttributes)),
        0,
      );
      if (bytes > MESSAGE_BYTES_MAX) {
        const message = `Batch requests cannot be longer than ${MESSAGE_BYTES_MAX} bytes. You have sent ${bytes} bytes.`;
        throw badBatch('BatchRequestTooLong', message);
      }
      const nowMs = sqs.clock.nowMs();
      const accepted: NewMessage[] = [];
      const results = runBatch(input.Entries, (entry) => {
        const message = toMessage(queue, entry, nowMs);
        accepted.push(message);
        return describeSent(message);
      });
      sqs.messages.send(queue.id, accepted, nowMs);
      sqs.waiters.notify(queue.id);
      return results;
    },
  );
