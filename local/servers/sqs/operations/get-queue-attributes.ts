/** GetQueueAttributes: a queue's settings and the numbers of its messages, which are exact here. */
import { operation } from '../../wire/json-service.ts';
import { list, required, text } from '../../wire/shape.ts';
import { invalidAttributeName } from '../errors.ts';
import type { Queue } from '../queues.ts';
import { expire } from '../receiving.ts';
import { SETTING_NAMES } from '../settings.ts';
import { queueArn, queueOf, queueUrl, type Sqs } from '../sqs.ts';

export const getQueueAttributes = (sqs: Sqs) =>
  operation({ ...queueUrl, AttributeNames: list(required(text())) }, (input) => {
    const queue = queueOf(sqs, input);
    const attributes = attributesOf(sqs, queue);
    const names = input.AttributeNames ?? [];
    for (const name of names) {
      if (name !== 'All' && !(name in attributes) && !SETTING_NAMES.includes(name))
        throw invalidAttributeName(name);
    }
    const selected = Object.entries(attributes).filter(
      ([name]) => names.includes('All') || names.includes(name),
    );
    return selected.length > 0 ? { Attributes: Object.fromEntries(selected) } : {};
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
