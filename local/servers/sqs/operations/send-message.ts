/** SendMessage: one message. */
import { operation } from '../../wire/json-service.ts';
import { describeSent, sendShape, toMessage } from '../sending.ts';
import { queueOf, queueUrl, type Sqs } from '../sqs.ts';

export const sendMessage = (sqs: Sqs) =>
  operation({ ...queueUrl, ...sendShape }, (input) => {
    const queue = queueOf(sqs, input);
    const nowMs = sqs.clock.nowMs();
    const message = toMessage(queue, input, nowMs);
    sqs.messages.send(queue.id, [message], nowMs);
    sqs.waiters.notify(queue.id);
    return describeSent(message);
  });
