/** ChangeMessageVisibilityBatch: up to ten, each by itself. */
import { operation } from '../../wire/json-service.ts';
import { integer, list, required, structure, text } from '../../wire/shape.ts';
import { checkBatch, runBatch } from '../batches.ts';
import { changeVisibility } from '../receipts.ts';
import { queueOf, queueUrl, type Sqs } from '../sqs.ts';

const entry = structure({
  Id: required(text()),
  ReceiptHandle: required(text()),
  VisibilityTimeout: integer(),
});

export const changeMessageVisibilityBatch = (sqs: Sqs) =>
  operation({ ...queueUrl, Entries: required(list(required(entry))) }, (input) => {
    const queue = queueOf(sqs, input);
    checkBatch(input.Entries, 'ChangeMessageVisibilityBatchRequestEntry');
    return runBatch(input.Entries, ({ ReceiptHandle, VisibilityTimeout = 0 }) => {
      changeVisibility(sqs, queue, ReceiptHandle, VisibilityTimeout);
      return {};
    });
  });
