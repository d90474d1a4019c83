/** ChangeMessageVisibility: a receiver needs longer, or gives a message back at once with 0. */
import { operation } from '../../wire/json-service.ts';
import { integer, required, text } from '../../wire/shape.ts';
import { changeVisibility } from '../receipts.ts';
import { queueOf, queueUrl, type Sqs } from '../sqs.ts';

export const changeMessageVisibility = (sqs: Sqs) =>
  operation(
    { ...queueUrl, ReceiptHandle: required(text()), VisibilityTimeout: required(integer()) },
    (input) => {
      changeVisibility(sqs, queueOf(sqs, input), input.ReceiptHandle, input.VisibilityTimeout);
    },
  );
