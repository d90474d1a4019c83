/** PurgeQueue: everything in the queue is gone, in flight or not. Once a minute, as on AWS. */
import { operation } from '../../wire/json-service.ts';
import { PURGE_EVERY_MS } from '../limits.ts';
import { purgeInProgress } from '../refusals.ts';
import { queueOf, queueUrl, type Sqs } from '../sqs.ts';

export const purgeQueue = (sqs: Sqs) => {
  const purgedAtMs = new Map<number, number>();
  return operation(queueUrl, (input) => {
    const queue = queueOf(sqs, input);
    const nowMs = sqs.clock.nowMs();
    if (nowMs - (purgedAtMs.get(queue.id) ?? Number.NEGATIVE_INFINITY) < PURGE_EVERY_MS)
      throw purgeInProgress(queue.name);
    purgedAtMs.set(queue.id, nowMs);
    sqs.messages.purge(queue.id);
  });
};
