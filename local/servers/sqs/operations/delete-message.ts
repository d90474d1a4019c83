/** DeleteMessage: one message, by the handle of its latest delivery. */
import { operation } from '../../wire/json-service.ts';
import { required, text } from '../../wire/shape.ts';
import { deleteByHandle } from '../receipt-handles.ts';
import { queueOf, queueUrl, type Sqs } from '../sqs.ts';

export const deleteMessage = (sqs: Sqs) =>
  operation({ ...queueUrl, ReceiptHandle: required(text()) }, (input) => {
    deleteByHandle(sqs, queueOf(sqs, input), input.ReceiptHandle);
  });
