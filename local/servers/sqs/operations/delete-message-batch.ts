/** DeleteMessageBatch: up to ten messages, each by itself. */
import { operation } from '../../wire/json-service.ts';
import { list, required, structure, text } from '../../wire/shape.ts';
import { checkBatch, runBatch } from '../batches.ts';
import { deleteByHandle } from '../receipt-handles.ts';
import { queueOf, queueUrl, type Sqs } from '../sqs.ts';

const entry = structure({ Id: required(text()), ReceiptHandle: required(text()) });

export const deleteMessageBatch = (sqs: Sqs) =>
  operation({ ...queueUrl, Entries: required(list(required(entry))) }, (input) => {
    const queue = queueOf(sqs, input);
    checkBatch(input.Entries, 'DeleteMessageBatchRequestEntry');
    return runBatch(input.Entries, ({ ReceiptHandle }) => {
      deleteByHandle(sqs, queue, ReceiptHandle);
      return {};
    });
  });
