/** SetQueueAttributes: changes the named settings and keeps the others. */
import { operation } from '../../wire/json-service.ts';
import { mapOf, required, text } from '../../wire/shape.ts';
import { withChanges } from '../settings.ts';
import { queueOf, queueOfArn, queueUrl, type Sqs } from '../sqs.ts';

export const setQueueAttributes = (sqs: Sqs) =>
  operation({ ...queueUrl, Attributes: required(mapOf(required(text()))) }, (input) => {
    const queue = queueOf(sqs, input);
    const isQueue = (arn: string) => queueOfArn(sqs, arn) !== undefined;
    sqs.queues.change(queue, withChanges(queue.settings, input.Attributes, isQueue), sqs.clock.nowMs());
  });
