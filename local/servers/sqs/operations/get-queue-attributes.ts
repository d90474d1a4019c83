/** GetQueueAttributes: a queue's settings, and how many messages it holds (here exactly so many). */
import { operation } from '../../wire/json-service.ts';
import { list, required, text } from '../../wire/shape.ts';
import type { Queue } from '../queues.ts';
import { expire } from '../receiving.ts';
import { invalidAttributeName } from '../refusals.ts';
import { SETTING_NAMES } from '../settings.ts';
import { queueArn, queueOf, queueUrl, type Sqs } from '../sqs.ts';

export const getQueueAttributes = (sqs: Sqs) =>
  operation({ ...queueUrl, AttributeNames: list(required(text())) }, (input) => {
    const queue = queueOf(sqs, input);
    const known = attributesOf(sqs, queue);
    const asked = input.AttributeNames ?? [];
    for (const name of asked) {
      if (name !== 'All' && !(name in known) && !SETTING_NAMES.includes(name))
        throw invalidAttributeName(name);
    }
    const told = Object.entries(known).filter(([name]) => asked.includes('All') || asked.includes(name));
    return told.length > 0 ? { Attributes: Object.fromEntries(told) } : {};
  });

function attributesOf(sqs: Sqs, queue: Queue): Record<string, string> {
  const { clock, messages } = sqs;
  const nowMs = clock.nowMs();
  expire(messages, queue, nowMs);
  const { visible, inFlight, delayed } = messages.counts(queue.id, nowMs);
  return {
    ...queue.settings,
    QueueArn: queueArn(sqs, queue),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAtMs / 1000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}
